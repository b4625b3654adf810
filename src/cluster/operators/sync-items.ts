/** Where an item stands. */
export const IDLE = 0;
export const QUEUED = 1;
/** With a worker: requests before the store is called, the call, requests before the write, the write, requests after it. */
export const BEFORE = 2;
export const CALLING = 3;
export const BETWEEN = 4;
export const WRITING = 5;
export const AFTER = 6;

/** The items of a work queue, one for each object. */
export class SyncItems {
  readonly state: Uint8Array;
  /** Changes at the store that the object has; those that it gets with what is under way. */
  readonly synced: Uint32Array;
  readonly coming: Uint32Array;
  /** When each is due next, and when its sync began, µs. */
  readonly dueAt: Float64Array;
  readonly beganAt: Float64Array;
  /** 1 where it came due while it was in hand. */
  readonly again: Uint8Array;
  /** Failures in a row, and calls of the present sync that failed. */
  readonly failures: Uint16Array;
  readonly retries: Uint8Array;
  /** Requests that remain of the phase. */
  readonly remaining: Uint8Array;
  /** Voids the events of an earlier step. */
  readonly epoch: Uint16Array;
  readonly draws: Uint32Array;
  /** The store's last answer. */
  readonly answer: Uint8Array;

  constructor(count: number) {
    this.state = new Uint8Array(count);
    this.synced = new Uint32Array(count);
    this.coming = new Uint32Array(count);
    this.dueAt = new Float64Array(count).fill(Infinity);
    this.beganAt = new Float64Array(count);
    this.again = new Uint8Array(count);
    this.failures = new Uint16Array(count);
    this.retries = new Uint8Array(count);
    this.remaining = new Uint8Array(count);
    this.epoch = new Uint16Array(count);
    this.draws = new Uint32Array(count);
    this.answer = new Uint8Array(count);
  }
}
