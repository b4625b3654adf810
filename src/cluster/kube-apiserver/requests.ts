import { RowPool } from '../../sim/row-pool.js';
import type { Simulator } from '../../sim/simulator.js';
import { TimedRows } from '../../sim/timed-rows.js';
import type { Codes } from '../model/codes.js';
import { EVENT } from '../model/events.js';

/** What a row of the pool is, beside a request with a VERB. */
export const ROW = {
  /** An event on its way to a watcher. */
  EVENT_IN_FLIGHT: 4,
  /** POST of a TokenRequest; not a request for Secrets or ConfigMaps, but it shares their way. */
  TOKEN_REQUEST: 5,
  /** POST of a PodCertificateRequest; its subject is a cache entry. */
  CERTIFICATE_REQUEST: 6,
} as const;

/** True for what a kubelet creates, in contrast to what it reads. */
export function isPost(verb: number): boolean {
  return verb >= ROW.TOKEN_REQUEST;
}

/** Where a request stands. */
export const REQUEST = {
  FREE: 0,
  /** With the client: held back by its limiter, a back-off, or for want of a stream. */
  AT_CLIENT: 1,
  /** On its way to a server, or at a server that does not serve yet. */
  SENT: 2,
  /** In a queue of flow control. */
  IN_QUEUE: 3,
  /** Being answered; also waiting for the watch cache to fill. */
  EXECUTING: 4,
  /** The answer is on its way. */
  ANSWERED: 5,
  /** The client has the answer; the server still keeps seats for its events. */
  LINGERING: 6,
  /** With the client, which waits for as long as Retry-After said. */
  RETRY_AFTER: 7,
  /** At its server, which has no core free for it yet. */
  RUNNABLE: 8,
} as const;

/** How a request ends, as its client sees it. */
export const STATUSES = [
  'OK',
  'REFUSED',
  'LOST',
  'TOO_MANY_REQUESTS',
  'GONE',
  'TIMED_OUT',
  'FORBIDDEN',
  'UNCONNECTED',
  'TOO_LARGE',
] as const;
/** Their codes. */
export const STATUS = {
  OK: 0,
  /** No server accepts connections. */
  REFUSED: 1,
  /** The connection broke: reset, or EOF. */
  LOST: 2,
  /** 429. */
  TOO_MANY_REQUESTS: 3,
  /** 410: the resourceVersion is older than the watch cache's history. */
  GONE: 4,
  /** 504. */
  TIMED_OUT: 5,
  /** 403: the node authorizer does not know yet that the node needs the object. */
  FORBIDDEN: 6,
  /** The connection was not set up in time. */
  UNCONNECTED: 7,
  /** 504 with Retry-After: the resourceVersion is newer than the watch cache. */
  TOO_LARGE: 8,
} as const satisfies Codes<typeof STATUSES>;

/** What a request occupies in flow control. */
export const SEATS = {
  NONE: 0,
  TAKEN: 1,
  /** Still taken after its answer. */
  KEPT: 2,
} as const;

/** What has become of a WATCH that executes. */
export const STAGE = {
  STARTED: 0,
  /** Its headers are written. */
  HEADERS_SENT: 1,
  /** The goroutine that sends its events has begun. */
  SENDS: 2,
  /** The initial state is written, or the error of one whose version is gone. */
  DATA_SENT: 4,
} as const;

/** The requests that are under way, and events on their way to watchers. */
export class Requests extends RowPool {
  readonly verb = this.column(Uint8Array);
  readonly state = this.column(Uint8Array);
  readonly status = this.column(Uint8Array);
  readonly server = this.column(Int16Array);
  readonly node = this.column(Int32Array);
  /** Cache entry of a kubelet's request, pod of a TokenRequest; the write of a writer's. */
  readonly subject = this.column(Int32Array);
  /** Revision of an event, or of the answer to a read. */
  readonly revision = this.column(Int32Array);
  /** Times that its client has sent it again. */
  readonly attempts = this.column(Uint8Array);
  /** What it occupies in flow control: one of SEATS. */
  readonly seats = this.column(Uint8Array);
  /** 1: etcd has to answer. */
  readonly quorum = this.column(Uint8Array);
  /** How far a WATCH has come that executes: STAGEs together. */
  readonly stage = this.column(Uint8Array);
  /** 1: no core was idle when it came. */
  readonly foundBusy = this.column(Uint8Array);
  /** 1: a WATCH that streams the initial state (WatchList). */
  readonly initial = this.column(Uint8Array);
  /** The read operation that waits for it, −1: none. */
  readonly read = this.column(Int32Array);
  /** One way through the network, and the time at the server where nothing queues, µs. */
  readonly oneWay = this.column(Float64Array);
  readonly service = this.column(Float64Array);
  readonly arrivedAt = this.column(Float64Array);
  /** Of one in a queue of flow control: until when it may wait there, µs. */
  readonly queuedUntil = this.column(Float64Array);
  /** How long the client waits before it sends a rejected request again, µs. */
  readonly retryAfterUs = this.column(Float64Array);

  /** Those that no server takes, until their clients know. */
  private readonly refused = new TimedRows();

  constructor(private readonly sim: Simulator) {
    super();
  }

  /** A new row; all that belongs to its past is reset. What latencies say of it is the caller's. */
  open(verb: number, node: number, subject: number): number {
    this.closeRefused();
    const id = this.take();
    this.verb[id] = verb;
    this.state[id] = REQUEST.AT_CLIENT;
    this.status[id] = STATUS.OK;
    this.server[id] = -1;
    this.node[id] = node;
    this.subject[id] = subject;
    this.revision[id] = -1;
    this.attempts[id] = 0;
    this.seats[id] = SEATS.NONE;
    this.quorum[id] = 0;
    this.initial[id] = 0;
    this.stage[id] = STAGE.STARTED;
    this.foundBusy[id] = 0;
    this.read[id] = -1;
    return id;
  }

  /** The request is over; its row may be used again, and events about it are void. */
  override close(id: number): void {
    this.closeRefused();
    this.end(id);
  }

  /**
   * A request that no server takes, as its client will know at `at`: its row is in use until then, and no event tells of
   * its end. Of such requests none is refused sooner than one before.
   */
  refuse(at: number): void {
    this.closeRefused();
    const id = this.take();
    this.state[id] = REQUEST.ANSWERED;
    this.server[id] = -1;
    this.refused.add(at, id);
  }

  /** Closes the rows that would have been closed by events: who comes next takes the same row either way. */
  private closeRefused(): void {
    const { refused, sim } = this;
    while (refused.count > 0 && sim.hasPassed(refused.time, EVENT.RESPONSE, refused.row)) {
      this.end(refused.row);
      refused.shift();
    }
  }

  private end(id: number): void {
    super.close(id);
    this.state[id] = REQUEST.FREE;
  }
}
