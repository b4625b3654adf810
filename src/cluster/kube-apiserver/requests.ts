/** What a row of the pool is: the verbs of `verbs.ts`, or an event on its way to a watcher. */
export const EVENT_IN_FLIGHT = 4;
/** POST of a TokenRequest; not a request for Secrets or ConfigMaps, but it shares their way. */
export const TOKEN_REQUEST = 5;

/** Where a request stands. */
export const FREE = 0;
/** With the client: held back by its limiter, a back-off, or for want of a stream. */
export const AT_CLIENT = 1;
/** On its way to a server, or at a server that does not serve yet. */
export const SENT = 2;
/** In a queue of flow control. */
export const IN_QUEUE = 3;
/** Being answered; also waiting for the watch cache to fill. */
export const EXECUTING = 4;
/** The answer is on its way. */
export const ANSWERED = 5;
/** The client has the answer; the server still keeps seats for its events. */
export const LINGERING = 6;
/** With the client, which waits for as long as Retry-After said. */
export const RETRY_AFTER = 7;
/** At its server, which has no core free for it yet. */
export const RUNNABLE = 8;

/** How a request ended, as its client sees it. */
export const OK = 0;
/** No server accepts connections. */
export const REFUSED = 1;
/** The connection broke: reset, or EOF. */
export const LOST = 2;
/** 429. */
export const TOO_MANY_REQUESTS = 3;
/** 410: the resourceVersion is older than the watch cache's history. */
export const GONE = 4;
/** 504. */
export const TIMED_OUT = 5;
/** 403: the node authorizer does not know yet that the node needs the object. */
export const FORBIDDEN = 6;
/** The connection was not set up in time. */
export const UNCONNECTED = 7;
export const STATUSES = 8;

export const NO_SEATS = 0;
export const SEATED = 1;
export const KEPT = 2;

const INITIAL_CAPACITY = 1024;
const MAX_GENERATION = 0x3fffffff;

/**
 * The requests that are under way, and events on their way to watchers: rows of typed arrays that are
 * used again. A row's generation tells an event of the queue whether it was meant for this request.
 */
export class Requests {
  /** Rows ever used. */
  length = 0;
  /** Rows in use. */
  active = 0;
  verb: Uint8Array;
  state: Uint8Array;
  status: Uint8Array;
  server: Int16Array;
  node: Int32Array;
  /** Cache entry of a kubelet's request, pod of a TokenRequest; the write of a writer's. */
  subject: Int32Array;
  /** Revision of an event, or of the answer to a read. */
  revision: Int32Array;
  generation: Int32Array;
  /** Times that its client has sent it again. */
  attempts: Uint8Array;
  /** What it occupies in flow control: NO_SEATS, SEATED, or KEPT after its answer. */
  seats: Uint8Array;
  /** 1: etcd has to answer. */
  quorum: Uint8Array;
  /** 1: a WATCH that streams the initial state (WatchList). */
  initial: Uint8Array;
  /** The read operation that waits for it, −1: none. */
  read: Int32Array;
  /** One way through the network, and the time at the server where nothing queues, µs. */
  oneWay: Float64Array;
  service: Float64Array;
  arrivedAt: Float64Array;
  /** When the core that it waits for will have done its work, µs. */
  doneAt: Float64Array;
  /** How long the client waits before it sends a rejected request again, µs. */
  retryAfterUs: Float64Array;
  private following: Int32Array;
  private free = -1;

  constructor() {
    const n = INITIAL_CAPACITY;
    this.verb = new Uint8Array(n);
    this.state = new Uint8Array(n);
    this.status = new Uint8Array(n);
    this.server = new Int16Array(n);
    this.node = new Int32Array(n);
    this.subject = new Int32Array(n);
    this.revision = new Int32Array(n);
    this.generation = new Int32Array(n);
    this.attempts = new Uint8Array(n);
    this.seats = new Uint8Array(n);
    this.quorum = new Uint8Array(n);
    this.initial = new Uint8Array(n);
    this.read = new Int32Array(n);
    this.oneWay = new Float64Array(n);
    this.service = new Float64Array(n);
    this.doneAt = new Float64Array(n);
    this.arrivedAt = new Float64Array(n);
    this.retryAfterUs = new Float64Array(n);
    this.following = new Int32Array(n);
  }

  /** A new row; all that belongs to its past is reset. */
  open(verb: number, node: number, subject: number): number {
    let id = this.free;
    if (id >= 0) {
      this.free = this.following[id];
    } else {
      id = this.length++;
      if (id === this.verb.length) this.grow();
    }
    this.active++;
    this.verb[id] = verb;
    this.state[id] = AT_CLIENT;
    this.status[id] = OK;
    this.server[id] = -1;
    this.node[id] = node;
    this.subject[id] = subject;
    this.revision[id] = -1;
    this.attempts[id] = 0;
    this.seats[id] = NO_SEATS;
    this.quorum[id] = 0;
    this.initial[id] = 0;
    this.read[id] = -1;
    return id;
  }

  /** The request is over; its row may be used again, and events about it are void. */
  close(id: number): void {
    this.voidEvents(id);
    this.state[id] = FREE;
    this.following[id] = this.free;
    this.free = id;
    this.active--;
  }

  /** Events that are pending about the request are void. */
  voidEvents(id: number): void {
    this.generation[id] = this.generation[id] === MAX_GENERATION ? 0 : this.generation[id] + 1;
  }

  private grow(): void {
    const bytes = (old: Uint8Array): Uint8Array => enlarge(old, new Uint8Array(old.length * 2));
    const ints = (old: Int32Array): Int32Array => enlarge(old, new Int32Array(old.length * 2));
    const floats = (old: Float64Array): Float64Array => enlarge(old, new Float64Array(old.length * 2));
    this.verb = bytes(this.verb);
    this.state = bytes(this.state);
    this.status = bytes(this.status);
    this.server = enlarge(this.server, new Int16Array(this.server.length * 2));
    this.node = ints(this.node);
    this.subject = ints(this.subject);
    this.revision = ints(this.revision);
    this.generation = ints(this.generation);
    this.attempts = bytes(this.attempts);
    this.seats = bytes(this.seats);
    this.quorum = bytes(this.quorum);
    this.initial = bytes(this.initial);
    this.read = ints(this.read);
    this.oneWay = floats(this.oneWay);
    this.service = floats(this.service);
    this.doneAt = floats(this.doneAt);
    this.arrivedAt = floats(this.arrivedAt);
    this.retryAfterUs = floats(this.retryAfterUs);
    this.following = ints(this.following);
  }
}

function enlarge<T extends { set(source: T): void }>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
