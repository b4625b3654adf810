import { EventQueue } from '../../src/sim/event-queue.js';
import { RandomStream } from '../../src/sim/random.js';

/** Mean of the exponential increments, microseconds. */
const MEAN_US = 60e6;
/** Increments are drawn before the clock starts, so that only the queue is timed. */
const INCREMENTS = 2 ** 16;

/**
 * The hold model (Vaucher and Duval, 1975): with `pending` events in the queue, take the first out and
 * put it back an exponential increment later. Returns millions of holds per CPU-second.
 */
export function holdsPerCpuSecond(pending: number, holds: number): number {
  const stream = RandomStream.fromSeed('hold');
  const increments = Float64Array.from({ length: INCREMENTS }, (_, i) =>
    Math.ceil(-Math.log(1 - stream.uniform(0, 0, i)) * MEAN_US),
  );
  const queue = new EventQueue();
  for (let i = 0; i < pending; i++) queue.push(increments[i % INCREMENTS], i % 2 ** 27, i % 2 ** 30);
  hold(queue, increments, Math.min(pending, holds));
  const before = process.cpuUsage();
  hold(queue, increments, holds);
  const used = process.cpuUsage(before);
  return holds / (used.user + used.system);
}

function hold(queue: EventQueue, increments: Float64Array, holds: number): void {
  for (let i = 0; i < holds; i++) {
    queue.pop();
    queue.push(queue.time + increments[i & (INCREMENTS - 1)], queue.key, queue.argument);
  }
}
