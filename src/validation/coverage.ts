import { rotationQuantile } from '../report/last-pod-answer.js';

/** How often what is told of a quantile with 95 % confidence may be right over 1,000 experiments, share. */
export const RIGHT = [0.93, 0.97] as const;

/** How often the interval of a quantile holds its true value, and on which side it misses it; shares of the experiments. */
export interface Coverage {
  readonly right: number;
  /** The interval ends before the true value. */
  readonly tooShort: number;
  /** The interval begins after it. */
  readonly tooLong: number;
}

/**
 * Holds the intervals that independent experiments tell of a quantile to its true value.
 * @param experiments how long the rotations of each took, s; enough for the interval to have both ends, else it is wrong
 * @param truth the quantile of `share` of the rotations, s
 */
export function coverage(experiments: readonly Float64Array[], share: number, truth: number): Coverage {
  let [tooShort, tooLong] = [0, 0];
  for (const times of experiments) {
    const { low, high } = rotationQuantile(
      Array.from(times, (time) => Float64Array.of(time)),
      share,
    );
    if ((high ?? -Infinity) < truth) tooShort++;
    else if ((low ?? Infinity) > truth) tooLong++;
  }
  const n = experiments.length;
  return { right: (n - tooShort - tooLong) / n, tooShort: tooShort / n, tooLong: tooLong / n };
}

/** Cuts times into experiments of so many each; what is left over is in none. */
export function experimentsOf(times: Float64Array, each: number): readonly Float64Array[] {
  return Array.from({ length: Math.floor(times.length / each) }, (_, i) => times.subarray(i * each, (i + 1) * each));
}
