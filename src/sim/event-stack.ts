import { EventRecords } from './event-records.js';

/**
 * A few events, sorted: the last record is the first event. Taking it out is one decrement; putting
 * one in shifts those before it, which beats a heap while there are only some dozens. The capacity is fixed.
 */
export class EventStack extends EventRecords {
  /** Events in the stack. */
  count = 0;

  /** Adds an event; there must be room. */
  push(time: number, key: number, argument: number): void {
    const { times, keys, args } = this;
    let hole = this.count++;
    while (hole > 0) {
      const other = times[hole * 2 - 2];
      if (other > time) break;
      if (other === time) {
        const otherKey = keys[hole * 4 - 2];
        if (otherKey > key || (otherKey === key && args[hole * 4 - 1] >= argument)) break;
      }
      times[hole * 2] = other;
      times[hole * 2 + 1] = times[hole * 2 - 1];
      hole--;
    }
    times[hole * 2] = time;
    keys[hole * 4 + 2] = key;
    args[hole * 4 + 3] = argument;
  }
}
