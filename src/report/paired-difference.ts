import type { Metric } from '../cluster/model/run-record.js';
import { summarize } from '../experiment/statistics/statistics.js';

/** The runs of a scenario, as far as two of them are compared. */
export interface PairedScenario {
  readonly runs: readonly {
    readonly replication: number;
    readonly record: { readonly metrics: Readonly<Record<Metric, number | null>> };
  }[];
}

/** What a metric is in a scenario and its baseline, as paired.csv has it. */
export interface PairedDifference {
  readonly n: number;
  readonly baseline_mean: number | null;
  readonly mean: number | null;
  readonly difference: number | null;
  readonly ci95_low: number | null;
  readonly ci95_high: number | null;
  readonly change_percent: number | null;
}

/**
 * Mean difference of a metric over the replications that a scenario and its baseline share; null where one lacks a
 * value, or where there is nothing to compare. Replication r meets the same chance in both (common random numbers), so
 * differences are taken replication by replication, and the Student-t interval is that of their mean.
 */
export function pairedDifference(
  metric: Metric,
  summary: PairedScenario,
  baseline: PairedScenario,
): PairedDifference | null {
  const before = new Map(baseline.runs.map(({ replication, record }) => [replication, record.metrics[metric]]));
  const pairs = summary.runs.flatMap(({ replication, record }) =>
    before.has(replication) ? [{ value: record.metrics[metric], base: before.get(replication) ?? null }] : [],
  );
  const known = pairs.flatMap(({ value, base }) => (value === null || base === null ? [] : [{ value, base }]));
  if (known.length === 0 || known.length < pairs.length) return null;
  if (known.every(({ value, base }) => value === 0 && base === 0)) return null;
  const { n, mean, ci95Low, ci95High } = summarize(known.map(({ value, base }) => value - base));
  const baselineMean = summarize(known.map(({ base }) => base)).mean;
  return {
    n,
    baseline_mean: baselineMean,
    mean: summarize(known.map(({ value }) => value)).mean,
    difference: mean,
    ci95_low: ci95Low,
    ci95_high: ci95High,
    change_percent: mean === null || baselineMean === null || baselineMean === 0 ? null : (100 * mean) / baselineMean,
  };
}
