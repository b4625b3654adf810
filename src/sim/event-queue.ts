/** Number of event kinds that fit a key, and of entities that each of them can address. */
export const MAX_KINDS = 32;
export const MAX_ENTITIES = 2 ** 27;
/** Arguments lie in [0, 2^30): a record's second half is moved as a double, which must never look like a NaN. */
export const MAX_ARGUMENT = 2 ** 30;

const INITIAL_CAPACITY = 64;
/** Children per heap node: four 16-byte records are one cache line. */
const ARITY = 4;

/**
 * The pending-event set: a 4-ary implicit heap of 16-byte records in one buffer.
 *
 * An event is (time, kind, entity, argument). The order is total and does not depend on the order of
 * insertion: time first, then kind (a smaller kind goes first), then entity, then argument. Events
 * alike in all four are interchangeable. So two ways of computing the same model, which schedule the
 * same events at different moments, also handle them in the same order.
 *
 * Push and pop are O(log₄ n). Nothing is allocated per event; the buffer doubles when it is full.
 */
export class EventQueue {
  /** Time of the event last popped. */
  time = 0;
  /** Kind and entity of the event last popped, as `kind * 2^27 + entity`. */
  key = 0;
  /** Argument of the event last popped. */
  argument = 0;

  private count = 0;
  private capacity = INITIAL_CAPACITY;
  private times: Float64Array;
  private keys: Uint32Array;
  private args: Int32Array;

  constructor() {
    const buffer = new ArrayBuffer(INITIAL_CAPACITY * 16);
    this.times = new Float64Array(buffer);
    this.keys = new Uint32Array(buffer);
    this.args = new Int32Array(buffer);
  }

  /** Pending events. */
  get size(): number {
    return this.count;
  }

  /** Time of the first pending event; Infinity when there is none. */
  peekTime(): number {
    return this.count === 0 ? Infinity : this.times[0];
  }

  /** Forgets all pending events. */
  clear(): void {
    this.count = 0;
  }

  /** Adds an event. `key` is `kind * 2^27 + entity` as an unsigned 32-bit number. */
  push(time: number, key: number, argument: number): void {
    if (this.count === this.capacity) this.grow();
    const times = this.times;
    const keys = this.keys;
    const args = this.args;
    let hole = this.count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent * 2];
      if (parentTime < time) break;
      if (parentTime === time) {
        const parentKey = keys[parent * 4 + 2];
        if (parentKey < key || (parentKey === key && args[parent * 4 + 3] <= argument)) break;
      }
      times[hole * 2] = parentTime;
      times[hole * 2 + 1] = times[parent * 2 + 1];
      hole = parent;
    }
    times[hole * 2] = time;
    keys[hole * 4 + 2] = key;
    args[hole * 4 + 3] = argument;
  }

  /** Takes the first event out into `time`, `key` and `argument`. False when there is none. */
  pop(): boolean {
    if (this.count === 0) return false;
    const times = this.times;
    const keys = this.keys;
    const args = this.args;
    this.time = times[0];
    this.key = keys[2];
    this.argument = args[3];
    const last = --this.count;
    if (last === 0) return true;
    const time = times[last * 2];
    const key = keys[last * 4 + 2];
    const argument = args[last * 4 + 3];
    let hole = 0;
    for (;;) {
      const first = hole * ARITY + 1;
      if (first >= last) break;
      let child = first;
      let childTime = times[first * 2];
      const end = first + ARITY < last ? first + ARITY : last;
      for (let i = first + 1; i < end; i++) {
        const t = times[i * 2];
        if (t < childTime || (t === childTime && this.earlier(i, child))) {
          child = i;
          childTime = t;
        }
      }
      if (time < childTime) break;
      if (time === childTime) {
        const childKey = keys[child * 4 + 2];
        if (key < childKey || (key === childKey && argument <= args[child * 4 + 3])) break;
      }
      times[hole * 2] = childTime;
      times[hole * 2 + 1] = times[child * 2 + 1];
      hole = child;
    }
    times[hole * 2] = time;
    keys[hole * 4 + 2] = key;
    args[hole * 4 + 3] = argument;
    return true;
  }

  /** Order of two records of equal time. */
  private earlier(a: number, b: number): boolean {
    const keyA = this.keys[a * 4 + 2];
    const keyB = this.keys[b * 4 + 2];
    return keyA < keyB || (keyA === keyB && this.args[a * 4 + 3] < this.args[b * 4 + 3]);
  }

  private grow(): void {
    this.capacity *= 2;
    const times = new Float64Array(this.capacity * 2);
    times.set(this.times);
    this.times = times;
    this.keys = new Uint32Array(times.buffer);
    this.args = new Int32Array(times.buffer);
  }
}
