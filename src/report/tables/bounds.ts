import { type Bound, widestBound } from '../../cluster/model/bound.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { cellsOf, number, type RowOf, SCENARIO_COLUMNS, text } from '../columns.js';
import { factorColumns, scenarioCells } from '../scenario-cells.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import type { ResultTable, Table } from './table.js';

/** What a row of `bounds.csv` says of its scenario. */
export const BOUND_PARTS = { term: 'term', assumption: 'assumption', none: 'no closed form' } as const;

/** `bounds.csv` after the scenario and its factors. */
const BOUND_COLUMNS = [
  text(
    'part',
    'term: a part of the bound; assumption: what has to hold for it; no closed form: there is none, and meaning says why',
    Object.values(BOUND_PARTS),
  ),
  text('meaning', 'what the part is, in words'),
  number('term_s', 's', 'how long it takes at the most: the terms of a scenario add up to its last_pod_bound_s'),
  text('source', 'settings of the experiment and code of Kubernetes that it comes from'),
] as const;

/**
 * `bounds.csv`: what the time is made of by which every pod has an update, for the update of each scenario that takes
 * longest. null where no scenario has an update.
 */
function boundsTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table | null {
  const rows = scenarios.flatMap(({ scenario, runs }) => {
    const bound = widestBound(runs.flatMap(({ record }) => record.bound ?? []));
    const own = bound === null ? [] : rowsOf(bound);
    return own.map((row) => [...scenarioCells(experiment, scenario), ...cellsOf(BOUND_COLUMNS, row)]);
  });
  if (rows.length === 0) return null;
  return { columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...BOUND_COLUMNS], rows };
}

function rowsOf({ seconds, terms, assumes, reason }: Bound): readonly RowOf<typeof BOUND_COLUMNS>[] {
  const words = (part: string, meaning: string) => ({ part, meaning, term_s: null, source: '' });
  if (seconds === null) return [words(BOUND_PARTS.none, reason)];
  return [
    ...terms.map(({ name, seconds: term, source }) => ({
      part: BOUND_PARTS.term,
      meaning: name,
      term_s: term,
      source,
    })),
    ...assumes.map((assumption) => words(BOUND_PARTS.assumption, assumption)),
  ];
}

/** What `bounds.csv` is. */
export const BOUNDS: ResultTable = {
  row: 'scenario and part of its bound',
  columns: [...SCENARIO_COLUMNS, ...BOUND_COLUMNS],
  key: ['scenario', 'part', 'meaning'],
  make: boundsTable,
};
