import { OBJECT_KINDS } from '../../cluster/model/kinds.js';
import { neverSeen } from '../../cluster/model/never-seen.js';
import type { UpdateRecord } from '../../cluster/model/run-record.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { cellsOf, integer, number, type RowOf, RUN_COLUMNS, text } from '../columns.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import { allRuns, flatRows, mapRows, runCells } from './run-rows.js';
import { OF_RUNS, type ResultTable, type Table } from './table.js';

/** `updates.csv` after the run. */
const UPDATES_COLUMNS = [
  integer('update', '', 'number of the update in its run, from 1, in order of commit'),
  text('action', 'update, recreate, or replace (by an object of a new name)', ['update', 'recreate', 'replace']),
  text('kind', 'Secret or ConfigMap', OBJECT_KINDS),
  text('object', 'namespace/name'),
  text('object_class', 'class of the object'),
  integer('version', '', 'version of the object after this update, from 2'),
  number('sent_at_s', 's', 'when the update was sent, from the start of the measured time'),
  number('committed_at_s', 's', 'when etcd had committed it, from the start of the measured time'),
  number('acknowledged_at_s', 's', 'when its sender had the answer, from the start of the measured time'),
  integer(
    'due',
    'consumers',
    "consumers (a pod's place, object, as) running when it committed; due = reached + never + gone + pending",
  ),
  integer('reached', 'consumers', 'those due that got this or a later version'),
  integer('replaced', 'consumers', 'those reached by a new pod in the same place, which started with it'),
  integer(
    'never',
    'consumers',
    'those due that did not see it, and will not before a restart: the sum of the next four',
  ),
  integer('never_subpath', 'consumers', 'those that did not see it because of a subPath mount'),
  integer('never_env', 'consumers', 'those that did not see it because the value is in environment variables'),
  integer(
    'never_immutable',
    'consumers',
    'those that did not see it because the kubelet holds the object as immutable',
  ),
  integer('never_deleted', 'consumers', 'those that did not see it because the object was deleted'),
  integer('gone', 'consumers', 'those due whose place went first: no other pod followed'),
  integer('pending', 'consumers', 'those due that could still get it when the run ended'),
  integer('reached_after_10s', 'consumers', 'reached within 10 s of the commit'),
  integer('reached_after_30s', 'consumers', 'reached within 30 s of the commit'),
  integer('reached_after_60s', 'consumers', 'reached within 60 s of the commit'),
  integer('reached_after_90s', 'consumers', 'reached within 90 s of the commit'),
  number(
    'time_to_50pct_s',
    's',
    'from the commit until 50 % of the updatable consumers are reached; empty if they are not',
  ),
  number('time_to_90pct_s', 's', 'from the commit until 90 % are reached'),
  number('time_to_99pct_s', 's', 'from the commit until 99 % are reached'),
  number('time_to_99_9pct_s', 's', 'from the commit until 99.9 % are reached'),
  number('time_to_100pct_s', 's', 'from the commit until all are reached: the last pod'),
  number('bound_s', 's', 'until all are reached at the most, as a closed form; empty where there is none'),
  number('mixed_version_mean_s', 's', 'how long the pods of one deployment disagreed, mean over the deployments'),
  number('mixed_version_max_s', 's', 'how long the pods of one deployment disagreed, longest'),
] as const;

/** A column of `updates.csv` where a scenario has a pipeline. */
const PIPELINE_COLUMN = number(
  'pipeline_s',
  's',
  'from the change at the source until the last application works with it (spec.pipeline); empty while a pod is pending',
);

/** A column of `updates.csv` where pods that nobody rolls out use what was replaced by a new name. */
const LONE_COLUMN = integer(
  'never_lone_pod',
  'consumers',
  'those that did not see it because no controller owns their pod, or one that rolls nothing out (a Job, OnDelete), and its spec names the old object (replace by newName); counted in never too',
);

/** `updates.csv`: a row per run and update. */
function updatesTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table {
  const lone = scenarios.some(({ runs }) => runs.some(({ record }) => (record.never.lone ?? 0) > 0));
  const pipeline = scenarios.some(({ scenario }) => scenario.input.rotation?.pipeline);
  return {
    columns: [
      ...RUN_COLUMNS,
      ...UPDATES_COLUMNS,
      ...(pipeline ? [PIPELINE_COLUMN] : []),
      ...(lone ? [LONE_COLUMN] : []),
    ],
    rows: flatRows(allRuns(scenarios), (each) => {
      const identity = runCells(experiment, each);
      return mapRows(each.run.readTables().updates, (update) => [
        ...identity,
        ...cellsOf(UPDATES_COLUMNS, updateRow(update)),
        ...(pipeline ? [update.pipelineS ?? null] : []),
        ...(lone ? [update.neverLone ?? 0] : []),
      ]);
    }),
  };
}

function updateRow(update: UpdateRecord): RowOf<typeof UPDATES_COLUMNS> {
  return {
    update: update.update,
    action: update.action,
    kind: update.kind,
    object: update.object,
    object_class: update.objectClass,
    version: update.version,
    sent_at_s: update.sentAtS,
    committed_at_s: update.committedAtS,
    acknowledged_at_s: update.acknowledgedAtS,
    due: update.due,
    reached: update.reached,
    replaced: update.replaced,
    never: neverSeen(update),
    never_subpath: update.neverSubPath,
    never_env: update.neverEnv,
    never_immutable: update.neverImmutable,
    never_deleted: update.neverDeleted,
    gone: update.gone,
    pending: update.pending,
    reached_after_10s: update.reachedAfter10s,
    reached_after_30s: update.reachedAfter30s,
    reached_after_60s: update.reachedAfter60s,
    reached_after_90s: update.reachedAfter90s,
    time_to_50pct_s: update.timeTo50S,
    time_to_90pct_s: update.timeTo90S,
    time_to_99pct_s: update.timeTo99S,
    time_to_99_9pct_s: update.timeTo999S,
    time_to_100pct_s: update.timeTo100S,
    bound_s: update.boundS,
    mixed_version_mean_s: update.mixedVersionMeanS,
    mixed_version_max_s: update.mixedVersionMaxS,
  };
}

/** What `updates.csv` is. */
export const UPDATES: ResultTable = {
  row: 'run and update',
  columns: [...RUN_COLUMNS, ...UPDATES_COLUMNS, PIPELINE_COLUMN, LONE_COLUMN],
  refersTo: [OF_RUNS],
  key: ['run_id', 'update'],
  make: updatesTable,
};
