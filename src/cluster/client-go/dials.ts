import { RowPool } from '../../sim/row-pool.js';
import { SYN_RETRANSMISSION_US } from '../kube-apiserver/callers.js';

/** What the next event of a connection that is being set up means. */
export const STEP = {
  /** The connection attempt reaches its server: TCP, with the ClientHello behind it. */
  SYN: 0,
  /** The ServerHello reaches the client. */
  SERVER_HELLO: 1,
  /** The end of the client's handshake reaches the server. */
  CLIENT_FINISHED: 4,
  /** It has taken too long. */
  TIMEOUT: 2,
  /** Its client has given up; the server does not know yet. */
  ABANDONED: 3,
} as const;

/** Where the ClientHello of a connection is. */
export const HELLO = {
  SENT: 0,
  /** Its client has not come to it. */
  UNSENT: 1,
  /** Its server waits for it, with cores that were idle as the connection came, or none. */
  AWAITED: 2,
  AWAITED_BUSY: 3,
} as const;

/** Connections that are being set up. */
export class Dials extends RowPool {
  readonly node = this.column(Int32Array);
  readonly server = this.column(Int16Array);
  /** The request that it is for, and its generation then. */
  readonly request = this.column(Int32Array);
  readonly requestGeneration = this.column(Int32Array);
  readonly step = this.column(Uint8Array);
  /** Connections that its node had had before it. */
  readonly after = this.column(Int32Array);
  /** When its first SYN was sent, and how long until the next one, µs. */
  readonly since = this.column(Float64Array);
  readonly retransmissionUs = this.column(Float64Array);
  /** When its client gives its set-up up, µs. */
  readonly limit = this.column(Float64Array);
  /** 1 while it waits for its server to serve. */
  readonly held = this.column(Uint8Array);
  /** 1: its connection is the one that its node uses. */
  readonly used = this.column(Uint8Array);
  /** Whether its ClientHello is there: one of HELLO. */
  readonly hello = this.column(Uint8Array);
  /** Dials so far, this one included: its row has others after it. */
  readonly number = this.column(Float64Array);
  private opened = 0;

  open(node: number, server: number, request: number, requestGeneration: number): number {
    const dial = this.take();
    this.node[dial] = node;
    this.server[dial] = server;
    this.request[dial] = request;
    this.requestGeneration[dial] = requestGeneration;
    this.held[dial] = 0;
    this.used[dial] = 0;
    this.hello[dial] = HELLO.SENT;
    this.number[dial] = ++this.opened;
    this.step[dial] = STEP.SYN;
    this.retransmissionUs[dial] = SYN_RETRANSMISSION_US;
    return dial;
  }

  override close(dial: number): void {
    this.server[dial] = -1;
    super.close(dial);
  }

  /** When a SYN that had no answer is sent again, µs; the one after it waits twice as long. */
  nextSyn(dial: number): number {
    const next = this.since[dial] + this.retransmissionUs[dial];
    this.retransmissionUs[dial] = 2 * this.retransmissionUs[dial] + SYN_RETRANSMISSION_US;
    return next;
  }
}
