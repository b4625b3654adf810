import type { Cell } from './csv.js';

/** One column of a result file: an entry of the data dictionary (`columns.csv`). */
export interface Column {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'text';
  /** Unit of a number; empty for text and for numbers that have none. */
  readonly unit: string;
  readonly meaning: string;
  /** All texts that its cells can be; missing where they are not a closed set. */
  readonly values?: readonly string[];
}

/** A row of a table with these columns: a cell for each, none left out. */
export type RowOf<Columns extends readonly Column[]> = Readonly<Record<Columns[number]['name'], Cell>>;

/** The cells of a row in the order of the columns. */
export function cellsOf<Columns extends readonly Column[]>(columns: Columns, row: RowOf<Columns>): Cell[] {
  return columns.map((column) => row[column.name as Columns[number]['name']]);
}

/** A column of text; `values`: all that it can be. */
export const text = <Name extends string>(name: Name, meaning: string, values?: readonly string[]) =>
  ({ name, type: 'text', unit: '', meaning, ...(values !== undefined && { values }) }) as const;
/** A column of whole numbers. */
export const integer = <Name extends string>(name: Name, unit: string, meaning: string) =>
  ({ name, type: 'integer', unit, meaning }) as const;
/** A column of numbers. */
export const number = <Name extends string>(name: Name, unit: string, meaning: string) =>
  ({ name, type: 'number', unit, meaning }) as const;

const EXPERIMENT = text('experiment', 'metadata.name of the experiment');
/** The column of the scenario's name. */
export const SCENARIO = text('scenario', 'name of the scenario: its factors and their values');
/** The column of the run. */
export const RUN_ID = text('run_id', 'the run (scenario and replication); the key that joins the files');

/** Identifies the run of a row. */
export const RUN_COLUMNS = [
  RUN_ID,
  EXPERIMENT,
  SCENARIO,
  integer('replication', '', 'number of the replication, from 1; the same chance in every scenario'),
] as const;

/** Identifies the run of a row of `runs.csv`; the factors and the metrics follow. */
export const RUNS_COLUMNS = [...RUN_COLUMNS, text('seed', 'seed of the run')] as const;

/** Identifies the scenario of a row; the factors follow. */
export const SCENARIO_COLUMNS = [EXPERIMENT, SCENARIO] as const;

/**
 * The column of a factor: its path inside `spec`; `spec.seed` where the bare path is the name of
 * another column.
 */
export function factorColumn(path: string, values: readonly (string | number | boolean)[]): Column {
  const name = RUNS_COLUMNS.some((column) => column.name === path) ? `spec.${path}` : path;
  const type = values.every((value) => typeof value === 'number')
    ? values.every((value) => Number.isInteger(value))
      ? 'integer'
      : 'number'
    : 'text';
  return { name, type, unit: '', meaning: `factor: value of ${path} in this scenario` };
}
