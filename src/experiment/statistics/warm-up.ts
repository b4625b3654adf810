import { fsum, mean, variance } from 'd3-array';
import { squared } from '../../sim/portable-math.js';

/** Values of a batch of MSER-5. */
const BATCH = 5;

/** Batches at the end that no truncation reaches: too few of them look steady by chance. */
const LAST_BATCHES = 5;

/** Standard errors, and share of the steady mean, by which a start has to differ to be worth a warning. */
const ERRORS_MIN = 6;
const DIFFERENCE_MIN = 0.1;

/** The start of a series that is not steady. */
export interface Transient {
  /** Values in it. */
  readonly length: number;
  /** The rest is steady; false: it is too short to tell, the truncation lies in the second half. */
  readonly steadyTail: boolean;
}

/** Means of consecutive batches of five; what is left over is left out. */
function batchMeans(series: readonly number[]): readonly number[] {
  return Array.from({ length: Math.floor(series.length / BATCH) }, (_, batch) => {
    return fsum(series.slice(batch * BATCH, (batch + 1) * BATCH)) / BATCH;
  });
}

/**
 * MSER-5: the number of values at the start of a series to leave out, a multiple of five. Of the means Z of k
 * batches it leaves out the first d that minimise Σ (Zⱼ − Z̄)² / (k − d)² over the rest (White, Cobb and Spratt, A
 * comparison of five steady-state truncation heuristics for simulation, Winter Simulation Conference 2000).
 */
export function mser5(series: readonly number[]): number {
  const batches = batchMeans(series);
  let best = 0;
  let least = Infinity;
  for (let d = 0; d <= batches.length - LAST_BATCHES; d++) {
    const rest = batches.slice(d);
    const centre = fsum(rest) / rest.length;
    const value = fsum(rest, (each) => squared(each - centre)) / squared(rest.length);
    if (value >= least) continue;
    least = value;
    best = d;
  }
  return best * BATCH;
}

/**
 * The part at the start of a series of counts that is not yet steady, if any is: what MSER-5 would leave out, where
 * its mean or one of its batches differs from the rest by far more than chance allows (six standard errors; the
 * variance is that of the rest, but at least that of Poisson arrivals) and by more than a tenth.
 * @param counts mean over `replications` of the counts in equal bins of time
 */
export function transientOf(counts: readonly number[], replications: number): Transient | null {
  const length = mser5(counts);
  const batches = batchMeans(counts);
  const d = length / BATCH;
  if (d === 0) return null;
  const [start, rest] = [batches.slice(0, d), batches.slice(d)];
  const steady = mean(rest) ?? 0;
  const poisson = (mean(batches) ?? 0) / (BATCH * replications);
  const spread = Math.max(variance(rest) ?? 0, poisson);
  const differs = (value: number, n: number): boolean => {
    const error = Math.sqrt(spread * (1 / n + 1 / rest.length));
    return Math.abs(value - steady) > Math.max(ERRORS_MIN * error, DIFFERENCE_MIN * steady);
  };
  if (!differs(mean(start) ?? 0, d) && !start.some((value) => differs(value, 1))) return null;
  return { length, steadyTail: d <= batches.length / 2 };
}
