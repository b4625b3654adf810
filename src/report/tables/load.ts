import { MEMORY_COLUMN, requestColumns, SERVER_COLUMNS } from '../../cluster/meters/load-columns.js';
import { KIND } from '../../cluster/model/kinds.js';
import { SECOND_US } from '../../sim/units.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import type { CompletedRun } from '../../experiment/execution/runner.js';
import { cellsOf, type Column, integer, number, RUN_COLUMNS } from '../columns.js';
import { type Cell, seconds } from '../csv.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import { allRuns, flatRows, runCells } from './run-rows.js';
import { OF_RUNS, type ResultTable, type Table } from './table.js';

/** `load.csv` after the run; the model's load columns follow. */
const LOAD_COLUMNS = [
  integer('server', '', 'number of the API server, from 1'),
  number('bin_start_s', 's', 'start of the time bin, from the start of the measured time'),
] as const;

/** `load.csv`: a row per run, API server and time bin. Scenarios may measure different columns: the union stands. */
function loadTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table {
  const runs = allRuns(scenarios);
  const names = [...new Set(runs.flatMap(({ run }) => run.record.loadColumns))];
  return {
    columns: [...RUN_COLUMNS, ...LOAD_COLUMNS, ...names.map(loadColumn)],
    rows: flatRows(runs, (each) => loadRows(each.run, runCells(experiment, each), names)),
  };
}

function* loadRows(run: CompletedRun, identity: readonly Cell[], names: readonly string[]): Generator<Cell[]> {
  const { columns, bins, binS, servers, values } = run.readTables().load;
  const places = names.map((name) => columns.indexOf(name));
  const binUs = Math.round(binS * SECOND_US);
  for (let row = 0; row < servers * bins; row++) {
    const bin = row % bins;
    const place = { server: (row - bin) / bins + 1, bin_start_s: seconds(bin * binUs) };
    const cells = places.map((column) => {
      const value = column < 0 ? NaN : values[row * columns.length + column];
      return Number.isNaN(value) ? null : value;
    });
    yield [...identity, ...cellsOf(LOAD_COLUMNS, place), ...cells];
  }
}

/** Load columns other than requests, by their first words. */
const LOAD_COLUMNS_KNOWN: readonly (readonly [name: RegExp, unit: string, meaning: string])[] = [
  [/^quorum_reads/, 'requests', 'reads that reached etcd'],
  [/^watches_open_mean/, 'watches', 'open watches, mean over the bin'],
  [/^watches_open/, 'watches', 'open watches'],
  [/events/, 'events', 'watch events sent'],
  [/bookmarks/, 'bookmarks', 'bookmarks sent'],
  [
    /^memory_max_bytes/,
    'bytes',
    'most memory at one time: watch caches and open watches, estimate from the cost table',
  ],
  [/bytes/, 'bytes', 'bytes sent by watches and reads'],
  [/cpu.*cores$/, 'cores', 'CPU for this traffic alone, estimate from the cost table'],
  [/cpu/, 'core s', 'CPU time for this traffic alone, estimate from the cost table'],
  [/seats/, 'seats', 'seats of flow control taken, most at one time (empty where capacity is unlimited)'],
  [/queued/, 'requests', 'requests waiting in flow control, most at one time'],
  [/rejected/, 'requests', 'requests rejected by flow control'],
];

/** The column of a class of objects. */
const CLASS_REQUESTS = /^requests_class_(.+)$/;

/** A load column of the model; what it holds is told from its name. */
function loadColumn(name: string): Column {
  const here = 'this API server, this time bin';
  const request = /^(get|list|watch|write)_(secrets|configmaps|clustertrustbundles|podcertificaterequests)$/.exec(name);
  if (request !== null)
    return integer(name, 'requests', `${request[1].toUpperCase()} requests for ${request[2]}; ${here}`);
  const objectClass = CLASS_REQUESTS.exec(name)?.[1];
  if (objectClass !== undefined) {
    return integer(name, 'requests', `requests for objects of class ${objectClass}; ${here}`);
  }
  const known = LOAD_COLUMNS_KNOWN.find(([pattern]) => pattern.test(name));
  return number(name, known?.[1] ?? '', `${known?.[2] ?? name.replaceAll('_', ' ')}; ${here}`);
}

/** What `load.csv` is. */
export const LOAD: ResultTable = {
  row: 'run, API server and time bin',
  columns: [
    ...RUN_COLUMNS,
    ...LOAD_COLUMNS,
    ...requestColumns([], Object.values(KIND)).map(loadColumn),
    ...[...SERVER_COLUMNS, MEMORY_COLUMN].map(loadColumn),
  ],
  furtherColumn: (name) => (CLASS_REQUESTS.test(name) ? loadColumn(name) : null),
  refersTo: [OF_RUNS],
  key: ['run_id', 'server', 'bin_start_s'],
  make: loadTable,
};
