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

/** Columns whose cells are found in another table, in columns of the same names. */
export interface Reference {
  readonly columns: readonly string[];
  readonly table: string;
}

/** A result file: what stands in it, whatever the experiment, and how it is made. */
export interface ResultTable {
  /** What a row stands for. */
  readonly row: string;
  /** Its columns but for those that an experiment brings along: factors, thresholds, classes. */
  readonly columns: readonly Column[];
  /** The column of such a name among those that an experiment may bring along; null where there can be none. */
  readonly furtherColumn?: (name: string) => Column | null;
  /** The columns by which a row is told from all others; none where two rows may be alike. */
  readonly key: readonly string[];
  readonly refersTo?: readonly Reference[];
  readonly make: TableMaker;
}

/** Of tables with rows about runs. */
export const OF_RUNS: Reference = { columns: ['run_id'], table: 'runs' };
