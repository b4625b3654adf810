const CAPACITY = 1024;
const MAX_GENERATION = 0x3fffffff;

/** The rows of requests as they were written out by hand, column by column: what a pool with declared columns replaced. */
export class HandWrittenRequests {
  length = 0;
  active = 0;
  verb: Uint8Array;
  state: Uint8Array;
  status: Uint8Array;
  server: Int16Array;
  node: Int32Array;
  subject: Int32Array;
  revision: Int32Array;
  generation: Int32Array;
  attempts: Uint8Array;
  seats: Uint8Array;
  quorum: Uint8Array;
  initial: Uint8Array;
  read: Int32Array;
  oneWay: Float64Array;
  service: Float64Array;
  arrivedAt: Float64Array;
  doneAt: Float64Array;
  retryAfterUs: Float64Array;
  private following: Int32Array;
  private free = -1;

  constructor() {
    const n = CAPACITY;
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
    this.state[id] = 1;
    this.status[id] = 0;
    this.server[id] = -1;
    this.node[id] = node;
    this.subject[id] = subject;
    this.revision[id] = -1;
    this.attempts[id] = 0;
    this.seats[id] = 0;
    this.quorum[id] = 0;
    this.initial[id] = 0;
    this.read[id] = -1;
    return id;
  }

  close(id: number): void {
    this.voidEvents(id);
    this.state[id] = 0;
    this.following[id] = this.free;
    this.free = id;
    this.active--;
  }

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
