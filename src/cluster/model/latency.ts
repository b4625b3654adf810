/**
 * A latency given by two of its quantiles, in microseconds. The model draws from the shifted
 * exponential law that has these quantiles; equal quantiles mean a constant.
 * The law needs p99 ≤ 6.64 × p50 (its shift cannot be negative).
 */
export interface Latency {
  readonly p50Us: number;
  readonly p99Us: number;
}
