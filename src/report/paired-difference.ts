import type { Metric } from '../cluster/model/run-record.js';
import { meanOf, summarize } from '../experiment/statistics/statistics.js';

type Metrics = Readonly<Record<Metric, number | null>>;

/** The runs of a scenario, as far as two of them are compared. */
export interface PairedScenario {
  readonly runs: readonly { readonly replication: number; readonly record: { readonly metrics: Metrics } }[];
}

/** What a replication measured in a scenario and in its baseline. */
export interface Pair {
  readonly metrics: Metrics;
  readonly base: Metrics;
}

/** The replications that a scenario and its baseline share. */
export function pairsOf(summary: PairedScenario, baseline: PairedScenario): readonly Pair[] {
  const before = new Map(baseline.runs.map(({ replication, record }) => [replication, record.metrics]));
  return summary.runs.flatMap(({ replication, record }) => {
    const base = before.get(replication);
    return base === undefined ? [] : [{ metrics: record.metrics, base }];
  });
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
 * Mean difference of a metric over the replications of a pair of scenarios; null where one lacks a value, or where there
 * is nothing to compare. Replication r meets the same chance in both (common random numbers), so differences are taken
 * replication by replication, and the Student-t interval is that of their mean.
 */
export function pairedDifference(metric: Metric, pairs: readonly Pair[]): PairedDifference | null {
  const known = pairs.flatMap(({ metrics, base }) => {
    const [value, before] = [metrics[metric], base[metric]];
    return typeof value === 'number' && typeof before === 'number' ? [{ value, base: before }] : [];
  });
  if (known.length === 0 || known.length < pairs.length) return null;
  if (known.every(({ value, base }) => value === 0 && base === 0)) return null;
  const { n, mean, ci95Low, ci95High } = summarize(known.map(({ value, base }) => value - base));
  const baselineMean = meanOf(known.map(({ base }) => base));
  return {
    n,
    baseline_mean: baselineMean,
    mean: meanOf(known.map(({ value }) => value)),
    difference: mean,
    ci95_low: ci95Low,
    ci95_high: ci95High,
    change_percent: mean === null || baselineMean === null || baselineMean === 0 ? null : (100 * mean) / baselineMean,
  };
}
