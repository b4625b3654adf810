import type { ReadExperiment } from '../../experiment/language/experiment.js';
import type { Column } from '../columns.js';
import type { Cell, Dialect } from '../csv.js';
import { type Lines, RowLines } from '../lines.js';
import type { ScenarioSummary } from '../scenario-summary.js';

/** What a result file holds: its columns, and its rows in order. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** A table of so many rows that it makes its lines itself. */
export interface LineTable {
  readonly columns: readonly Column[];
  readonly lines: (dialect: Dialect) => Lines;
}

/** The lines of a table after its header. */
export function linesOf(table: Table | LineTable, dialect: Dialect): Lines {
  return 'lines' in table ? table.lines(dialect) : new RowLines(table.rows, dialect);
}

/** Makes a table of what an experiment has found; null where it has nothing to tell. */
export type TableMaker = (
  experiment: ReadExperiment,
  scenarios: readonly ScenarioSummary[],
) => Table | LineTable | null;
