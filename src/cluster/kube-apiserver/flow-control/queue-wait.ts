import { MINUTE_US, SECOND_US } from '../../../sim/units.js';

/** Longest wait in a queue, µs (`getRequestWaitContext`, server/filters/priority-and-fairness.go). */
const MAX_QUEUE_WAIT_US = MINUTE_US;

/** Wait limit of a request whose deadline is the default request timeout of 60 s, µs. */
export const QUEUE_WAIT_LIMIT_US = 15 * SECOND_US;

/**
 * How long a request may wait in a queue: a quarter of what remains until its deadline, at most a minute, µs.
 * Then it is answered 429. (Up to 1.26 a quarter of the request timeout, 15 s by default.)
 */
export function queueWaitLimitUs(remainingUs: number): number {
  return Math.min(Math.floor(remainingUs / 4), MAX_QUEUE_WAIT_US);
}
