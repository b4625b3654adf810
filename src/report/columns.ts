import type { Cell } from './csv.js';

/** One column of a result file: an entry of the data dictionary (`columns.csv`). */
export interface Column {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'text';
  /** Unit of a number; empty for text and for numbers that have none. */
  readonly unit: string;
  readonly meaning: string;
}

/** A row of a table with these columns: a cell for each, none left out. */
export type RowOf<Columns extends readonly Column[]> = Readonly<Record<Columns[number]['name'], Cell>>;

/** The cells of a row in the order of the columns. */
export function cellsOf<Columns extends readonly Column[]>(columns: Columns, row: RowOf<Columns>): Cell[] {
  return columns.map((column) => row[column.name as Columns[number]['name']]);
}

/** A column of text. */
export const text = <Name extends string>(name: Name, meaning: string) =>
  ({ name, type: 'text', unit: '', meaning }) as const;
/** A column of whole numbers. */
export const integer = <Name extends string>(name: Name, unit: string, meaning: string) =>
  ({ name, type: 'integer', unit, meaning }) as const;
/** A column of numbers. */
export const number = <Name extends string>(name: Name, unit: string, meaning: string) =>
  ({ name, type: 'number', unit, meaning }) as const;

const EXPERIMENT = text('experiment', 'metadata.name of the experiment');
const SCENARIO = text('scenario', 'name of the scenario: its factors and their values');
const RUN_ID = text('run_id', 'the run (scenario and replication); the key that joins the files');

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

/** `summary.csv` after the scenario and its factors. */
export const SUMMARY_COLUMNS = [
  text('metric', 'a metric column of runs.csv'),
  text('unit', 'unit of the metric'),
  integer('n', 'replications', 'replications in which the metric has a value'),
  number('mean', '', 'mean over the replications, in the unit of the metric'),
  number('stddev', '', 'sample standard deviation over the replications, in the unit of the metric'),
  number('ci95_low', '', 'lower end of the 95 % Student-t interval of the mean, in the unit of the metric'),
  number('ci95_high', '', 'upper end of the 95 % Student-t interval of the mean, in the unit of the metric'),
  number('min', '', 'smallest value of a replication, in the unit of the metric'),
  number('max', '', 'largest value of a replication, in the unit of the metric'),
] as const;

/** `paired.csv` */
export const PAIRED_COLUMNS = [
  text('factor', 'the factor that differs (paths that vary together are one)'),
  text('value', 'its value in the scenario'),
  text('baseline', 'its first value, which the scenario is compared with'),
  SCENARIO,
  text('baseline_scenario', 'the scenario with the first value and the same other factors'),
  text('metric', 'a metric column of runs.csv'),
  text('unit', 'unit of the metric'),
  integer('n', 'replications', 'replications of both scenarios'),
  number('baseline_mean', '', 'mean of the baseline, in the unit of the metric'),
  number('mean', '', 'mean of the scenario, in the unit of the metric'),
  number('difference', '', 'mean over the replications of scenario less baseline, in the unit of the metric'),
  number('ci95_low', '', 'lower end of the 95 % Student-t interval of the difference'),
  number('ci95_high', '', 'upper end of the 95 % Student-t interval of the difference'),
  number('change_percent', '%', 'difference as a share of baseline_mean'),
] as const;

/** `effects.csv` */
export const EFFECTS_COLUMNS = [
  text('metric', 'a metric column of runs.csv'),
  text('unit', 'unit of the metric'),
  text('factor', 'the factor (paths that vary together are one)'),
  integer('levels', '', 'its values; of a sample of a range, its parts of equally many scenarios'),
  text('lowest_at', 'where the metric is lowest on average over the other factors'),
  number('lowest_mean', '', 'mean there, in the unit of the metric'),
  text('highest_at', 'where it is highest'),
  number('highest_mean', '', 'mean there, in the unit of the metric'),
  number('range', '', 'highest_mean - lowest_mean'),
  number(
    'variance_share',
    'share',
    'of the variance between scenarios that the factor alone explains (first-order index): correlation ratio, of samples corrected for their size',
  ),
  number('ci95_low', 'share', 'lower end of its 95 % interval: jackknife over replications, of samples over scenarios'),
  number('ci95_high', 'share', 'upper end of its 95 % interval'),
  number('rank_correlation', '', "Spearman's, of the factor's value and the metric; empty for words"),
] as const;

