import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { METRICS } from '../../cluster/model/run-record.js';
import { isExceedance, metricsOf } from '../../experiment/language/values/metrics.js';
import { RUNS_COLUMNS } from '../columns.js';
import { metricColumn } from '../metric-columns.js';
import { factorCells, factorColumns } from '../scenario-cells.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import { allRuns, mapRows, runCells } from './run-rows.js';
import type { ResultTable, Table } from './table.js';

/** `runs.csv`: a row per run. */
export function runsTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table {
  const metrics = metricsOf(experiment.spec);
  return {
    columns: [...RUNS_COLUMNS, ...factorColumns(experiment), ...metrics.map(metricColumn)],
    rows: mapRows(allRuns(scenarios), (each) => [
      ...runCells(experiment, each),
      each.run.seed,
      ...factorCells(experiment, each.scenario),
      ...metrics.map((metric) => each.run.record.metrics[metric]),
    ]),
  };
}

/** What `runs.csv` is. */
export const RUNS: ResultTable = {
  row: 'run (scenario × replication)',
  columns: [...RUNS_COLUMNS, ...METRICS.map(metricColumn)],
  furtherColumn: (name) => (isExceedance(name) ? metricColumn(name) : null),
  key: ['run_id'],
  make: runsTable,
};
