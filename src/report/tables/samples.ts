import { CONSUMPTION_MODES } from '../../cluster/model/kinds.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { integer, number, RUN_ID, SCENARIO, text } from '../columns.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import { allRuns } from './run-rows.js';
import { SampleLines } from './sample-lines.js';
import { type LineTable, OF_RUNS, type ResultTable } from './table.js';

/** The columns of `samples.csv`, in the order of `SampleLines`. */
export const SAMPLES_COLUMNS = [
  RUN_ID,
  integer('update', '', 'number of the update in its run (updates.csv)'),
  text('object', 'namespace/name'),
  integer('version', '', 'version of the object that was projected'),
  text('node', 'node of the pod'),
  text('pod', 'the pod'),
  text('as', 'how the pod consumes the object', CONSUMPTION_MODES),
  number('written_at_s', 's', 'when etcd had committed the update, from the start of the measured time'),
  number('projected_at_s', 's', 'when the new files were in the pod, from the start of the measured time'),
  number('delay_s', 's', 'projected_at_s - written_at_s = cache_delay_s + sync_wait_s + refresh_s'),
  number('cache_delay_s', 's', 'stage 1: until every read by this kubelet returns the new value'),
  number('sync_wait_s', 's', 'stage 2: until the start of the pod sync that picks it up'),
  number('refresh_s', 's', 'stage 3: until the new files are in the pod'),
  SCENARIO,
  text('namespace', 'namespace of the pod'),
  text('owner', 'what the pod is a replica of: kind namespace/name; Pod namespace/* without one'),
] as const;

/** `samples.csv`: a row per sampled projection; null where no run took samples. */
function samplesTable(_experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): LineTable | null {
  const runs = allRuns(scenarios);
  if (!runs.some(({ run }) => run.record.sampled)) return null;
  return { columns: SAMPLES_COLUMNS, lines: (dialect) => new SampleLines(runs, dialect) };
}

/** What `samples.csv` is. */
export const SAMPLES: ResultTable = {
  row: 'sampled projection',
  columns: SAMPLES_COLUMNS,
  refersTo: [OF_RUNS, { columns: ['run_id', 'update'], table: 'updates' }],
  key: [],
  make: samplesTable,
};
