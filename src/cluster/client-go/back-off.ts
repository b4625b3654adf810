import { SECOND_US } from '../../sim/units.js';
import type { RandomStream } from '../../sim/random.js';
import { backOffAddress } from '../model/random-addresses.js';
import type { Behaviours } from '../model/versions.js';

/**
 * The reflectors' waits after errors (`client-go/tools/cache/reflector.go`, all releases): U[1, 2) × 800 ms, doubled up
 * to 30 s.
 */
const INITIAL_BACK_OFF_US = 800e3;
const MAX_BACK_OFF_US = 30 * SECOND_US;
const JITTER = 1;

/**
 * After how long the sequence begins anew: up to 1.35, where the last wait began longer ago than that
 * (`wait.NewExponentialBackoffManager`), which no outage allows; from 1.36 on, where the sequence itself did
 * (`wait.Backoff.DelayWithReset`, PR 136824: its `Step` notes only when it begins anew).
 */
const RESET_DURATION_US = 120 * SECOND_US;

/** One such back-off manager per row. */
export class BackOffs {
  private readonly steps: Uint8Array;
  /** What the reset is counted from, µs. */
  private readonly since: Float64Array;
  private readonly draws: Uint32Array;

  /** `manager` keeps the draws of several managers of one entity apart. */
  constructor(
    rows: number,
    private readonly random: RandomStream,
    private readonly manager: number,
    private readonly restarts: boolean,
  ) {
    this.steps = new Uint8Array(rows);
    this.since = new Float64Array(rows).fill(-Infinity);
    this.draws = new Uint32Array(rows);
  }

  /** How long a row waits that has failed at `now`, in whole µs. */
  next(row: number, high: number, low: number, now: number): number {
    const anew = now - this.since[row] > RESET_DURATION_US;
    if (anew) this.steps[row] = 0;
    if (anew || !this.restarts) this.since[row] = now;
    const base = Math.min(INITIAL_BACK_OFF_US * (1 << this.steps[row]), MAX_BACK_OFF_US);
    if (base < MAX_BACK_OFF_US) this.steps[row]++;
    const u = this.random.uniform(high, low, backOffAddress(this.draws[row]++, this.manager));
    return Math.floor(base * (1 + JITTER * u));
  }

  /** Forgets a row's failures: its reflector is made anew at `now`. */
  reset(row: number, now: number): void {
    this.steps[row] = 0;
    this.since[row] = now;
  }
}

/** The back-off managers of reflectors: before a LIST, and before a WATCH that is sent again. */
export interface ReflectorBackOffs {
  readonly list: BackOffs;
  readonly watch: BackOffs;
}

/** Two managers each, or one for both. */
export function reflectorBackOffs(
  rows: number,
  random: RandomStream,
  reflectorBackOff: Behaviours['reflectorBackOff'],
): ReflectorBackOffs {
  const list = new BackOffs(rows, random, 0, reflectorBackOff === 'restarting');
  return { list, watch: reflectorBackOff === 'two' ? new BackOffs(rows, random, 1, false) : list };
}
