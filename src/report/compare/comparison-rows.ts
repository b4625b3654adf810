import { METRICS, type MetricName } from '../../cluster/model/run-record.js';
import { summarize, welchDifference, type Difference } from '../../experiment/statistics/statistics.js';
import type { RowOf } from '../columns.js';
import { metricUnit } from '../metric-columns.js';
import type { COMPARISON_COLUMNS } from './comparison-columns.js';

/** One metric of two scenarios. */
export type ComparisonRow = RowOf<typeof COMPARISON_COLUMNS>;

/** The runs of a scenario by replication. */
type Runs = readonly {
  readonly replication: number;
  readonly metrics: Readonly<Record<MetricName, number | null>>;
}[];

/**
 * Metrics with a value in both scenarios, in the order of runs.csv.
 * @param paired replication by replication, as both met the same chance; else as independent samples
 */
export function comparisonRows(a: Runs, b: Runs, paired: boolean): readonly ComparisonRow[] {
  return METRICS.flatMap((metric) => rowOf(metric, a, b, paired) ?? []);
}

/** null where a metric has no values that can be compared. */
function rowOf(metric: MetricName, a: Runs, b: Runs, paired: boolean): ComparisonRow | null {
  const [before, after] = paired ? pairsOf(metric, a, b) : [valuesOf(metric, a), valuesOf(metric, b)];
  const [first, second] = [summarize(before), summarize(after)];
  const difference = paired ? pairedDifference(before, after) : welchDifference(before, after);
  if (difference === null) return null;
  return {
    metric,
    unit: metricUnit(metric),
    method: paired ? 'paired' : 'welch',
    n_a: first.n,
    n_b: second.n,
    mean_a: first.mean,
    mean_b: second.mean,
    difference: difference.mean,
    ci95_low: difference.ci95Low,
    ci95_high: difference.ci95High,
    change_percent: first.mean === null || first.mean === 0 ? null : (100 * difference.mean) / first.mean,
  };
}

function valuesOf(metric: MetricName, runs: Runs): number[] {
  return runs.flatMap(({ metrics }) => metrics[metric] ?? []);
}

/** Values of the replications in which both have one. */
function pairsOf(metric: MetricName, a: Runs, b: Runs): readonly [number[], number[]] {
  const before = new Map(a.map(({ replication, metrics }) => [replication, metrics[metric]]));
  const pairs = b.flatMap(({ replication, metrics }) => {
    const [base, value] = [before.get(replication) ?? null, metrics[metric]];
    return base === null || value === null ? [] : [{ base, value }];
  });
  return [pairs.map(({ base }) => base), pairs.map(({ value }) => value)];
}

function pairedDifference(before: readonly number[], after: readonly number[]): Difference | null {
  const { mean, ci95Low, ci95High } = summarize(after.map((value, index) => value - before[index]));
  return mean === null ? null : { mean, ci95Low, ci95High };
}
