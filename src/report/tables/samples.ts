import type { Experiment, Scenario } from '../../experiment/language/experiment.js';
import type { CompletedRun } from '../../experiment/execution/runner.js';
import { cellsOf, integer, number, RUN_ID, SCENARIO, text } from '../columns.js';
import { type Cell, seconds } from '../csv.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import { allRuns, flatRows } from './run-rows.js';
import type { Table } from './table.js';

/** `samples.csv`. */
const SAMPLES_COLUMNS = [
  RUN_ID,
  integer('update', '', 'number of the update in its run (updates.csv)'),
  text('object', 'namespace/name'),
  integer('version', '', 'version of the object that was projected'),
  text('node', 'node of the pod'),
  text('pod', 'the pod'),
  text('as', 'how the pod consumes the object'),
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
export function samplesTable(_experiment: Experiment, scenarios: readonly ScenarioSummary[]): Table | null {
  const runs = allRuns(scenarios);
  if (!runs.some(({ run }) => run.record.sampled)) return null;
  return {
    columns: SAMPLES_COLUMNS,
    rows: flatRows(runs, ({ run, scenario }) => sampleRows(run, scenario)),
  };
}

/** @throws Error when the stages of a sample do not sum to its delay: a fault of the model that no file may hide */
function* sampleRows(run: CompletedRun, scenario: Scenario): Generator<Cell[]> {
  const { samples } = run.readTables();
  if (samples === null) return;
  for (let i = 0; i < samples.update.length; i++) {
    const delayUs = samples.projectedAtUs[i] - samples.writtenAtUs[i];
    if (samples.cacheDelayUs[i] + samples.syncWaitUs[i] + samples.refreshUs[i] !== delayUs) {
      throw new Error(`run ${run.runId}, sample ${i + 1}: the stages do not sum to the delay of ${delayUs} µs`);
    }
    yield cellsOf(SAMPLES_COLUMNS, {
      run_id: run.runId,
      update: samples.update[i],
      object: samples.object[i],
      version: samples.version[i],
      node: samples.node[i],
      pod: samples.pod[i],
      as: samples.as[i],
      written_at_s: seconds(samples.writtenAtUs[i]),
      projected_at_s: seconds(samples.projectedAtUs[i]),
      delay_s: seconds(delayUs),
      cache_delay_s: seconds(samples.cacheDelayUs[i]),
      sync_wait_s: seconds(samples.syncWaitUs[i]),
      refresh_s: seconds(samples.refreshUs[i]),
      scenario: scenario.name,
      namespace: samples.pod[i].slice(0, samples.pod[i].indexOf('/')),
      owner: samples.owner[i],
    });
  }
}
