import { EventRecords } from '../../../src/sim/event-records.js';
import type { PendingEvents } from './pending-events.js';

const INITIAL_CAPACITY = 64;

/** The binary implicit heap (Williams, 1964) in records side by side; a hole is sifted, not an event swapped. */
export class BinaryHeap extends EventRecords implements PendingEvents {
  time = 0;
  key = 0;
  argument = 0;
  private count = 0;

  constructor() {
    super(INITIAL_CAPACITY);
  }

  clear(): void {
    this.count = 0;
  }

  push(time: number, key: number, argument: number): void {
    if (this.count === this.capacity) this.grow();
    const { times, keys, args } = this;
    let hole = this.count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
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

  pop(): boolean {
    if (this.count === 0) return false;
    this.time = this.times[0];
    this.key = this.keys[2];
    this.argument = this.args[3];
    this.fillRoot();
    return true;
  }

  /** Sifts the last event down from the root. */
  private fillRoot(): void {
    const { times, keys, args } = this;
    const last = --this.count;
    const time = times[last * 2];
    const key = keys[last * 4 + 2];
    const argument = args[last * 4 + 3];
    let hole = 0;
    for (;;) {
      let child = hole * 2 + 1;
      if (child >= last) break;
      let childTime = times[child * 2];
      const right = child + 1;
      if (right < last) {
        const rightTime = times[right * 2];
        if (rightTime < childTime || (rightTime === childTime && this.earlier(right, child))) {
          child = right;
          childTime = rightTime;
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
