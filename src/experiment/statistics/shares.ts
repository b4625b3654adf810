import { regularizedIncompleteBeta } from './special-functions.js';
import { summarize, type Summary } from './statistics.js';
import { ln } from '../../sim/portable-math.js';

/** An interval; null: that end cannot be told. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/** Steps of a bisection that leave no more than the rounding of a double. */
const BISECTIONS = 60;

/**
 * The exact interval of a proportion of which `count` of `n` independent trials were seen (Clopper and Pearson,
 * Biometrika 26, 1934): it holds the true one with at least the confidence, whatever that is.
 */
export function clopperPearson(
  count: number,
  n: number,
  level = 0.95,
): { readonly low: number; readonly high: number } {
  const tail = (1 - level) / 2;
  return {
    low: count === 0 ? 0 : betaQuantile(tail, count, n - count + 1),
    high: count === n ? 1 : betaQuantile(1 - tail, count + 1, n - count),
  };
}

/**
 * What the proportion is at most, with 95 % confidence, of which none of `n` independent trials was seen: 3/n,
 * as −ln 0.05 ≈ 3 (Hanley and Lippman-Hand, JAMA 249, 1983). Never more than 1.
 */
export function ruleOfThree(n: number): number {
  return Math.min(1, 3 / n);
}

/**
 * A share, such as that of the delays beyond a threshold, over replications. Replications are the independent
 * trials: what lies within one (its projections, its updates) meets the same chance. Where none has any, the
 * interval ends at 3/n of n replications, and where all have nothing else, it begins at 1 − 3/n; shares of 0 and 1
 * alone are a proportion of replications and have its exact interval; others have Student's, cut at 0 and 1.
 */
export function summarizeShares(values: Iterable<number | null>): Summary {
  const present = [...values].filter((value) => value !== null);
  const summary = summarize(present);
  const { n, mean, ci95Low, ci95High } = summary;
  if (mean === null) return summary;
  if (mean === 0) return { ...summary, ci95Low: 0, ci95High: ruleOfThree(n) };
  if (mean === 1) return { ...summary, ci95Low: 1 - ruleOfThree(n), ci95High: 1 };
  if (present.every((value) => value === 0 || value === 1)) {
    const { low, high } = clopperPearson(Math.round(mean * n), n);
    return { ...summary, ci95Low: low, ci95High: high };
  }
  if (ci95Low === null || ci95High === null) return summary;
  return { ...summary, ci95Low: Math.max(0, ci95Low), ci95High: Math.min(1, ci95High) };
}

/**
 * The places, from 1, of the order statistics of `n` independent values between which their quantile lies with
 * at least the confidence, whatever their law: each tail of the binomial number of values below it holds at most
 * half of the rest (David and Nagaraja, Order Statistics, 3rd ed., section 7.1). null: that end would need more
 * values; a 99 % quantile has an upper end from 368 on.
 */
export function quantilePlaces(n: number, p: number, level = 0.95): Interval {
  const tail = (1 - level) / 2;
  const low = firstUpTo(n, (k) => binomialAtMost(k, n, p) > tail);
  const high = firstUpTo(n, (k) => binomialAtMost(k, n, p) >= 1 - tail);
  return { low: low === 0 ? null : low, high: high === n ? null : high + 1 };
}

/** With what probability the quantile of `n` independent values of a continuous law lies between its places. */
export function placesConfidence(n: number, p: number, level = 0.95): number {
  const { low, high } = quantilePlaces(n, p, level);
  return (high === null ? 1 : binomialAtMost(high - 1, n, p)) - (low === null ? 0 : binomialAtMost(low - 1, n, p));
}

/**
 * How many independent values it takes for their `p` quantile to have both ends of an interval: the largest of n is
 * below it with probability pⁿ, the least above it with (1 − p)ⁿ. 3,688 for the 99.9 % quantile. 0 < p < 1.
 */
export function valuesForQuantile(p: number, level = 0.95): number {
  return Math.ceil(ln((1 - level) / 2) / ln(Math.max(p, 1 - p)));
}

/** The first of 0 … n − 1 from which on something holds; n where it does for none. */
function firstUpTo(n: number, holds: (k: number) => boolean): number {
  let [from, to] = [0, n];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** P(at most `k` of `n` trials succeed) (Abramowitz and Stegun 26.5.24). */
function binomialAtMost(k: number, n: number, p: number): number {
  return k >= n ? 1 : regularizedIncompleteBeta(1 - p, n - k, k + 1);
}

/** The value that a Beta(a, b) variable stays below with probability `p`, by bisection. */
function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (regularizedIncompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
