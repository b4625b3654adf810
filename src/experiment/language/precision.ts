import { squared } from '../../sim/portable-math.js';
import { type Estimator, estimatorOf } from './estimators.js';
import type { Statistic } from './values/statistic.js';

/** How sure a metric has to be: replications are added, scenario by scenario, until it is. */
export interface Precision extends Statistic {
  /** What has to be sure, as the user wrote it: `delay_p99_s`, `p95(last_pod_max_s)`. */
  readonly subject: string;
  /** Largest half-width of the 95 % interval as a share of the true value. */
  readonly relative: number;
  /** Replications before the first judgement. */
  readonly min: number;
  /** Replications after which a scenario ends in any case. */
  readonly max: number;
}

/** How a scenario's replications came to an end. */
export interface PrecisionVerdict {
  /** Replications that the scenario's results are of, those of the look-ahead included. */
  readonly replications: number;
  /** The first number of replications that was enough, and stayed so; null: none was. */
  readonly needed: number | null;
  /** Half-width of the 95 % interval over these replications as a share of the value; null: there is none. */
  readonly relativeHalfWidth: number | null;
  readonly stoppedBy: 'precision' | 'max' | 'no value';
}

/** A judgement, or the number of replications (from the first on) that the next one needs at least. */
type Judgement =
  { readonly decided: true; readonly verdict: PrecisionVerdict } | { readonly decided: false; readonly wanted: number };

/** Replications of the look-ahead up to `LOOK_AHEAD_SCALED_FROM`, and per that many beyond. */
const LOOK_AHEAD = 5;
const LOOK_AHEAD_SCALED_FROM = 100;

/**
 * Further replications over which the criterion has to go on holding after it first held with n: a plain
 * first crossing stops too early, on a lucky run of values (Hoad, Robinson and Davies, Automated selection of
 * the number of replications for a discrete-event simulation, J. Oper. Res. Soc. 61, 2010: kLimit = 5, in
 * proportion to n beyond 100).
 */
export function lookAhead(n: number): number {
  return n <= LOOK_AHEAD_SCALED_FROM ? LOOK_AHEAD : Math.floor((LOOK_AHEAD * n) / LOOK_AHEAD_SCALED_FROM);
}

/**
 * Judges the replications of a scenario in their order: they are enough at the first n ≥ min for which
 * t(n−1, 0.975) S(n) / √n ≤ |mean(n)| g / (1 + g), and for every n of the look-ahead. The right-hand side is
 * adjusted so that the error is at most g of the true mean, not of the estimate (Law, Simulation Modeling and
 * Analysis, 5th ed., section 9.4.1). The verdict depends on the values alone, so that it is the same however
 * they were computed; values beyond it play no part. Quantiles and shares of replications have intervals of their own
 * (`estimators`), to which the same is applied. What has no interval yet is not yet known.
 * @param values of the metric by replication, from the first; null: the run has none
 */
export function judgePrecision(values: readonly (number | null)[], precision: Precision): Judgement {
  const { relative, min, max } = precision;
  const estimator = estimatorOf(precision);
  const allowed = relative / (1 + relative);
  /** Where the criterion began to hold; null while it does not. */
  let since: number | null = null;
  const verdict = (n: number, stoppedBy: PrecisionVerdict['stoppedBy']): Judgement => ({
    decided: true,
    verdict: { replications: n, needed: since, relativeHalfWidth: estimator.relativeHalfWidth, stoppedBy },
  });
  for (let n = 1; n <= Math.min(values.length, max); n++) {
    estimator.add(values[n - 1]);
    if (n < min) continue;
    if (estimator.count === 0) return verdict(n, 'no value');
    const width = estimator.relativeHalfWidth;
    if (width === null || width > allowed) since = null;
    else since ??= n;
    if (since !== null && n - since >= lookAhead(since)) return verdict(n, 'precision');
    if (n === max) return verdict(n, since === null ? 'max' : 'precision');
  }
  return { decided: false, wanted: Math.min(max, wanted(values.length, since, estimator, precision)) };
}

/**
 * The fewest replications after which there can be a verdict or, where the interval is still far too wide,
 * half of the way there: widths shrink as 1/√n.
 */
function wanted(n: number, since: number | null, estimator: Estimator, { relative, min }: Precision): number {
  const start = since ?? Math.max(min, n + 1);
  const least = start + lookAhead(start);
  const width = estimator.relativeHalfWidth;
  if (since !== null || n < min || width === null) return least;
  const expected = n * squared(width / (relative / (1 + relative)));
  return Math.max(least, n + Math.ceil((expected - n) / 2));
}
