import type { ReadExperiment } from '../../experiment/language/experiment.js';
import type { CompletedRun } from '../../experiment/execution/runner.js';
import { cellsOf, integer, number, RUN_COLUMNS } from '../columns.js';
import type { Cell } from '../csv.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import { allRuns, flatRows, runCells } from './run-rows.js';
import { OF_RUNS, type ResultTable, type Table } from './table.js';

/** `restarts.csv` after the run. */
const RESTART_COLUMNS = [
  integer('server', '', 'number of the API server, from 1'),
  integer('second_s', 's', 'start of the second, from the start of the measured time'),
  integer('requests', 'requests', 'requests for secrets and configmaps that reach this API server in this second'),
  number('watches_open', 'watches', 'open watches at this API server, mean over the second'),
  number('memory_max_bytes', 'bytes', 'most memory of this API server in the second, estimate from the cost table'),
  number('cpu_cores', 'cores', 'CPU of this API server for this traffic alone, estimate from the cost table'),
] as const;

/** `restarts.csv`: a row per run, API server and second around the stops of API servers; null where none stops. */
function restartsTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table | null {
  const runs = allRuns(scenarios);
  if (!runs.some(({ run }) => run.record.storms.length > 0)) return null;
  return {
    columns: [...RUN_COLUMNS, ...RESTART_COLUMNS],
    rows: flatRows(runs, (each) => restartRows(each.run, runCells(experiment, each))),
  };
}

function* restartRows(run: CompletedRun, identity: readonly Cell[]): Generator<Cell[]> {
  const { restarts } = run.readTables();
  if (restarts === undefined) return;
  const { servers, seconds, values } = restarts;
  let next = 0;
  for (let server = 1; server <= servers; server++) {
    for (const second of seconds) {
      const place = {
        server,
        second_s: second,
        requests: values[next++],
        watches_open: values[next++],
        memory_max_bytes: values[next++],
        cpu_cores: values[next++],
      };
      yield [...identity, ...cellsOf(RESTART_COLUMNS, place)];
    }
  }
}

/** What `restarts.csv` is. */
export const RESTARTS: ResultTable = {
  row: 'run, API server and second around the stops of API servers',
  columns: [...RUN_COLUMNS, ...RESTART_COLUMNS],
  refersTo: [OF_RUNS],
  key: ['run_id', 'server', 'second_s'],
  make: restartsTable,
};
