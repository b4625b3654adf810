import { sum } from 'd3-array';
import { lastPodTimes } from '../../cluster/record/rotation-times.js';
import { clusteredQuantile } from '../../experiment/statistics/clustered-quantiles.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { cellsOf, integer, number, type RowOf, SCENARIO_COLUMNS, text } from '../columns.js';
import type { Cell } from '../csv.js';
import { finite } from '../plain-number.js';
import { factorColumns, scenarioCells } from '../scenario-cells.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import type { ResultTable, Table } from './table.js';

/** `last_pod.csv` after the scenario and its factors. */
const LAST_POD_COLUMNS = [
  number('quantile', '', 'share of the updates that all due pods have within last_pod_s, 0 to 1'),
  integer('replications', 'replications', 'replications with updates that pods can see'),
  integer('updates', 'updates', 'their updates, over all replications'),
  number(
    'last_pod_s',
    's',
    'quantile (R-7) of the time until the last pod has an update; empty if one is pending there',
  ),
  number('ci95_low_s', 's', 'lower end of the 95 % interval of last_pod_s; empty where it needs more replications'),
  number('ci95_high_s', 's', 'upper end of the 95 % interval of last_pod_s; empty where it needs more replications'),
  text(
    'interval',
    'order statistics: one update a replication, all independent; effective number: of as many independent ones as they are worth',
  ),
] as const;

/**
 * `last_pod.csv`: within what time 90 %, 99 %, … of the updates have reached their last pod, for the quantiles of
 * `output.lastPodQuantiles`. null where none were asked for.
 */
export function lastPodTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table | null {
  const { lastPodQuantiles } = experiment.spec.output;
  if (lastPodQuantiles === undefined) return null;
  return {
    columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...LAST_POD_COLUMNS],
    rows: rowsOf(experiment, scenarios, new Set(lastPodQuantiles)),
  };
}

function* rowsOf(
  experiment: ReadExperiment,
  scenarios: readonly ScenarioSummary[],
  quantiles: ReadonlySet<number>,
): Generator<readonly Cell[]> {
  for (const { scenario, runs } of scenarios) {
    const replications = runs
      .map((run) => lastPodTimes(run.readTables().updates).sort())
      .filter((times) => times.length > 0);
    if (replications.length === 0) continue;
    for (const quantile of quantiles) {
      yield [...scenarioCells(experiment, scenario), ...cellsOf(LAST_POD_COLUMNS, lastPodRow(replications, quantile))];
    }
  }
}

function lastPodRow(replications: readonly Float64Array[], quantile: number): RowOf<typeof LAST_POD_COLUMNS> {
  const { value, low, high } = clusteredQuantile(replications, quantile);
  const updates = sum(replications, ({ length }) => length);
  return {
    quantile,
    replications: replications.length,
    updates,
    last_pod_s: finite(value),
    ci95_low_s: finite(low),
    ci95_high_s: finite(high),
    interval: updates === replications.length ? 'order statistics' : 'order statistics, effective number',
  };
}

/** What `last_pod.csv` is. */
export const LAST_POD: ResultTable = {
  row: 'scenario and quantile',
  columns: [...SCENARIO_COLUMNS, ...LAST_POD_COLUMNS],
  key: ['scenario', 'quantile'],
  make: lastPodTable,
};
