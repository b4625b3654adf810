import { group } from 'd3-array';
import { join } from 'node:path';
import type { Bound } from '../../cluster/model/bound.js';
import { rotationTimes } from '../../cluster/record/rotation-times.js';
import type { Metric, NeverCounts, RunMetrics, RunSummary, UpdateRecord } from '../../cluster/model/run-record.js';
import type { Experiment, Scenario } from '../../experiment/language/experiment.js';
import type { PrecisionVerdict } from '../../experiment/language/precision.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { metricsOf } from '../../experiment/language/values/metrics.js';
import type { CompletedRun, RunOutcome } from '../../experiment/execution/runner.js';
import { MANIFEST_FILE } from '../file-names.js';
import { boundIn } from './bounds.js';
import { readRows, visitRows } from './csv-files.js';
import { countIn, numberIn, type ResultRow } from './result-row.js';
import { partsOf, readManifest, type ResultManifest } from './manifest-file.js';

/** A finished result, and the paths of its files in the order of writing. */
export interface StoredResult {
  readonly outcome: RunOutcome;
  readonly files: readonly string[];
}

/**
 * The outcome of a finished experiment as its folder holds it, so that it can answer again. What answers are made of is
 * there: metrics, who never sees updates, rotations, warnings; curves, storms and tables are not.
 * @throws InputError where the files are missing, or not those that were written
 */
export async function readOutcome(folder: string, experiment: Experiment): Promise<StoredResult> {
  const manifest = await readManifest(folder);
  if (manifest.execution === undefined) {
    throw new InputError([
      `${join(folder, MANIFEST_FILE)}: lacks its execution; run the experiment again with --force`,
    ]);
  }
  const stored = await readRuns(folder, manifest);
  const rows = await readRows(folder, partsOf(manifest, 'runs'));
  const bounds = group(await readRows(folder, partsOf(manifest, 'bounds')), (row) => row['scenario']);
  const outcome: RunOutcome = {
    runs: rows.map((row) =>
      runOf(
        row,
        experiment,
        stored.get(row['run_id']) ?? new StoredRun(''),
        boundIn(bounds.get(row['scenario']) ?? []),
      ),
    ),
    failed: [],
    precision: verdictsOf(manifest),
    complete: true,
    interrupted: false,
    warnings: manifest.warnings,
    execution: manifest.execution,
  };
  return {
    outcome,
    files: [...manifest.files.map(({ name }) => name), MANIFEST_FILE].map((name) => join(folder, name)),
  };
}

function verdictsOf({ precision }: ResultManifest): readonly PrecisionVerdict[] | null {
  const verdicts = precision?.scenarios?.map((verdict) => ({
    replications: verdict.replications,
    needed: verdict.needed,
    relativeHalfWidth: verdict.relative_half_width,
    stoppedBy: verdict.stopped_by,
  }));
  return verdicts ?? null;
}

type Rotated = Pick<UpdateRecord, 'reached' | 'pending' | 'timeTo100S' | 'pipelineS'>;

/** What is told of a run beside its row of runs.csv: its fingerprint and the sums of its updates. */
class StoredRun {
  readonly never: { -readonly [Reason in keyof NeverCounts]-?: number } = {
    subPath: 0,
    env: 0,
    immutable: 0,
    deleted: 0,
    lone: 0,
  };
  readonly rotated: Rotated[] = [];

  constructor(readonly fingerprint: string) {}

  /** Takes up a row of updates.csv. */
  add(row: ResultRow): void {
    this.never.subPath += countIn(row, 'never_subpath');
    this.never.env += countIn(row, 'never_env');
    this.never.immutable += countIn(row, 'never_immutable');
    this.never.deleted += countIn(row, 'never_deleted');
    this.never.lone += countIn(row, 'never_lone_pod');
    this.rotated.push({
      reached: countIn(row, 'reached'),
      pending: countIn(row, 'pending'),
      timeTo100S: numberIn(row, 'time_to_100pct_s'),
      pipelineS: numberIn(row, 'pipeline_s'),
    });
  }
}

async function readRuns(folder: string, manifest: ResultManifest): Promise<ReadonlyMap<string, StoredRun>> {
  const runs = new Map(manifest.runs.map((run) => [run.run_id, new StoredRun(run.fingerprint)]));
  await visitRows(folder, partsOf(manifest, 'updates'), (row) => runs.get(row['run_id'])?.add(row));
  return runs;
}

/** `bound`: that of the run's scenario. */
function runOf(row: ResultRow, { scenarios, spec }: Experiment, stored: StoredRun, bound: Bound | null): CompletedRun {
  const runId = row['run_id'];
  const scenario = scenarios.findIndex(({ name }) => name === row['scenario']);
  return {
    runId,
    scenario,
    replication: countIn(row, 'replication'),
    seed: row['seed'],
    record: recordOf(row, scenarios[scenario], metricsOf(spec), stored, bound),
    readTables: () => {
      throw new Error(`the tables of ${runId} are files now`);
    },
  };
}

/** The record as far as answers need it. */
function recordOf(
  row: ResultRow,
  { input }: Scenario,
  metrics: readonly Metric[],
  { never, rotated, fingerprint }: StoredRun,
  bound: Bound | null,
): RunSummary {
  const cells = metrics.map((metric) => [metric, numberIn(row, metric)]);
  return {
    // An entry for each of the experiment's metrics.
    metrics: Object.fromEntries(cells) as RunMetrics,
    never,
    bound,
    rotations: rotationTimes(rotated, input.rotation?.pipeline != null),
    delays: [],
    loadColumns: [],
    sampled: false,
    fingerprint,
    storms: [],
    reads: null,
    requests: { binS: 1, counts: [] },
    traffic: null,
    warnings: [],
    execution: { events: 0, draws: 0 },
  };
}
