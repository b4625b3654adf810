import { SECOND_US } from '../../sim/units.js';

/**
 * The token buckets of the kubelets' API clients (`client-go/util/flowcontrol` on golang.org/x/time/rate,
 * `kubeAPIQPS` and `kubeAPIBurst`): LIST and GET take a token, WATCH does not. A request that finds no
 * token reserves the next one and waits, first come first served. Kept as the theoretical arrival time
 * of the generic cell rate algorithm, which is equivalent and needs one number per kubelet.
 */
export class RateLimiter {
  /** The longest that a request waited, µs. */
  longestWait = 0;
  private readonly arrival: Float64Array;
  private readonly tokenUs: number;
  private readonly tolerance: number;

  /** `qps` tokens per second, at most `burst` saved up. */
  constructor(kubelets: number, qps: number, burst: number) {
    this.arrival = new Float64Array(kubelets).fill(-Infinity);
    this.tokenUs = SECOND_US / qps;
    this.tolerance = (burst - 1) * this.tokenUs;
  }

  /** How long a request of `node` at `at` would wait at the most, µs. */
  waitOf(node: number, at: number): number {
    return Math.max(0, this.arrival[node] - this.tolerance - at) + 1;
  }

  /** Takes a token for a request of `node` at `at` µs; returns when it may leave, in whole µs. */
  take(node: number, at: number): number {
    const expected = this.arrival[node];
    const leave = expected - this.tolerance;
    this.arrival[node] = (expected > at ? expected : at) + this.tokenUs;
    if (leave <= at) return at;
    if (leave - at > this.longestWait) this.longestWait = leave - at;
    return Math.ceil(leave);
  }
}
