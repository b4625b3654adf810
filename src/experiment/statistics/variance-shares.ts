import { max, min, rank } from 'd3-array';
import { exactSum } from './exact-sum.js';
import type { Interval } from './shares.js';
import { tQuantile } from './statistics.js';
import { squared } from '../../sim/portable-math.js';

/** The scenarios at one level of a factor: an index of the level for each scenario. */
export interface Levels {
  readonly of: readonly number[];
  readonly count: number;
}

/** Mean of a metric at each level, over the scenarios there. */
export function levelMeans({ of, count }: Levels, values: readonly number[]): readonly number[] {
  const groups = Array.from({ length: count }, (): number[] => []);
  values.forEach((value, scenario) => groups[of[scenario]].push(value));
  return groups.map((group) => exactSum(group) / group.length);
}

/**
 * The share of the variance between scenarios that the levels of a factor explain: its first-order sensitivity
 * index. In a full factorial it is the sum of squares of the factor's main effect over the total one, η² (Pearson's
 * correlation ratio, 1905; Montgomery, Design and Analysis of Experiments, ch. 5). In a sample the other factors
 * differ within a level at random, which η² takes for an effect of some of the levels: corrected for that it is
 * Kelley's ε² = 1 − (1 − η²)(N − 1)/(N − M) of M levels (Proc. Nat. Acad. Sci. 21, 1935), cut at 0.
 * null where the scenarios do not differ.
 */
export function varianceShare(levels: Levels, values: readonly number[], sampled: boolean): number | null {
  const share = sums(levels, values).share(sampled);
  return share === null ? null : withinOne(share);
}

function withinOne(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/**
 * Interval of that share by the jackknife, θ ± t √((n − 1)/n Σ (θ₍ᵢ₎ − θ̄)²) (Tukey, 1958; Efron and Tibshirani, An
 * Introduction to the Bootstrap, 1993, ch. 11), cut at 0 and 1. What is left out one by one is what chance picks:
 * replications of a factorial, whose scenarios are all there are; the scenarios of a sample.
 * @param values by scenario and replication
 */
export function varianceShareInterval(
  levels: Levels,
  values: readonly (readonly number[])[],
  sampled: boolean,
): Interval {
  const means = values.map((each) => exactSum(each) / each.length);
  const share = sums(levels, means).share(sampled);
  if (share === null) return { low: null, high: null };
  const partial = sampled ? withoutScenarios(levels, means) : withoutReplications(levels, values);
  const known = partial.filter((each) => each !== null);
  const n = known.length;
  if (n < 2) return { low: null, high: null };
  const centre = exactSum(known) / n;
  const error = Math.sqrt(((n - 1) / n) * exactSum(known.map((each) => squared(each - centre))));
  const halfWidth = tQuantile(0.975, n - 1) * error;
  return { low: withinOne(share - halfWidth), high: withinOne(share + halfWidth) };
}

function withoutScenarios(levels: Levels, means: readonly number[]): readonly (number | null)[] {
  const all = sums(levels, means);
  return means.map((_, scenario) => all.without(scenario).share(true));
}

function withoutReplications(levels: Levels, values: readonly (readonly number[])[]): readonly (number | null)[] {
  const replications = values[0].length;
  if (replications < 2) return [];
  return Array.from({ length: replications }, (_, left) => {
    const means = values.map((each) => (exactSum(each) - each[left]) / (replications - 1));
    return sums(levels, means).share(false);
  });
}

/** Spearman's correlation of two variables by their mean ranks; null where either does not vary. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number | null {
  const middle = (x.length - 1) / 2;
  const product = (u: readonly number[], v: readonly number[]): number =>
    exactSum(u.map((each, index) => (each - middle) * (v[index] - middle)));
  const scale = Math.sqrt(product(x, x) * product(y, y));
  return scale === 0 ? null : product(x, y) / scale;
}

/** Ranks from 0; those that tie have the mean of their places. */
export function meanRanks(values: readonly number[]): readonly number[] {
  const first = rank(values);
  const ties = new Map<number, number>();
  for (const each of first) ties.set(each, (ties.get(each) ?? 0) + 1);
  return Array.from(first, (each) => each + ((ties.get(each) ?? 1) - 1) / 2);
}

/** Numbers, sums and squares by level, about the mean of all so that nothing cancels. */
class LevelSums {
  constructor(
    private readonly levels: Levels,
    private readonly values: readonly number[],
    private readonly counts: readonly number[],
    private readonly totals: readonly number[],
    private readonly squares: number,
  ) {}

  without(scenario: number): LevelSums {
    const level = this.levels.of[scenario];
    const value = this.values[scenario];
    const less = (all: readonly number[], by: number): number[] =>
      all.map((each, index) => (index === level ? each - by : each));
    return new LevelSums(
      this.levels,
      this.values,
      less(this.counts, 1),
      less(this.totals, value),
      this.squares - value * value,
    );
  }

  /** Not yet cut at 0: what the correction takes too much belongs to the spread. */
  share(sampled: boolean): number | null {
    const n = exactSum(this.counts);
    const correction = squared(exactSum(this.totals)) / n;
    const total = this.squares - correction;
    const used = this.counts.filter((count) => count > 0).length;
    const between =
      exactSum(this.totals.map((sum, level) => (this.counts[level] === 0 ? 0 : squared(sum) / this.counts[level]))) -
      correction;
    if (!(total > ROUNDING * this.squares) || (sampled && n <= used)) return null;
    return sampled ? 1 - ((1 - between / total) * (n - 1)) / (n - used) : between / total;
  }
}

/** Variance below this share of the squares is what sums of equal values leave. */
const ROUNDING = 1e-12;

function sums(levels: Levels, values: readonly number[]): LevelSums {
  const mean = exactSum(values) / values.length;
  const scale = Math.max(Math.abs(min(values) ?? 0), Math.abs(max(values) ?? 0));
  // Differences within the rounding of the values themselves are none.
  const centred = values.map((value) => (Math.abs(value - mean) <= ROUNDING * scale ? 0 : value - mean));
  const groups = Array.from({ length: levels.count }, (): number[] => []);
  centred.forEach((value, scenario) => groups[levels.of[scenario]].push(value));
  return new LevelSums(
    levels,
    centred,
    groups.map((group) => group.length),
    groups.map(exactSum),
    exactSum(centred.map(squared)),
  );
}
