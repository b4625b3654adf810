import { group, sum } from 'd3-array';
import type { Bound } from '../../cluster/model/bound.js';
import { METRICS, type Metric, type RunMetrics, type RunSummary } from '../../cluster/model/run-record.js';
import type { Summary } from '../../experiment/statistics/statistics.js';
import { isExceedance, isOfOperators } from '../../experiment/language/values/metrics.js';
import type { AnsweredScenario } from '../answer-sentences.js';
import { boundIn } from './bounds.js';
import { readRows } from './csv-files.js';
import { countIn, numberIn, type ResultRow } from './result-row.js';
import { partsOf, readManifest, type ResultManifest } from './manifest-file.js';

/** A scenario as its files tell it. */
export interface ResultScenario extends AnsweredScenario {
  /** From 0. */
  readonly index: number;
  readonly runs: readonly ResultRun[];
}

/** A row of runs.csv. */
export interface ResultRun {
  readonly runId: string;
  readonly replication: number;
  readonly record: Pick<RunSummary, 'metrics' | 'never' | 'rotations' | 'bound'>;
}

/** A result folder, read back: what the report draws is what the files say. */
export interface ResultData {
  readonly folder: string;
  readonly manifest: ResultManifest;
  readonly scenarios: readonly ResultScenario[];
  readonly delays: readonly ResultRow[];
  /** None where no scenario was asked for its groups. */
  readonly groups: readonly ResultRow[];
  readonly updates: readonly ResultRow[];
  /** Rows of rotation.csv, last_pod.csv and effects.csv; none where the experiment does not ask. */
  readonly rotation: readonly ResultRow[];
  readonly lastPods: readonly ResultRow[];
  readonly effects: readonly ResultRow[];
}

/** Reads a result folder, all but load.csv and samples.csv. @throws InputError where it holds no result */
export async function readResults(folder: string): Promise<ResultData> {
  const manifest = await readManifest(folder);
  const read = (table: string): Promise<readonly ResultRow[]> => readRows(folder, partsOf(manifest, table));
  const [runs, summary, delays, groups, updates, bounds, rotation, lastPods, effects] = await Promise.all(
    ['runs', 'summary', 'delays', 'groups', 'updates', 'bounds', 'rotation', 'last_pod', 'effects'].map(read),
  );
  const updatesOf = group(updates, (row) => row['run_id']);
  const runsOf = group(runs, (row) => row['scenario']);
  const boundsOf = group(bounds, (row) => row['scenario']);
  const summaryOf = group(summary, (row) => row['scenario']);
  const scenarios = manifest.scenarios.map(({ name, factors }, index): ResultScenario => {
    const bound = boundIn(boundsOf.get(name) ?? []);
    return {
      index,
      scenario: { name, factors, input: { kubelet: { strategy: strategyOf(manifest) } } },
      runs: (runsOf.get(name) ?? []).map((row) => runOf(row, updatesOf.get(row['run_id']) ?? [], bound)),
      metrics: metricsOf(summaryOf.get(name) ?? []),
    };
  });
  return { folder, manifest, scenarios, delays, groups, updates, rotation, lastPods, effects };
}

/** The rows of load.csv of some scenarios: the file may be large. */
export function readLoad(
  { folder, manifest }: ResultData,
  scenarios: ReadonlySet<string>,
): Promise<readonly ResultRow[]> {
  return readRows(folder, partsOf(manifest, 'load'), (row) => scenarios.has(row['scenario']));
}

/** The rows of restarts.csv of some scenarios; none where no server stops. */
export function readRestarts(
  { folder, manifest }: ResultData,
  scenarios: ReadonlySet<string>,
): Promise<readonly ResultRow[]> {
  return readRows(folder, partsOf(manifest, 'restarts'), (row) => scenarios.has(row['scenario']));
}

function strategyOf({ spec }: ResultManifest): string {
  const kubelet = spec['kubelet'];
  const strategy =
    typeof kubelet === 'object' && kubelet !== null && !Array.isArray(kubelet)
      ? kubelet['configMapAndSecretChangeDetectionStrategy']
      : undefined;
  return typeof strategy === 'string' ? strategy : 'base';
}

/** `bound`: that of the scenario. */
function runOf(row: ResultRow, updates: readonly ResultRow[], bound: Bound | null): ResultRun {
  const names = [...METRICS, ...Object.keys(row).filter(isOfOperators), ...Object.keys(row).filter(isExceedance)];
  const metrics = Object.fromEntries(names.map((metric) => [metric, numberIn(row, metric)])) as RunMetrics;
  const never = {
    subPath: sum(updates, (update) => countIn(update, 'never_subpath')),
    env: sum(updates, (update) => countIn(update, 'never_env')),
    immutable: sum(updates, (update) => countIn(update, 'never_immutable')),
    deleted: sum(updates, (update) => countIn(update, 'never_deleted')),
    lone: sum(updates, (update) => countIn(update, 'never_lone_pod')),
  };
  const seen = updates.filter((update) => countIn(update, 'reached') + countIn(update, 'pending') > 0);
  const kubeletS = Float64Array.from(seen, (update) => numberIn(update, 'time_to_100pct_s') ?? Infinity);
  const record = { metrics, never, rotations: { kubeletS, pipelineS: null }, bound };
  return { runId: row['run_id'], replication: countIn(row, 'replication'), record };
}

function metricsOf(rows: readonly ResultRow[]): Record<Metric, Summary> {
  const rowOf = new Map(rows.map((row) => [row['metric'], row]));
  const names = [...METRICS, ...[...rowOf.keys()].filter(isOfOperators), ...[...rowOf.keys()].filter(isExceedance)];
  return Object.fromEntries(names.map((metric) => [metric, summaryOf(rowOf.get(metric) ?? {})])) as Record<
    Metric,
    Summary
  >;
}

function summaryOf(row: ResultRow): Summary {
  return {
    n: countIn(row, 'n'),
    mean: numberIn(row, 'mean'),
    stddev: numberIn(row, 'stddev'),
    ci95Low: numberIn(row, 'ci95_low'),
    ci95High: numberIn(row, 'ci95_high'),
    min: numberIn(row, 'min'),
    max: numberIn(row, 'max'),
  };
}
