import { EventRecords } from './event-records.js';

const INITIAL_CAPACITY = 64;
/** Children per heap node: four 16-byte records are one cache line. */
const ARITY = 4;

/** A 4-ary implicit heap of events: record 0 is the first of all. Push and shift are O(log₄ n). */
export class EventHeap extends EventRecords {
  /** Events in the heap. */
  count = 0;

  constructor() {
    super(INITIAL_CAPACITY);
  }

  /** Adds an event. */
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

  /** Takes the first event out; there must be one. */
  shift(): void {
    const times = this.times;
    const keys = this.keys;
    const args = this.args;
    const last = --this.count;
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
  }

  /** Order of two records of equal time. */
  private earlier(a: number, b: number): boolean {
    const keyA = this.keys[a * 4 + 2];
    const keyB = this.keys[b * 4 + 2];
    return keyA < keyB || (keyA === keyB && this.args[a * 4 + 3] < this.args[b * 4 + 3]);
  }
}