/** What `compare` prints: one row per metric. */
export const COMPARISON_COLUMNS = [
  text('metric', 'a metric column of runs.csv'),
  text('unit', 'unit of the metric'),
  text('method', 'paired: replication by replication; welch: independent samples'),
  integer('n_a', 'replications', 'replications of A with a value'),
  integer('n_b', 'replications', 'replications of B with a value'),
  number('mean_a', '', 'mean of A, in the unit of the metric'),
  number('mean_b', '', 'mean of B, in the unit of the metric'),
  number('difference', '', 'mean of B less A, in the unit of the metric'),
  number('ci95_low', '', 'lower end of the 95 % interval of the difference'),
  number('ci95_high', '', 'upper end of the 95 % interval of the difference'),
  number('change_percent', '%', 'difference as a share of mean_a'),
] as const;

/** `delays.csv` after the scenario and its factors. */
export const DELAYS_COLUMNS = [
  text('object_class', 'class of the objects (its name in spec.objects)'),
  text('as', 'how the pods consume them'),
  number('quantile', '', 'share of the projections that are at most this late, 0 to 1'),
  integer('n', 'replications', 'replications with projections of this class'),
  number('projections_mean', 'projections', 'projections of this class and consumer per replication, mean'),
  number('delay_s', 's', 'delay at the quantile (R-7), mean over the replications'),
  number('delay_ci95_low_s', 's', 'lower end of the 95 % Student-t interval of delay_s'),
  number('delay_ci95_high_s', 's', 'upper end of the 95 % Student-t interval of delay_s'),
  number('cache_delay_s', 's', 'mean stage 1 of the projections between the previous quantile and this one'),
  number('sync_wait_s', 's', 'mean stage 2 of the same projections'),
  number('refresh_s', 's', 'mean stage 3 of the same projections'),
] as const;

/** `last_pod.csv` after the scenario and its factors. */
export const LAST_POD_COLUMNS = [
  number('quantile', '', 'share of the updates that all due pods have within last_pod_s, 0 to 1'),
  integer('replications', 'replications', 'replications with updates that pods can see'),
  integer('updates', 'updates', 'their updates, over all replications'),
  number(
    'last_pod_s',
    's',
    'quantile (R-7) of the time until the last pod has an update; empty if one is pending there',
  ),
  number('ci95_low_s', 's', 'lower end of the 95 % interval of last_pod_s; empty where it needs more replications'),
  number('ci95_high_s', 's', 'upper end of the 95 % interval of last_pod_s; empty where it needs more replications'),
  text(
    'interval',
    'order statistics: one update a replication, all independent; effective number: of as many independent ones as they are worth',
  ),
] as const;

/** `rotation.csv` after the scenario and its factors. */
export const ROTATION_COLUMNS = [
  text(
    'stages',
    'kubelet: from the commit to the new files in the last pod; pipeline: from the change at the source until the last application works with it',
  ),
  number('share_of_rotations', 'share', 'of the rotations that are over within overlap_s, 0 to 1'),
  integer('replications', 'replications', 'replications with updates that pods can see'),
  integer('rotations', 'rotations', 'their updates, over all replications'),
  integer('unfinished', 'rotations', 'those with a pod still pending at the end: they count as longest'),
  integer(
    'independent_rotations',
    'rotations',
    'how many independent ones tell as much: their number over the design effect',
  ),
  number('overlap_s', 's', 'quantile (R-7) of the time that rotations take: how long to keep the old credential valid'),
  number('ci95_low_s', 's', 'lower end of its 95 % interval, distribution-free'),
  number('ci95_high_s', 's', 'upper end; empty where the rotations are too few, and overlap_s is then no advice'),
  integer(
    'replications_needed',
    'replications',
    'about how many replications like these an upper end takes; empty where there is one',
  ),
  text(
    'found_by',
    'order statistics: of independent rotations, one a replication; effective number: of several, as many as independent_rotations',
  ),
  text('note', 'why there is no upper end; empty where there is one'),
] as const;

