import type { RandomStream } from '../sim/random.js';
import { backOffAddress } from './random-addresses.js';

/**
 * The reflectors' waits after errors (`client-go/tools/cache/reflector.go` NewReflector: wait.NewExponentialBackoffManager(
 * 800 ms, 30 s, 2 min, 2.0, 1.0), all releases): U[1, 2) × 800 ms, doubled up to 30 s, and from the start again
 * where the last wait began more than 2 minutes ago.
 */
const INITIAL_BACK_OFF_US = 800e3;
const MAX_BACK_OFF_US = 30e6;
const RESET_DURATION_US = 120e6;
const FACTOR = 2;
const JITTER = 1;

/** One such back-off manager per row. */
export class BackOffs {
  private readonly steps: Uint8Array;
  private readonly lastAt: Float64Array;
  private readonly draws: Uint32Array;

  /** `manager` keeps the draws of several managers of one entity apart. */
  constructor(
    rows: number,
    private readonly random: RandomStream,
    private readonly manager: number,
  ) {
    this.steps = new Uint8Array(rows);
    this.lastAt = new Float64Array(rows).fill(-Infinity);
    this.draws = new Uint32Array(rows);
  }

  /** How long a row waits that has failed at `now`, in whole µs. */
  next(row: number, high: number, low: number, now: number): number {
    if (now - this.lastAt[row] > RESET_DURATION_US) this.steps[row] = 0;
    this.lastAt[row] = now;
    const base = Math.min(INITIAL_BACK_OFF_US * FACTOR ** this.steps[row], MAX_BACK_OFF_US);
    if (base < MAX_BACK_OFF_US) this.steps[row]++;
    const u = this.random.uniform(high, low, backOffAddress(this.draws[row]++, this.manager));
    return Math.floor(base * (1 + JITTER * u));
  }

  /** Forgets a row's failures: its owner starts anew. */
  reset(row: number): void {
    this.steps[row] = 0;
    this.lastAt[row] = -Infinity;
  }
}
