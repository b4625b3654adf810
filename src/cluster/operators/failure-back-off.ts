/** `base` × 2^(failures − 1), at most `max` µs: `ItemExponentialFailureRateLimiter` (`client-go/util/workqueue`). */
export function exponentialFailureUs(failures: number, base: number, max: number): number {
  // Beyond this power of two any limit is reached.
  return Math.min(max, base * 2 ** Math.min(failures - 1, 40));
}
