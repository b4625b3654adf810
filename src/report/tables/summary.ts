import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { metricsOf } from '../../experiment/language/values/metrics.js';
import { cellsOf, number, integer, SCENARIO_COLUMNS, text } from '../columns.js';
import { metricUnit } from '../metric-columns.js';
import { factorColumns, scenarioCells } from '../scenario-cells.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import { mapRows } from './run-rows.js';
import type { ResultTable, Table } from './table.js';

/** `summary.csv` after the scenario and its factors. */
const SUMMARY_COLUMNS = [
  text('metric', 'a metric column of runs.csv'),
  text('unit', 'unit of the metric'),
  integer('n', 'replications', 'replications in which the metric has a value'),
  number('mean', '', 'mean over the replications, in the unit of the metric'),
  number('stddev', '', 'sample standard deviation over the replications, in the unit of the metric'),
  number('ci95_low', '', 'lower end of the 95 % Student-t interval of the mean, in the unit of the metric'),
  number('ci95_high', '', 'upper end of the 95 % Student-t interval of the mean, in the unit of the metric'),
  number('min', '', 'smallest value of a replication, in the unit of the metric'),
  number('max', '', 'largest value of a replication, in the unit of the metric'),
] as const;

/** `summary.csv`: a row per scenario and metric. */
function summaryTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table {
  const pairs = scenarios.flatMap((summary) => metricsOf(experiment.spec).map((metric) => ({ ...summary, metric })));
  return {
    columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...SUMMARY_COLUMNS],
    rows: mapRows(pairs, ({ scenario, metric, metrics }) => {
      const { n, mean, stddev, ci95Low, ci95High, min, max } = metrics[metric];
      return [
        ...scenarioCells(experiment, scenario),
        ...cellsOf(SUMMARY_COLUMNS, {
          metric,
          unit: metricUnit(metric),
          n,
          mean,
          stddev,
          ci95_low: ci95Low,
          ci95_high: ci95High,
          min,
          max,
        }),
      ];
    }),
  };
}

/** What `summary.csv` is. */
export const SUMMARY: ResultTable = {
  row: 'scenario and metric',
  columns: [...SCENARIO_COLUMNS, ...SUMMARY_COLUMNS],
  key: ['scenario', 'metric'],
  make: summaryTable,
};
