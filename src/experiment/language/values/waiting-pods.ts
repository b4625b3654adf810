import type { Metric, RunMetrics } from '../../../cluster/model/run-record.js';

/** Of the delays in ascending order, the share up to which a metric looks at them. */
const LOOKS_AT: Readonly<Partial<Record<Metric, number>>> = {
  delay_p50_s: 0.5,
  delay_p90_s: 0.9,
  delay_p99_s: 0.99,
  delay_p999_s: 0.999,
  delay_mean_s: 1,
  delay_max_s: 1,
  cache_delay_mean_s: 1,
  sync_wait_mean_s: 1,
  refresh_mean_s: 1,
};

/**
 * What a metric of a run says of all its pods. Delays are known of those that have an update; where some still wait at the end
 * of the run, theirs are longer than could be seen, and what looks at them has no value: null, as where it is empty.
 */
export function ofAllPods(metric: Metric, metrics: Readonly<Partial<RunMetrics>>): number | null {
  return isForThoseWhoWait(metric, metrics) ? null : (metrics[metric] ?? null);
}

/** Whether pods that still wait at the end of a run decide a metric. */
export function isForThoseWhoWait(metric: Metric, metrics: Readonly<Partial<RunMetrics>>): boolean {
  const share = LOOKS_AT[metric];
  const reached = (metrics.projections ?? 0) + (metrics.replaced ?? 0);
  const waiting = metrics.pending_at_end ?? 0;
  return share !== undefined && waiting > 0 && share * (reached + waiting) > reached;
}
