import type { Metric, RunMetrics } from '../../../cluster/model/run-record.js';

/** Of the delays in ascending order, the share up to which a metric looks at them. */
const LOOKS_AT: Readonly<Partial<Record<Metric, number>>> = {
  delay_p50_s: 0.5,
  delay_p90_s: 0.9,
  delay_p99_s: 0.99,
  delay_p999_s: 0.999,
  delay_mean_s: 1,
  delay_max_s: 1,
};

/**
 * What a metric of a run says of all its pods. Delays are known of those that have an update; where some still wait at the end
 * of the run, theirs are longer than could be seen, and what looks at them has no value: null, as where it is empty.
 */
export function ofAllPods(metric: Metric, metrics: Readonly<Partial<RunMetrics>>): number | null {
  const value = metrics[metric] ?? null;
  const share = LOOKS_AT[metric];
  if (share === undefined) return value;
  const reached = (metrics.projections ?? 0) + (metrics.replaced ?? 0);
  const waiting = metrics.pending_at_end ?? 0;
  return waiting > 0 && share * (reached + waiting) > reached ? null : value;
}
