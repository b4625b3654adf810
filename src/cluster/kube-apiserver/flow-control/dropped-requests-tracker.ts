import { SECOND_US } from '../../../sim/units.js';

/** Longest Retry-After, seconds (dropped_requests_tracker.go). */
export const MAX_RETRY_AFTER = 32;
/** Seconds remembered: a power of two above MAX_RETRY_AFTER. */
const HISTORY = 64;
const NEVER = -(2 ** 31);

/**
 * The Retry-After of one priority level, from what it rejected in the last seconds
 * (apiserver/pkg/util/flowcontrol/dropped_requests_tracker.go; server ≥1.28). It is looked at with the first
 * rejection of a second: at least 3 × Retry-After rejections in the last Retry-After full seconds double it, not
 * more often than each Retry-After seconds; fewer than Retry-After take one second off.
 * Seconds are those of the simulated clock.
 */
export class DroppedRequestsTracker {
  /** Seconds that a rejected client is told to wait. */
  retryAfter = 1;
  private readonly second = new Int32Array(HISTORY).fill(NEVER);
  private readonly requests = new Int32Array(HISTORY);
  private raisedAt = -Infinity;

  /** A request was rejected at `now` µs. */
  recordDroppedRequest(now: number): void {
    const second = Math.floor(now / SECOND_US);
    const slot = second & (HISTORY - 1);
    if (this.second[slot] === second) {
      this.requests[slot]++;
      return;
    }
    this.second[slot] = second;
    this.requests[slot] = 1;
    this.updateRetryAfter(second);
  }

  /** The server starts anew: what it knew is gone. */
  reset(): void {
    this.retryAfter = 1;
    this.second.fill(NEVER);
    this.raisedAt = -Infinity;
  }

  private updateRetryAfter(second: number): void {
    const { retryAfter } = this;
    let dropped = 0;
    for (let past = second - retryAfter; past < second; past++) {
      const slot = past & (HISTORY - 1);
      if (this.second[slot] === past) dropped += this.requests[slot];
    }
    if (second - this.raisedAt >= retryAfter && dropped >= 3 * retryAfter) {
      this.retryAfter = Math.min(retryAfter * 2, MAX_RETRY_AFTER);
      this.raisedAt = second;
    } else if (dropped < retryAfter && retryAfter > 1) {
      this.retryAfter = retryAfter - 1;
    }
  }
}
