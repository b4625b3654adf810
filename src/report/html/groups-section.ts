import { group, max } from 'd3-array';
import { GROUPINGS, type Grouping } from '../../cluster/model/group-delays.js';
import { countIn, numberIn, type ResultRow } from '../read/result-row.js';
import { numbersBelow, type TableCell, tableOf } from './figure.js';
import { html, type Html } from './html.js';
import type { PageSection } from './page.js';
import type { Scenes, Series } from './scenes.js';

/** Groups in sight, the slowest first; all are in groups.csv. */
const SHOWN_MAX = 15;

const TITLES: Readonly<Record<Grouping, string>> = {
  namespace: 'namespace',
  owner_kind: 'kind of owner',
  owner: 'owner',
  node_pool: 'node pool',
};

/** What is shown of a group in each scenario: these quantiles of its delay, s. */
const QUANTILES = [
  { level: 0.5, label: 'p50, s' },
  { level: 0.99, label: 'p99, s' },
  { level: 1, label: 'last pod, s' },
] as const;

/** A group with its rows of groups.csv. */
interface Group {
  readonly name: string;
  readonly rows: readonly ResultRow[];
}

/** Whose pods are late: the groups of groups.csv, the slowest first; null where the result has none. */
export function groupsSection({ data, series, leftOut }: Scenes): PageSection | null {
  const byGrouping = group(data.groups, (row) => row['grouping']);
  const shown = GROUPINGS.flatMap((grouping) => {
    const rows = byGrouping.get(grouping) ?? [];
    return rows.length === 0 ? [] : [{ grouping, groups: slowestFirst(rows) }];
  });
  if (shown.length === 0) return null;
  const title = 'Delays by namespace, owner and node pool';
  const tables = shown.map(({ grouping, groups }) => groupingTable(grouping, groups, series));
  const few = shown.filter(({ groups }) => groups.length <= SHOWN_MAX).flatMap(({ groups }) => groups);
  const columns = ['scenario', 'grouping', 'group', 'quantile', 'n', 'reached_mean', 'unreached_mean', 'delay_s'];
  const numbers = few.flatMap(({ rows }) =>
    rows.map((row): readonly TableCell[] => columns.map((column, i) => (i < 3 ? row[column] : numberIn(row, column)))),
  );
  const body = html`<section id="groups">
    <h2>${title}</h2>
    <p>
      Whose pods have the new keys late, and whose never see them: consumers of one group together, over all updates.
    </p>
    ${tables} ${leftOut === null ? null : html`<p class="note">${leftOut}</p>`}
    ${numbersBelow({ columns, rows: numbers }, ['groups.csv'])}
  </section>`;
  return { id: 'groups', title, body };
}

function slowestFirst(rows: readonly ResultRow[]): readonly Group[] {
  const groups = [...group(rows, (row) => row['group'])].map(([name, own]): Group => ({ name, rows: own }));
  const slowest = (each: Group): number => max(each.rows, (row) => numberIn(row, 'delay_s')) ?? -1;
  return groups.sort((a, b) => slowest(b) - slowest(a));
}

function groupingTable(grouping: Grouping, groups: readonly Group[], series: readonly Series[]): Html {
  const columns = [
    TITLES[grouping],
    ...series.flatMap(({ label }) => [...QUANTILES.map((each) => `${label}: ${each.label}`), 'never or pending']),
  ];
  const rows = groups.slice(0, SHOWN_MAX).map(({ name, rows: own }) => [
    name,
    ...series.flatMap(({ scenario }) => {
      const ofScenario = own.filter((row) => row['scenario'] === scenario.scenario.name);
      const at = (level: number): ResultRow | undefined => ofScenario.find((row) => Number(row['quantile']) === level);
      const unreached = ofScenario.length === 0 ? null : countIn(ofScenario[0], 'unreached_mean');
      return [...QUANTILES.map(({ level }) => tenths(at(level))), unreached];
    }),
  ]);
  const rest = groups.length - rows.length;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Delays by ${TITLES[grouping]}">
      ${tableOf({ columns, rows })}
    </div>
    ${rest > 0 ? html`<p class="note">The ${SHOWN_MAX} slowest of ${groups.length}; all are in groups.csv.</p>` : null}`;
}

/** The delay of a row to a tenth of a second; null where nobody was reached. */
function tenths(row: ResultRow | undefined): number | null {
  const delay = row === undefined ? null : numberIn(row, 'delay_s');
  return delay === null ? null : Math.round(delay * 10) / 10;
}
