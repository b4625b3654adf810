import type { ReadExperiment } from '../experiment/language/experiment.js';
import { cellsOf, type Column, text } from './columns.js';
import { partName } from './file-names.js';
import type { ScenarioSummary } from './scenario-summary.js';
import { boundsTable } from './tables/bounds.js';
import { delaysTable } from './tables/delays.js';
import { effectsTable } from './tables/effects.js';
import { groupsTable } from './tables/groups.js';
import { lastPodTable } from './tables/last-pod.js';
import { loadTable } from './tables/load.js';
import { pairedTable } from './tables/paired.js';
import { restartsTable } from './tables/restarts.js';
import { rotationTable } from './tables/rotation.js';
import { runsTable } from './tables/runs.js';
import { samplesTable } from './tables/samples.js';
import { summaryTable } from './tables/summary.js';
import type { LineTable, Table, TableMaker } from './tables/table.js';
import { updatesTable } from './tables/updates.js';

/** The tables of a result by their names, in the order of writing: each is a file, unless it has nothing to tell. */
const TABLES: Readonly<Record<string, TableMaker>> = {
  runs: runsTable,
  summary: summaryTable,
  paired: pairedTable,
  effects: effectsTable,
  delays: delaysTable,
  groups: groupsTable,
  last_pod: lastPodTable,
  rotation: rotationTable,
  bounds: boundsTable,
  updates: updatesTable,
  load: loadTable,
  restarts: restartsTable,
  samples: samplesTable,
};

/** The dictionary of the columns of all others: it comes last. */
const DICTIONARY = 'columns';

/** `columns.csv`: the data dictionary itself. */
const DICTIONARY_COLUMNS = [
  text('file', 'result file'),
  text('name', 'column of the file'),
  text('type', 'integer, number or text'),
  text('unit', 'unit of the numbers; empty for text and numbers without one'),
  text('meaning', 'what the column holds'),
] as const;

/** A result file before it is written. */
export type NamedTable = (Table | LineTable) & {
  /** Without extension. */
  readonly name: string;
};

/** Whether there can be a table of this name. */
export function isTableName(name: string): boolean {
  return name === DICTIONARY || Object.hasOwn(TABLES, name);
}

/** The tables of a result, in the order of writing. */
export function resultTables(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): readonly NamedTable[] {
  const tables = Object.entries(TABLES).flatMap(([name, tableOf]): readonly NamedTable[] => {
    const table = tableOf(experiment, scenarios);
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
