import { fsum } from 'd3-array';
import { quantilePlaces, type Interval } from './shares.js';
import { quantileR7, tQuantile } from './statistics.js';
import { squared } from '../../sim/portable-math.js';

/** Quantiles beyond which there are values enough to see whether those of a replication are alike. */
const LESS_RARE = [0.5, 0.9, 0.99];

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
 * the design effect. Each of these stands for some of the values that follow one another: a lower end is the least of its own, an
 * upper end the largest, as if they were all alike. One replication does not tell how much its values depend on each other, and
 * has no interval.
 * @param replications the values of each, none of them empty
 */
export function clusteredQuantile(replications: readonly Float64Array[], p: number): ClusteredQuantile {
  const all = Float64Array.from(replications.flatMap((values) => [...values])).sort();
  const value = quantileR7(all, p) ?? NaN;
  const independent = effectiveNumber(replications, all, p);
  if (replications.length < 2) return { value, independent, low: null, high: null };
  const { low, high } = quantilePlaces(Math.floor(independent), p);
  const scale = all.length / Math.floor(independent);
  return {
    value,
    independent,
    // R-7 lies between two of the values: the larger of them is no lower end of an interval around it.
    low: low === null ? null : Math.min(value, all[Math.floor((low - 1) * scale)]),
    high: high === null ? null : all[Math.min(all.length, Math.ceil(high * scale)) - 1],
  };
}

/** How many independent values the values are worth: from that of replications with one value each to all of them. */
function effectiveNumber(replications: readonly Float64Array[], all: Float64Array, p: number): number {
  const b = replications.length;
  const n = all.length;
  if (n === b) return n;
  const alike = squared(n) / fsum(replications, ({ length }) => squared(length));
  if (b < 2) return alike;
  // Few values lie beyond a rare quantile, so how much they depend on each other is judged by what is less rare, too.
  const effect = Math.max(...[...LESS_RARE, p].map((each) => designEffect(replications, all, Math.min(each, p))));
  const few = squared(tQuantile(0.975, n - 1) / tQuantile(0.975, b - 1));
  return Math.min(n, Math.max(alike, (few * n) / effect));
}

/** Variance of the share beyond a quantile, between replications, relative to that of independent values. */
function designEffect(replications: readonly Float64Array[], all: Float64Array, p: number): number {
  const [b, n] = [replications.length, all.length];
  const value = quantileR7(all, p) ?? NaN;
  const beyond = replications.map((values) => values.reduce((count, each) => count + Number(each > value), 0));
  const share = fsum(beyond) / n;
  if (share === 0) return Infinity;
  const spread = fsum(beyond, (count, index) => squared(count - share * replications[index].length));
  return ((b / (b - 1)) * spread) / (n * share * (1 - share));
}
