import { MAX_ARGUMENT, MAX_ENTITIES } from '../../src/sim/event-queue.js';
import { RandomStream } from '../../src/sim/random.js';
import type { PendingEvents } from '../sim/queues/pending-events.js';

/** Increments are drawn before the clock starts, so that only the queue is timed. */
const INCREMENTS = 2 ** 16;
const HOLDS = 3e6;
/** Holds before the clock starts: each event once, but at least until the loops are compiled and at most as many as are timed. */
const MIN_WARM_UP = 1e6;

/** Laws of the increments in microseconds, by uniform variates of [0, 1): the inverse of the law, and a choice. */
export const LAWS = {
  'exponential, 60 s': (u: number): number => -Math.log(1 - u) * 60e6,
  'half uniform 60-90 s, half exponential 5 ms': (u: number, choice: number): number =>
    choice < 0.5 ? 60e6 + u * 30e6 : -Math.log(1 - u) * 5e3,
} as const;

/** A law of the increments. */
export type Law = keyof typeof LAWS;

/**
 * The hold model (Vaucher and Duval, 1975): with `pending` events in the queue, take the first out and
 * put it back a random increment later. Returns millions of holds per CPU-second.
 */
export function holdsPerCpuSecond(queue: PendingEvents, law: Law, pending: number): number {
  const stream = RandomStream.fromSeed('hold');
  const increments = Float64Array.from({ length: INCREMENTS }, (_, i) =>
    Math.ceil(LAWS[law](stream.uniform(0, 0, i), stream.uniform(1, 0, i))),
  );
  for (let i = 0; i < pending; i++) queue.push(increments[i % INCREMENTS], i % MAX_ENTITIES, i % MAX_ARGUMENT);
  hold(queue, increments, Math.min(Math.max(pending, MIN_WARM_UP), HOLDS));
  const before = process.cpuUsage();
  hold(queue, increments, HOLDS);
  const used = process.cpuUsage(before);
  return HOLDS / (used.user + used.system);
}

function hold(queue: PendingEvents, increments: Float64Array, holds: number): void {
  for (let i = 0; i < holds; i++) {
    queue.pop();
    queue.push(queue.time + increments[i & (INCREMENTS - 1)], queue.key, queue.argument);
  }
}
