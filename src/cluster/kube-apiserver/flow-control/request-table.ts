/** Where a request stands. */
export const GONE = 0;
export const WAITING = 1;
export const EXECUTING = 2;
/** Answered, while its seats stay taken for its events. */
export const LINGERING = 3;

/** What flow control knows of each request, by its id; grows with the largest id. */
export class RequestTable {
  state = new Uint8Array(64);
  level = new Uint8Array(64);
  mutating = new Uint8Array(64);
  /** Queue in its level; -1 where the level has none. */
  queue = new Int32Array(64);
  /** Neighbours in the queue; -1 at its ends. */
  previous = new Int32Array(64);
  next = new Int32Array(64);
  initialSeats = new Int32Array(64);
  finalSeats = new Int32Array(64);
  /** Seats while it waits and from its start until they are free: the larger of the two. */
  seats = new Int32Array(64);
  /** How long its final seats stay taken after the answer, µs. */
  extraUs = new Float64Array(64);
  /** Estimated work, and the level's progress meter at arrival; seat-seconds as QueueSet counts them. */
  work = new Float64Array(64);
  arrivalR = new Float64Array(64);
  /** When it began to execute, µs. */
  start = new Float64Array(64);

  /** Makes room for an id. */
  reserve(id: number): void {
    if (id < this.state.length) return;
    const length = Math.max(id + 1, this.state.length * 2);
    this.state = bytes(this.state, length);
    this.level = bytes(this.level, length);
    this.mutating = bytes(this.mutating, length);
    this.queue = ints(this.queue, length);
    this.previous = ints(this.previous, length);
    this.next = ints(this.next, length);
    this.initialSeats = ints(this.initialSeats, length);
    this.finalSeats = ints(this.finalSeats, length);
    this.seats = ints(this.seats, length);
    this.extraUs = doubles(this.extraUs, length);
    this.work = doubles(this.work, length);
    this.arrivalR = doubles(this.arrivalR, length);
    this.start = doubles(this.start, length);
  }

  /** Throws a RangeError where a request is not in the state that a call needs: a mistake of the model. */
  expect(id: number, state: number): void {
    if (this.state[id] !== state) throw new RangeError(`request ${id} in state ${this.state[id]}, not ${state}`);
  }
}

function bytes(from: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(length);
  data.set(from);
  return data;
}

function ints(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const data = new Int32Array(length);
  data.set(from);
  return data;
}

function doubles(from: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const data = new Float64Array(length);
  data.set(from);
  return data;
}
