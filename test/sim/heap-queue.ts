import { EventHeap } from '../../src/sim/event-heap.js';
import type { EventQueue } from '../../src/sim/event-queue.js';

/** What the queues compared in tests and in the benchmark have in common. */
export type PendingEvents = Pick<EventQueue, 'time' | 'key' | 'argument' | 'push' | 'pop' | 'clear'>;

/** An event queue that is only a heap: what the queue is compared with, in tests and in the benchmark. */
export class HeapQueue implements PendingEvents {
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
