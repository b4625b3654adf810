import { fsum } from 'd3-array';
import { quantilePlaces, type Interval } from './shares.js';
import { quantileR7, tQuantile } from './statistics.js';

/** A quantile of values that replications have several of, with its 95 % interval. */
export interface ClusteredQuantile extends Interval {
  /** R-7; Infinity where it is not finite. */
  readonly value: number;
  /** How many independent values tell as much: all of them where each replication has one. */
  readonly independent: number;
}

/**
 * A quantile with a distribution-free interval, for tails too. Values of different replications are independent, those
 * of one need not be. Woodruff's interval (JASA 47, 1952): the order statistics of as many independent values as the
 * share beyond the quantile is worth, after Korn and Graubard (Survey Methodology 24, 1998): the number of values over
 * the design effect, the variance of that share between replications relative to that of independent values.
 * @param replications the values of each, none of them empty
 */
export function clusteredQuantile(replications: readonly ArrayLike<number>[], p: number): ClusteredQuantile {
  const all = Float64Array.from(replications.flatMap((values) => Array.from(values))).sort();
  const value = quantileR7(all, p) ?? NaN;
  const independent = effectiveNumber(replications, all.length, value);
  const { low, high } = quantilePlaces(Math.floor(independent), p);
  const scale = all.length / Math.floor(independent);
  return {
    value,
    independent,
    low: low === null ? null : all[Math.max(1, Math.floor(low * scale)) - 1],
    high: high === null ? null : all[Math.min(all.length, Math.ceil(high * scale)) - 1],
  };
}

/** Between that of values that are alike within each replication (Kish) and all of the `n` values. */
function effectiveNumber(replications: readonly ArrayLike<number>[], n: number, value: number): number {
  const b = replications.length;
  if (n === b) return n;
  const alike = n ** 2 / fsum(replications, ({ length }) => length ** 2);
  const beyond = replications.map((values) => Array.from(values).filter((each) => each > value).length);
  const share = fsum(beyond) / n;
  if (b < 2 || share === 0) return alike;
  const spread = fsum(beyond, (count, index) => (count - share * replications[index].length) ** 2);
  const variance = ((b / (b - 1)) * spread) / n ** 2;
  const few = (tQuantile(0.975, n - 1) / tQuantile(0.975, b - 1)) ** 2;
  return Math.min(n, Math.max(alike, (few * share * (1 - share)) / variance));
}
