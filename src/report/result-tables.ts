import type { ReadExperiment } from '../experiment/language/experiment.js';
import { cellsOf, type Column, text } from './columns.js';
import { partName } from './file-names.js';
import type { ScenarioSummary } from './scenario-summary.js';
import { BOUNDS } from './tables/bounds.js';
import { DELAYS } from './tables/delays.js';
import { EFFECTS } from './tables/effects.js';
import { GROUPS } from './tables/groups.js';
import { LAST_POD } from './tables/last-pod.js';
import { LOAD } from './tables/load.js';
import { PAIRED } from './tables/paired.js';
import { RESTARTS } from './tables/restarts.js';
import { ROTATION } from './tables/rotation.js';
import { RUNS } from './tables/runs.js';
import { SAMPLES } from './tables/samples.js';
import { SUMMARY } from './tables/summary.js';
import type { LineTable, ResultTable, Table } from './tables/table.js';
import { UPDATES } from './tables/updates.js';

/** The tables of a result by their names, in the order of writing: each is a file, unless it has nothing to tell. */
const TABLES: Readonly<Record<string, ResultTable>> = {
  runs: RUNS,
  summary: SUMMARY,
  paired: PAIRED,
  effects: EFFECTS,
  delays: DELAYS,
  groups: GROUPS,
  last_pod: LAST_POD,
  rotation: ROTATION,
  bounds: BOUNDS,
  updates: UPDATES,
  load: LOAD,
  restarts: RESTARTS,
  samples: SAMPLES,
};

/** The dictionary of the columns of all others: it comes last. */
const DICTIONARY = 'columns';

/** `columns.csv`: the data dictionary itself. */
const DICTIONARY_COLUMNS = [
  text('file', 'result file'),
  text('name', 'column of the file'),
  text('type', 'integer, number or text', ['integer', 'number', 'text']),
  text('unit', 'unit of the numbers; empty for text and numbers without one'),
  text('meaning', 'what the column holds'),
] as const;

/** What a result file is, but for how it is made. */
export type TableKind = Omit<ResultTable, 'make'>;

/** Every result file by its name without extension, in the order of writing. */
export const TABLE_KINDS: Readonly<Record<string, TableKind>> = {
  ...TABLES,
  [DICTIONARY]: { row: 'column of a result file', columns: DICTIONARY_COLUMNS, key: ['file', 'name'] },
};

/** A result file before it is written. */
export type NamedTable = (Table | LineTable) & {
  /** Without extension. */
  readonly name: string;
};

/** Whether there can be a table of this name. */
export function isTableName(name: string): boolean {
  return Object.hasOwn(TABLE_KINDS, name);
}

/** The tables of a result, in the order of writing. */
export function resultTables(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): readonly NamedTable[] {
  const tables = Object.entries(TABLES).flatMap(([name, { make }]): readonly NamedTable[] => {
    const table = make(experiment, scenarios);
    return table === null ? [] : [{ name, ...table }];
  });
  return [...tables, { name: DICTIONARY, ...dictionaryTable(tables) }];
}

/** `columns.csv`: a row per column of each file, its own included. */
function dictionaryTable(tables: readonly NamedTable[]): Table {
  const described: readonly { readonly name: string; readonly columns: readonly Column[] }[] = [
    ...tables,
    { name: DICTIONARY, columns: DICTIONARY_COLUMNS },
  ];
  return {
    columns: DICTIONARY_COLUMNS,
    rows: described.flatMap((table) =>
      table.columns.map((column) => cellsOf(DICTIONARY_COLUMNS, { file: partName(table.name, 1), ...column })),
    ),
  };
}
