import { deviation, max, min, quantileSorted } from 'd3-array';
import { exactSum } from './exact-sum.js';
import { logGamma, regularizedIncompleteBeta } from './special-functions.js';
import { exp, ln, lnOnePlus, squared } from '../../sim/portable-math.js';

/** One metric over the replications of a scenario. Null: there are too few values to tell. */
export interface Summary {
  /** Replications with a value. */
  readonly n: number;
  readonly mean: number | null;
  /** Sample standard deviation (n − 1). */
  readonly stddev: number | null;
  readonly ci95Low: number | null;
  readonly ci95High: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * Mean, spread and 95 % Student-t interval of one metric over replications. Missing values (null)
 * are left out; with fewer than two values there is no spread and no interval. The mean comes from
 * an exact sum, so it depends neither on the order of the values nor, for equal values, on their number.
 */
export function summarize(values: Iterable<number | null>): Summary {
  const present = [...values].filter((value) => value !== null);
  const n = present.length;
  if (n === 0) return { n, mean: null, stddev: null, ci95Low: null, ci95High: null, min: null, max: null };
  const mean = exactSum(present) / n;
  const stddev = deviation(present) ?? null;
  const halfWidth = stddev === null ? null : (tQuantile(0.975, n - 1) * stddev) / Math.sqrt(n);
  return {
    n,
    mean,
    stddev,
    ci95Low: halfWidth === null ? null : mean - halfWidth,
    ci95High: halfWidth === null ? null : mean + halfWidth,
    min: min(present) ?? null,
    max: max(present) ?? null,
  };
}

/** The mean of those of some values that are there, as `summarize` gives it. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : exactSum(present) / present.length;
}

/** How two means differ. */
export interface Difference {
  readonly mean: number;
  readonly ci95Low: number | null;
  readonly ci95High: number | null;
}

/**
 * Difference of the means of two independent samples, b less a, with Welch's 95 % interval: variances may differ, the
 * degrees of freedom are Satterthwaite's (B. L. Welch, Biometrika 34, 1947, p. 28). null where a sample is empty;
 * without an interval where one has fewer than two values.
 */
export function welchDifference(a: readonly number[], b: readonly number[]): Difference | null {
  const [first, second] = [summarize(a), summarize(b)];
  if (first.mean === null || second.mean === null) return null;
  const mean = second.mean - first.mean;
  if (first.stddev === null || second.stddev === null) return { mean, ci95Low: null, ci95High: null };
  const [u, v] = [squared(first.stddev) / first.n, squared(second.stddev) / second.n];
  if (u + v === 0) return { mean, ci95Low: mean, ci95High: mean };
  const df = squared(u + v) / (squared(u) / (first.n - 1) + squared(v) / (second.n - 1));
  const halfWidth = tQuantile(0.975, df) * Math.sqrt(u + v);
  return { mean, ci95Low: mean - halfWidth, ci95High: mean + halfWidth };
}

/**
 * Half-width of the Student-t interval of a mean as a share of the mean: t(n−1, 1−α/2) √(S²/n) / |mean|. Values
 * that are all alike have none (0), be they zero; null where there are fewer than two, or their mean is zero.
 * @param level of confidence, 1 − α
 */
export function relativeHalfWidth(n: number, mean: number, variance: number, level = 0.95): number | null {
  if (n < 2) return null;
  if (variance === 0) return 0;
  return mean === 0 ? null : (tQuantile((1 + level) / 2, n - 1) * Math.sqrt(variance / n)) / Math.abs(mean);
}

/**
 * Quantile by linear interpolation of the order statistics: type 7 of Hyndman and Fan (The American
 * Statistician 50, 1996), the default of R, NumPy and spreadsheets' PERCENTILE.INC.
 * `sorted` is ascending; null when it is empty.
 */
export function quantileR7(sorted: ArrayLike<number>, p: number): number | null {
  // The typings ask for an array, the function for anything with a length and an index.
  return quantileSorted(sorted as number[], p) ?? null;
}

/**
 * The value that a Student-t variable with `df` degrees of freedom stays below with probability `p`.
 * Newton's iteration on the upper tail from 0: the tail is convex there, so the steps approach the root
 * from below and cannot overshoot.
 * @throws RangeError unless 0 < p < 1 and df > 0
 */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1 && df > 0)) throw new RangeError(`no t quantile for p = ${p}, df = ${df}`);
  if (p < 0.5) return -tQuantile(1 - p, df);
  // A result asks for the same few a hundred thousand times: those of its numbers of replications.
  if (!Number.isInteger(df)) return upperQuantile(p, df);
  let known = KNOWN_QUANTILES.get(p);
  if (known === undefined) KNOWN_QUANTILES.set(p, (known = new Map<number, number>()));
  let quantile = known.get(df);
  if (quantile === undefined) known.set(df, (quantile = upperQuantile(p, df)));
  return quantile;
}

/** By probability and whole degrees of freedom. */
const KNOWN_QUANTILES = new Map<number, Map<number, number>>();

function upperQuantile(p: number, df: number): number {
  const tail = 1 - p;
  let t = 0;
  for (let step = 0; step < 200; step++) {
    const change = (tUpperTail(t, df) - tail) / tDensity(t, df);
    t += change;
    if (Math.abs(change) <= 1e-14 * t) break;
  }
  return t;
}

/** P(T > t) of a Student-t variable, t ≥ 0 (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1 and 26.5.27). */
export function tUpperTail(t: number, df: number): number {
  return 0.5 * regularizedIncompleteBeta(df / (df + t * t), df / 2, 0.5);
}

function tDensity(t: number, df: number): number {
  const logScale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * ln(df * Math.PI);
  return exp(logScale - ((df + 1) / 2) * lnOnePlus((t * t) / df));
}
