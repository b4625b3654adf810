import { group } from 'd3-array';
import { GROUP_QUANTILES, GROUPINGS, type GroupDelays } from '../../cluster/model/group-delays.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { summarize } from '../../experiment/statistics/statistics.js';
import { cellsOf, integer, number, type RowOf, SCENARIO_COLUMNS, text } from '../columns.js';
import { factorColumns, scenarioCells } from '../scenario-cells.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import type { ResultTable, Table } from './table.js';

/** `groups.csv` after the scenario and its factors. */
const GROUPS_COLUMNS = [
  text('grouping', 'what the pods are put together by: namespace, owner_kind, owner or node_pool', GROUPINGS),
  text(
    'group',
    'the namespace; the kind of owner; the owner (kind namespace/name; Pod namespace/* are those without one); or the node pool',
  ),
  number('quantile', '', 'share of the group’s projections that are at most this late; 1: its last pod, worst update'),
  integer('n', 'replications', 'replications in which a consumer of the group was reached'),
  number('reached_mean', 'consumers', 'consumers of the group, counted at each update, that got it; mean'),
  number(
    'unreached_mean',
    'consumers',
    'consumers of the group that were due and did not get it by the end of the run: never, or pending; mean',
  ),
  number('delay_s', 's', 'delay at the quantile (R-7), mean over the replications'),
  number('delay_ci95_low_s', 's', 'lower end of the 95 % Student-t interval of delay_s'),
  number('delay_ci95_high_s', 's', 'upper end of the 95 % Student-t interval of delay_s'),
] as const;

/** `groups.csv`: a row per scenario, group and quantile; null where no scenario was asked for its groups. */
export function groupsTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table | null {
  if (!scenarios.some(({ scenario }) => scenario.input.groups)) return null;
  const rows = scenarios.flatMap((summary) =>
    groupsOf(summary).flatMap((replications) =>
      GROUP_QUANTILES.map((_, q) => [
        ...scenarioCells(experiment, summary.scenario),
        ...cellsOf(GROUPS_COLUMNS, groupRow(replications, q)),
      ]),
    ),
  );
  return { columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...GROUPS_COLUMNS], rows };
}

/** The groups of a scenario, each in those replications in which it has a consumer that was due. */
function groupsOf({ runs }: ScenarioSummary): readonly (readonly GroupDelays[])[] {
  const all = runs.flatMap(({ record }) => record.groups ?? []);
  return GROUPINGS.flatMap((grouping) => {
    const own = all.filter((each) => each.grouping === grouping);
    return [...group(own, (each) => each.group)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, of]) => of);
  });
}

function groupRow(replications: readonly GroupDelays[], q: number): RowOf<typeof GROUPS_COLUMNS> {
  const delay = summarize(replications.flatMap(({ quantilesS }) => quantilesS[q] ?? []));
  return {
    grouping: replications[0].grouping,
    group: replications[0].group,
    quantile: GROUP_QUANTILES[q],
    n: delay.n,
    reached_mean: summarize(replications.map(({ reached }) => reached)).mean,
    unreached_mean: summarize(replications.map(({ unreached }) => unreached)).mean,
    delay_s: delay.mean,
    delay_ci95_low_s: delay.ci95Low,
    delay_ci95_high_s: delay.ci95High,
  };
}

/** What `groups.csv` is. */
export const GROUPS: ResultTable = {
  row: 'scenario, group of pods and quantile',
  columns: [...SCENARIO_COLUMNS, ...GROUPS_COLUMNS],
  key: ['scenario', 'grouping', 'group', 'quantile'],
  make: groupsTable,
};
