import { deviation, fsum, max, min, quantileSorted } from 'd3-array';

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
  const mean = fsum(present) / n;
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
  const [u, v] = [first.stddev ** 2 / first.n, second.stddev ** 2 / second.n];
  if (u + v === 0) return { mean, ci95Low: mean, ci95High: mean };
  const df = (u + v) ** 2 / (u ** 2 / (first.n - 1) + v ** 2 / (second.n - 1));
  const halfWidth = tQuantile(0.975, df) * Math.sqrt(u + v);
  return { mean, ci95Low: mean - halfWidth, ci95High: mean + halfWidth };
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
  const logScale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  return Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df));
}

/**
 * I_x(a, b) by its continued fraction (Abramowitz and Stegun 26.5.8), mirrored where the other side
 * converges faster (26.5.2).
 */
function regularizedIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedIncompleteBeta(1 - x, b, a);
  const logFactor = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(logFactor) * betaContinuedFraction(x, a, b)) / a;
}

/** The continued fraction of I_x(a, b), by Lentz's method (Applied Optics 15, 1976, p. 668). */
function betaContinuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300; // keeps a vanishing denominator from dividing by zero
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/** ln Γ(x), x > 0: Stirling's series (Abramowitz and Stegun 6.1.41), after moving x up to where it is exact to 1e-15. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 15; y++) shift += Math.log(y);
  const r = 1 / (y * y);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / y;
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
