import { type DurationLaw, Empirical, ShiftedExponential } from '../../sim/distributions.js';

/**
 * A latency given by two of its quantiles, in microseconds. The model draws from the shifted
 * exponential law that has these quantiles; equal quantiles mean a constant.
 * The law needs p99 ≤ 6.64 × p50 (its shift cannot be negative).
 */
export interface Latency {
  readonly p50Us: number;
  readonly p99Us: number;
  /** Measured values, ascending: the law is theirs, whatever its tail, and the quantiles are among them. */
  readonly measuredUs?: readonly number[];
}

/** The law of a latency. Throws a RangeError where its quantiles fit none. */
export function latencyLaw({ p50Us, p99Us, measuredUs }: Latency): DurationLaw {
  return measuredUs === undefined ? new ShiftedExponential(p50Us, p99Us) : new Empirical(measuredUs);
}
