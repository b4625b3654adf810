/** What an item of a work queue costs besides the write of its object: requests for the operator's own objects. */
export interface OwnRequests {
  /** Before the store is called; between its answer and the write of what has changed; and after that. */
  readonly before: number;
  readonly between: number;
  readonly after: number;
}

/** How an operator syncs its objects: what differs between those that have a controller-runtime work queue. */
export interface SyncLaw {
  /** Workers of its queue. */
  readonly concurrent: number;
  /** Requests per second, and at once, of its client; null: no limit. */
  readonly limits: { readonly qps: number; readonly burst: number } | null;
  readonly requests: OwnRequests;
  /** False where what it writes is in the cluster already. */
  readonly callsStore: boolean;
  /** From a change at the source until it is told of it, µs; Infinity: it is not told. */
  readonly toldAfterUs: number;
  /** When an item is due for the first time, of an operator that has been running for long; Infinity: when it is told. */
  firstDue(item: number): number;
  /** When an item is due again whose sync began at one time and ended at another; Infinity: when it is told. */
  nextDue(item: number, began: number, ended: number): number;
  /** When an item is tried again that has failed `failures` times in a row. */
  retryAt(item: number, failures: number, now: number): number;
  /** When an item is due after a restart, which would have been due at a time. */
  dueAfterRestart(due: number, now: number): number;
}
