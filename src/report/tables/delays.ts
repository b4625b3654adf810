import { group } from 'd3-array';
import { CONSUMPTION_MODES } from '../../cluster/model/kinds.js';
import { BETWEEN_QUANTILES, DELAY_QUANTILES, type DelayGroup } from '../../cluster/model/run-record.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import type { CompletedRun } from '../../experiment/execution/runner.js';
import { meanOf, summarize } from '../../experiment/statistics/statistics.js';
import { cellsOf, integer, number, type RowOf, SCENARIO_COLUMNS, text } from '../columns.js';
import { factorColumns, scenarioCells } from '../scenario-cells.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import type { ResultTable, Table } from './table.js';

/** `delays.csv` after the scenario and its factors. */
const DELAYS_COLUMNS = [
  text('object_class', 'class of the objects (its name in spec.objects)'),
  text('as', 'how the pods consume them', CONSUMPTION_MODES),
  number('quantile', '', 'share of the projections that are at most this late, 0 to 1'),
  integer('n', 'replications', 'replications with projections of this class'),
  number('projections_mean', 'consumers', 'projections of this class and consumer per replication, mean'),
  number('delay_s', 's', 'delay at the quantile (R-7), mean over the replications'),
  number('delay_ci95_low_s', 's', 'lower end of the 95 % Student-t interval of delay_s'),
  number('delay_ci95_high_s', 's', 'upper end of the 95 % Student-t interval of delay_s'),
  number(
    'cache_delay_s',
    's',
    'mean stage 1 of the projections between the previous quantile that has stages and this one; empty at those between',
  ),
  number('sync_wait_s', 's', 'mean stage 2 of the projections that cache_delay_s is about'),
  number('refresh_s', 's', 'mean stage 3 of the projections that cache_delay_s is about'),
] as const;

/** `delays.csv`: a row per scenario, object class, mode of consumption and quantile, those between included. */
function delaysTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table {
  const rows = scenarios.flatMap(({ scenario, runs }) =>
    delayGroups(runs).flatMap((groups) =>
      LEVELS.map((level) => [
        ...scenarioCells(experiment, scenario),
        ...cellsOf(DELAYS_COLUMNS, delayRow(groups, level)),
      ]),
    ),
  );
  return { columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...DELAYS_COLUMNS], rows };
}

/** The groups with projections of the same class and mode over the replications, in order of first appearance. */
function delayGroups(runs: readonly CompletedRun[]): readonly (readonly DelayGroup[])[] {
  const groups = runs.flatMap((run) => run.record.delays.filter(({ projections }) => projections > 0));
  return [...group(groups, ({ objectClass, as }) => JSON.stringify([objectClass, as])).values()];
}

/** A quantile, and where a group has its delay and its stages. */
interface Level {
  readonly quantile: number;
  readonly delayIn: (group: DelayGroup) => number;
  /** Index of DELAY_QUANTILES; null: between them, without stages. */
  readonly q: number | null;
}

const LEVELS: readonly Level[] = [
  ...DELAY_QUANTILES.map((quantile, q): Level => ({ quantile, q, delayIn: ({ quantilesS }) => quantilesS[q] })),
  ...BETWEEN_QUANTILES.map((quantile, i): Level => ({ quantile, q: null, delayIn: ({ betweenS }) => betweenS[i] })),
].sort((a, b) => a.quantile - b.quantile);

function delayRow(groups: readonly DelayGroup[], { quantile, q, delayIn }: Level): RowOf<typeof DELAYS_COLUMNS> {
  const delay = summarize(groups.map(delayIn));
  const stage = (index: 0 | 1 | 2): number | null =>
    q === null ? null : meanOf(groups.map((group) => group.stagesS[q]?.[index] ?? null));
  return {
    object_class: groups[0].objectClass,
    as: groups[0].as,
    quantile,
    n: delay.n,
    projections_mean: meanOf(groups.map((group) => group.projections)),
    delay_s: delay.mean,
    delay_ci95_low_s: delay.ci95Low,
    delay_ci95_high_s: delay.ci95High,
    cache_delay_s: stage(0),
    sync_wait_s: stage(1),
    refresh_s: stage(2),
  };
}

/** What `delays.csv` is. */
export const DELAYS: ResultTable = {
  row: 'scenario, class of objects, mode of consumption and quantile',
  columns: [...SCENARIO_COLUMNS, ...DELAYS_COLUMNS],
  key: ['scenario', 'object_class', 'as', 'quantile'],
  make: delaysTable,
};
