import { type Cell, csvLines } from '../report/csv.js';
import { partName } from '../report/file-names.js';
import { plainNumber } from '../report/plain-number.js';
import type { ResultRow } from '../report/read/result-row.js';
import type { NamedTable } from '../report/result-tables.js';

/** A file that the page holds. */
export interface PlaygroundFile {
  readonly name: string;
  readonly text: string;
}

/** A table whose rows are there: they can be gone through more than once. */
export interface CellTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly cells: readonly (readonly Cell[])[];
}

/** The tables of a result with their rows. Samples are never asked for here: they alone make lines and no rows. */
export function cellTables(tables: readonly NamedTable[]): readonly CellTable[] {
  return tables.flatMap((table) =>
    'rows' in table
      ? [{ name: table.name, columns: table.columns.map(({ name }) => name), cells: [...table.rows] }]
      : [],
  );
}

/** The rows of a table as they are read back from its file. */
export function rowsOf({ columns, cells }: CellTable): readonly ResultRow[] {
  const textOf = (cell: Cell): string => (cell === null ? '' : typeof cell === 'number' ? plainNumber(cell) : cell);
  return cells.map((row) => Object.fromEntries(columns.map((name, index) => [name, textOf(row[index])])));
}

/** The table as the file that `run` writes. */
export function fileOf({ name, columns, cells }: CellTable): PlaygroundFile {
  return { name: partName(name, 1), text: csvLines([columns, ...cells], { excel: false }) };
}
