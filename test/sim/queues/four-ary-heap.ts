import { EventHeap } from '../../../src/sim/event-heap.js';
import type { PendingEvents } from './pending-events.js';

/**
 * The 4-ary implicit heap (Johnson, 1975; LaMarca and Ladner, 1996, on its cache misses) by which the event
 * queue orders its crowds, as a queue of its own.
 */
export class FourAryHeap implements PendingEvents {
  time = 0;
  key = 0;
  argument = 0;
  private readonly heap = new EventHeap();

  clear(): void {
    this.heap.count = 0;
  }

  push(time: number, key: number, argument: number): void {
    this.heap.push(time, key, argument);
  }

  pop(): boolean {
    const heap = this.heap;
    if (heap.count === 0) return false;
    this.time = heap.times[0];
    this.key = heap.keys[2];
    this.argument = heap.args[3];
    heap.shift();
    return true;
  }
}
