import { CHUNK } from './event-chunks.js';
import { EventRecords } from './event-records.js';

/** From so many events on it pays to look in which half an event belongs. */
const HALVED = 16;

/** Events that a ring holds: all of a chunk. A power of two. */
export const RING_EVENTS = CHUNK;
const OFFSET = RING_EVENTS - 1;

/**
 * A few events, sorted, in a ring. Taking the first one out moves the head; putting one in shifts the
 * events before it or those after it, whichever are fewer. That beats a heap while there are only some
 * dozens.
 */
export class EventRing extends EventRecords {
  /** The record of the first event. */
  head = 0;
  /** Events in the ring. */
  count = 0;

  constructor() {
    super(RING_EVENTS);
  }

  /** Takes the first event out; there must be one. */
  shift(): void {
    this.head = (this.head + 1) & OFFSET;
    this.count--;
  }

  /** Adds an event; there must be room. */
  push(time: number, key: number, argument: number): void {
    const middle = (this.head + (this.count >> 1)) & OFFSET;
    if (this.count >= HALVED && time < this.times[middle * 2]) this.insertFromHead(time, key, argument);
    else this.insertFromTail(time, key, argument);
  }

  /** Adds an event as `push` does, shifting those after it. */
  insertFromTail(time: number, key: number, argument: number): void {
    const { times, keys, args, head } = this;
    let hole = (head + this.count++) & OFFSET;
    while (hole !== head) {
      const before = (hole - 1) & OFFSET;
      const other = times[before * 2];
      if (other < time) break;
      if (other === time) {
        const otherKey = keys[before * 4 + 2];
        if (otherKey < key || (otherKey === key && args[before * 4 + 3] <= argument)) break;
      }
      times[hole * 2] = other;
      times[hole * 2 + 1] = times[before * 2 + 1];
      hole = before;
    }
    times[hole * 2] = time;
    keys[hole * 4 + 2] = key;
    args[hole * 4 + 3] = argument;
  }

  /** Adds an event that is not the last one, shifting those before it. */
  private insertFromHead(time: number, key: number, argument: number): void {
    const { times, keys, args } = this;
    let hole = (this.head - 1) & OFFSET;
    this.head = hole;
    this.count++;
    for (;;) {
      const after = (hole + 1) & OFFSET;
      const other = times[after * 2];
      if (other > time) break;
      if (other === time) {
        const otherKey = keys[after * 4 + 2];
        if (otherKey > key || (otherKey === key && args[after * 4 + 3] >= argument)) break;
      }
      times[hole * 2] = other;
      times[hole * 2 + 1] = times[after * 2 + 1];
      hole = after;
    }
    times[hole * 2] = time;
    keys[hole * 4 + 2] = key;
    args[hole * 4 + 3] = argument;
  }
}
