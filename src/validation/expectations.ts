import { deviation, mean, median } from 'd3-array';
import { tQuantile, tUpperTail } from '../experiment/statistics/statistics.js';
import type { Observed } from './observation.js';
import { wholePower } from '../sim/portable-math.js';

/** What figures are read off. */
export const EXPECTED_OF = ['metrics', 'samples', 'watchesAtEnd'] as const;

/** A figure with a value that theory gives or somebody has published. */
export interface Expectation {
  readonly name: string;
  /** A closed form, or what was published in words. */
  readonly formula: string;
  /** Where the figure comes from. */
  readonly source: string;
  /** The expected value; a range where it was published so, or rounded. */
  readonly expected: number | readonly [number, number];
  /** Reads the figure off one replication. */
  readonly of: (observation: Observed<(typeof EXPECTED_OF)[number]>) => number;
  /** The expected value is the law's median, not its mean. */
  readonly median?: true;
  /** Why the model is known to miss it. */
  readonly explanation?: string;
}

/** A figure that was computed. */
export interface Estimate {
  readonly expectedLow: number;
  readonly expectedHigh: number;
  readonly simulated: number;
  /** 95 % interval; empty for a single value. */
  readonly ci95Low: number | null;
  readonly ci95High: number | null;
  readonly replications: number;
  /** Probability of values at least as far from the expected ones if those hold. */
  readonly p: number;
}

/**
 * Holds replications to an expected mean (Student's t) or median (sign test; its interval are order statistics:
 * Conover, Practical Nonparametric Statistics, 3.2). A single value, or values that are all equal, has to lie in
 * the expected range.
 */
export function estimate(
  values: readonly number[],
  { expected, median: isMedian }: Pick<Expectation, 'expected' | 'median'>,
): Estimate {
  const [expectedLow, expectedHigh] = typeof expected === 'number' ? [expected, expected] : expected;
  const common = { expectedLow, expectedHigh, replications: values.length };
  const spread = deviation(values) ?? 0;
  if (spread === 0) {
    const simulated = values[0];
    const within = simulated >= expectedLow && simulated <= expectedHigh;
    const bound = values.length > 1 ? simulated : null;
    return { ...common, simulated, ci95Low: bound, ci95High: bound, p: within ? 1 : 0 };
  }
  return {
    ...common,
    ...(isMedian === true ? ofMedian(values, expectedLow) : ofMean(values, expectedLow, expectedHigh)),
  };
}

function ofMean(values: readonly number[], low: number, high: number) {
  const n = values.length;
  const simulated = mean(values) ?? NaN;
  const error = (deviation(values) ?? NaN) / Math.sqrt(n);
  const halfWidth = tQuantile(0.975, n - 1) * error;
  const distance = Math.max(0, low - simulated, simulated - high);
  return {
    simulated,
    ci95Low: simulated - halfWidth,
    ci95High: simulated + halfWidth,
    p: distance === 0 ? 1 : 2 * tUpperTail(distance / error, n - 1),
  };
}

function ofMedian(values: readonly number[], expected: number) {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const below = sorted.filter((value) => value < expected).length;
  // The outermost pair of order statistics that leaves out at most 2.5 % on either side.
  let rank = 0;
  while (rank < n / 2 - 1 && binomialAtMost(rank, n) <= 0.025) rank++;
  return {
    simulated: median(sorted) ?? NaN,
    ci95Low: sorted[Math.max(0, rank - 1)],
    ci95High: sorted[Math.min(n - 1, n - rank)],
    p: Math.min(1, 2 * binomialAtMost(Math.min(below, n - below), n)),
  };
}

/** P(X ≤ k) of a binomial X with n trials of probability ½. */
function binomialAtMost(k: number, n: number): number {
  let term = 1 / wholePower(2, n);
  let sum = term;
  for (let i = 1; i <= k; i++) {
    term *= (n - i + 1) / i;
    sum += term;
  }
  return sum;
}
