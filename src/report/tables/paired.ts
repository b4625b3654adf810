import type { Metric } from '../../cluster/model/run-record.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { metricsOf } from '../../experiment/language/values/metrics.js';
import { cellsOf, integer, number, SCENARIO, text } from '../columns.js';
import type { Cell } from '../csv.js';
import { factorsOf, isSample, valueOf, valuesOf, type JointFactor } from '../factor-values.js';
import { metricUnit } from '../metric-columns.js';
import { pairedDifference, pairsOf } from '../paired-difference.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import type { ResultTable, Table } from './table.js';

/** `paired.csv` */
const PAIRED_COLUMNS = [
  text('factor', 'the factor that differs (paths that vary together are one)'),
  text('value', 'its value in the scenario'),
  text('baseline', 'its first value, which the scenario is compared with'),
  SCENARIO,
  text('baseline_scenario', 'the scenario with the first value and the same other factors'),
  text('metric', 'a metric column of runs.csv'),
  text('unit', 'unit of the metric'),
  integer('n', 'replications', 'replications of both scenarios'),
  number('baseline_mean', '', 'mean of the baseline, in the unit of the metric'),
  number('mean', '', 'mean of the scenario, in the unit of the metric'),
  number('difference', '', 'mean over the replications of scenario less baseline, in the unit of the metric'),
  number('ci95_low', '', 'lower end of the 95 % Student-t interval of the difference'),
  number('ci95_high', '', 'upper end of the 95 % Student-t interval of the difference'),
  number('change_percent', '%', 'difference as a share of baseline_mean'),
] as const;

/**
 * `paired.csv`: what a factor's value changes against its first value, all other factors alike. Replication r meets
 * the same chance in every scenario (common random numbers), so differences are taken replication by replication,
 * and the Student-t interval is that of their mean. null where no factor has two values, and for samples,
 * in which no two scenarios differ in one factor alone.
 */
export function pairedTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table | null {
  if (isSample(experiment)) return null;
  const factors = factorsOf(experiment, scenarios).filter((factor) => valuesOf(factor, scenarios).size > 1);
  if (factors.length === 0) return null;
  return { columns: PAIRED_COLUMNS, rows: rowsOf(factors, scenarios, metricsOf(experiment.spec)) };
}

function* rowsOf(
  factors: readonly JointFactor[],
  scenarios: readonly ScenarioSummary[],
  metrics: readonly Metric[],
): Generator<readonly Cell[]> {
  for (const factor of factors) {
    const [first] = valuesOf(factor, scenarios);
    const baselines = new Map(
      scenarios
        .filter((summary) => valueOf(factor, summary) === first)
        .map((summary) => [othersOf(factor, summary), summary] as const),
    );
    for (const summary of scenarios) {
      const value = valueOf(factor, summary);
      const baseline = baselines.get(othersOf(factor, summary));
      if (value === first || baseline === undefined) continue;
      const pairs = pairsOf(summary, baseline);
      for (const metric of metrics) {
        const row = pairedDifference(metric, pairs);
        if (row === null) continue;
        yield cellsOf(PAIRED_COLUMNS, {
          factor: factor.join(' & '),
          value,
          baseline: first,
          scenario: summary.scenario.name,
          baseline_scenario: baseline.scenario.name,
          metric,
          unit: metricUnit(metric),
          ...row,
        });
      }
    }
  }
}

/** What identifies a scenario but for a factor. */
function othersOf(factor: JointFactor, { scenario }: ScenarioSummary): string {
  return JSON.stringify(Object.entries(scenario.factors).filter(([path]) => !factor.includes(path)));
}

/** What `paired.csv` is. */
export const PAIRED: ResultTable = {
  row: 'value of a factor, but for its first, scenario and metric',
  columns: PAIRED_COLUMNS,
  key: ['factor', 'scenario', 'metric'],
  make: pairedTable,
};
