import { Rows } from '../../../sim/row-pool.js';

/** Where a request stands in flow control. */
export const FLOW = {
  GONE: 0,
  WAITING: 1,
  EXECUTING: 2,
  /** Answered, while its seats stay taken for its events. */
  LINGERING: 3,
} as const;

/** What flow control knows of each request, by its id. */
export class RequestTable extends Rows {
  readonly state = this.column(Uint8Array);
  readonly level = this.column(Uint8Array);
  readonly mutating = this.column(Uint8Array);
  /** Queue in its level; -1 where the level has none. */
  readonly queue = this.column(Int32Array);
  /** Neighbours in the queue; -1 at its ends. */
  readonly previous = this.column(Int32Array);
  readonly next = this.column(Int32Array);
  readonly initialSeats = this.column(Int32Array);
  readonly finalSeats = this.column(Int32Array);
  /** Seats while it waits and from its start until they are free: the larger of the two. */
  readonly seats = this.column(Int32Array);
  /** How long its final seats stay taken after the answer, µs. */
  readonly extraUs = this.column(Float64Array);
  /** Estimated work, and the level's progress meter at arrival; seat-seconds as QueueSet counts them. */
  readonly work = this.column(Float64Array);
  readonly arrivalR = this.column(Float64Array);
  /** When it began to execute, µs. */
  readonly start = this.column(Float64Array);

  /** Throws a RangeError where a request is not in the state that a call needs: a mistake of the model. */
  expect(id: number, state: number): void {
    if (this.state[id] !== state) throw new RangeError(`request ${id} in state ${this.state[id]}, not ${state}`);
  }
}
