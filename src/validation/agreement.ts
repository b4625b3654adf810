import { bisectLeft, bisectRight, deviation, mean } from 'd3-array';
import { quantileR7, tUpperTail } from '../experiment/statistics/statistics.js';

/** Family-wise probability of rejecting a right model: rows agree within their central 99 %, corrected by Holm. */
export const LEVEL = 0.01;

/** How one measured value stands among simulated ones. */
export interface Standing {
  /** Mean of the simulated values. */
  readonly simulated: number;
  /** Their central 99 % (R-7; the range where there are few). */
  readonly low: number;
  readonly high: number;
  /** Simulated values below the measured one, ties half. */
  readonly rank: number;
  readonly replications: number;
  /** Probability of a value at least as far out. */
  readonly p: number;
}

/**
 * Where a measured value stands among the values of independent replications, two-sided. Within their range p
 * follows from the rank (Besag and Clifford, Biometrika 78, 1991); beyond it, where ranks tell nothing more,
 * from Student's t for one more observation (Whitmore, The American Statistician 40, 1986), and is at most what
 * the rank says.
 * @param simulated at least two values
 */
export function standing(measured: number, simulated: readonly number[]): Standing {
  const n = simulated.length;
  const below = simulated.filter((value) => value < measured).length;
  const above = simulated.filter((value) => value > measured).length;
  const byRank = Math.min(1, (2 * (Math.min(n - below, n - above) + 1)) / (n + 1));
  const outside = below === n || above === n;
  return {
    ...spreadOf(simulated),
    rank: below + (n - below - above) / 2,
    p: outside ? Math.min(byRank, 2 * beyond(measured, simulated)) : byRank,
  };
}

/** The same for a distance, of which only large values tell against the model. */
export function standingOfDistance(measured: number, simulated: readonly number[]): Standing {
  const n = simulated.length;
  const below = simulated.filter((value) => value < measured).length;
  const above = simulated.filter((value) => value > measured).length;
  const byRank = (n - below + 1) / (n + 1);
  return {
    ...spreadOf(simulated),
    rank: below + (n - below - above) / 2,
    p: below === n ? Math.min(byRank, beyond(measured, simulated)) : byRank,
  };
}

function spreadOf(simulated: readonly number[]) {
  const sorted = [...simulated].sort((a, b) => a - b);
  return {
    simulated: mean(sorted) ?? NaN,
    low: quantileR7(sorted, 0.005) ?? NaN,
    high: quantileR7(sorted, 0.995) ?? NaN,
    replications: sorted.length,
  };
}

/** P(one more observation lies at least this far out, on this side), by Student's t. */
function beyond(measured: number, simulated: readonly number[]): number {
  const n = simulated.length;
  const center = mean(simulated) ?? NaN;
  const spread = (deviation(simulated) ?? NaN) * Math.sqrt(1 + 1 / n);
  if (spread === 0) return measured === center ? 1 : 0;
  return tUpperTail(Math.abs(measured - center) / spread, n - 1);
}

/**
 * p values adjusted for their number (Holm, Scandinavian Journal of Statistics 6, 1979): rejecting those below
 * LEVEL rejects a right one with at most that probability, however they depend on each other.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]);
  const adjusted = new Array<number>(p.length);
  let largest = 0;
  order.forEach((index, position) => {
    largest = Math.max(largest, Math.min(1, (p.length - position) * p[index]));
    adjusted[index] = largest;
  });
  return adjusted;
}

/** Kolmogorov–Smirnov distance of two samples, ascending: the largest difference of their distribution functions. */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length > b.length) return kolmogorovSmirnov(b, a);
  let distance = 0;
  for (let i = 0, j = 0; i < a.length;) {
    // From one value of the smaller sample to the next only the other function rises: its ends are enough.
    const value = a[i];
    const before = Math.abs(i / a.length - bisectLeft(b, value, j) / b.length);
    i = bisectRight(a, value, i);
    j = bisectRight(b, value, j);
    distance = Math.max(distance, before, Math.abs(i / a.length - j / b.length));
  }
  return distance;
}