/** `updates.csv` after the run. */
export const UPDATES_COLUMNS = [
  integer('update', '', 'number of the update in its run, from 1, in order of commit'),
  text('action', 'update, recreate, or replace (by an object of a new name)'),
  text('kind', 'Secret or ConfigMap'),
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
  integer('reached', 'consumers', 'those that got this or a later version'),
  integer('replaced', 'consumers', 'of those: by a new pod in the same place, which started with it'),
  integer('never', 'consumers', 'those that did not see it, and will not before a restart: the sum of the next four'),
  integer('never_subpath', 'consumers', 'because of a subPath mount'),
  integer('never_env', 'consumers', 'because the value is in environment variables'),
  integer('never_immutable', 'consumers', 'because the kubelet holds the object as immutable'),
  integer('never_deleted', 'consumers', 'because the object was deleted'),
  integer('gone', 'consumers', 'those whose place went first: no other pod followed'),
  integer('pending', 'consumers', 'those that could still get it when the run ended'),
  integer('reached_after_10s', 'consumers', 'reached within 10 s of the commit'),
  integer('reached_after_30s', 'consumers', 'reached within 30 s of the commit'),
  integer('reached_after_60s', 'consumers', 'reached within 60 s of the commit'),
  integer('reached_after_90s', 'consumers', 'reached within 90 s of the commit'),
  number(
    'time_to_50pct_s',
    's',
    'from the commit until 50 % of the updatable consumers are reached; empty if they are not',
  ),
  number('time_to_90pct_s', 's', 'the same for 90 %'),
  number('time_to_99pct_s', 's', 'the same for 99 %'),
  number('time_to_99_9pct_s', 's', 'the same for 99.9 %'),
  number('time_to_100pct_s', 's', 'the same for all: the last pod'),
  number('mixed_version_mean_s', 's', 'how long the pods of one deployment disagreed, mean over the deployments'),
  number('mixed_version_max_s', 's', 'how long the pods of one deployment disagreed, longest'),
] as const;

/** A column of `updates.csv` where a scenario has a pipeline. */
export const PIPELINE_COLUMN = number(
  'pipeline_s',
  's',
  'from the change at the source until the last application works with it (spec.pipeline); empty while a pod is pending',
);

/** `load.csv` after the run; the model's load columns follow. */
export const LOAD_COLUMNS = [
  integer('server', '', 'number of the API server, from 1'),
  number('bin_start_s', 's', 'start of the time bin, from the start of the measured time'),
] as const;

/** `samples.csv`. */
export const SAMPLES_COLUMNS = [
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
] as const;

/** `columns.csv`: the data dictionary itself. */
export const DICTIONARY_COLUMNS = [
  text('file', 'result file'),
  text('name', 'column of the file'),
  text('type', 'integer, number or text'),
  text('unit', 'unit of the numbers; empty for text and numbers without one'),
  text('meaning', 'what the column holds'),
] as const;

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

/** Load columns other than requests, by their first words. */
const LOAD_COLUMNS_KNOWN: readonly (readonly [name: RegExp, unit: string, meaning: string])[] = [
  [/^quorum_reads/, 'requests', 'reads that reached etcd'],
  [/^watches_open_mean/, 'watches', 'open watches, mean over the bin'],
  [/^watches_open/, 'watches', 'open watches'],
  [/events/, 'events', 'watch events sent'],
  [/bookmarks/, 'bookmarks', 'bookmarks sent'],
  [/bytes/, 'bytes', 'bytes sent by watches and reads'],
  [/cpu.*cores$/, 'cores', 'CPU for this traffic alone, estimate from the cost table'],
  [/cpu/, 'core s', 'CPU time for this traffic alone, estimate from the cost table'],
  [/seats/, 'seats', 'seats of flow control taken, most at one time (empty where capacity is unlimited)'],
  [/queued/, 'requests', 'requests waiting in flow control, most at one time'],
  [/rejected/, 'requests', 'requests rejected by flow control'],
];

/** A load column of the model; what it holds is told from its name. */
export function loadColumn(name: string): Column {
  const here = 'this API server, this time bin';
  const request = /^(get|list|watch|write)_(secrets|configmaps)$/.exec(name);
  if (request !== null)
    return integer(name, 'requests', `${request[1].toUpperCase()} requests for ${request[2]}; ${here}`);
  const objectClass = /^requests_class_(.+)$/.exec(name)?.[1];
  if (objectClass !== undefined) {
    return integer(name, 'requests', `requests for objects of class ${objectClass}; ${here}`);
  }
  const known = LOAD_COLUMNS_KNOWN.find(([pattern]) => pattern.test(name));
  return number(name, known?.[1] ?? '', `${known?.[2] ?? name.replaceAll('_', ' ')}; ${here}`);
}
