import { availableParallelism } from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';
import { deserialize } from 'node:v8';
import type { RunSummary, RunTables } from '../cluster/run-record.js';
import type { Experiment } from './experiment.js';
import { InputError } from './input-error.js';
import type { FinishedRun } from './job-protocol.js';
import { didYouMean } from './nearest-name.js';
import type { KeptRuns } from './parts.js';
import { computeJobs, type Job } from './pool.js';
import { shardOfRun, type Shard } from './shard.js';

/** A run that finished. */
export interface CompletedRun {
  /** `s<scenario, from 001>-r<replication, from 001>`. */
  readonly runId: string;
  /** Index of the scenario, from 0. */
  readonly scenario: number;
  /** From 1. */
  readonly replication: number;
  /** Seed of the run, see `seedOf`. */
  readonly seed: string;
  readonly record: RunSummary;
  /** Reads the run's tables from where they are kept; every call reads them again. */
  readTables(): RunTables;
}

/** A finished run without its tables. */
type Unpacked = Pick<CompletedRun, 'record' | 'readTables'> & Pick<FinishedRun, 'wallS'>;

/** A run that has no result, and why, in one sentence. */
export interface FailedRun {
  readonly runId: string;
  readonly message: string;
}

/** How a result was computed. It differs from time to time, so it is kept out of the result proper. */
export interface Execution {
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly wall_s: number;
  readonly node_version: string;
  readonly cores: number;
  readonly workers: number;
  readonly engine: 'lazy' | 'eager';
  /** Runs taken over from an interrupted execution. */
  readonly resumed_runs: number;
  readonly events: number;
  readonly draws: number;
  readonly runs: readonly {
    readonly run_id: string;
    readonly wall_s: number;
    readonly events: number;
    readonly draws: number;
  }[];
}

/** What an experiment's runs gave. */
export interface RunOutcome {
  /** In the order of `runId`, whatever the order in which they finished. */
  readonly runs: readonly CompletedRun[];
  readonly failed: readonly FailedRun[];
  /** Every run of the experiment finished. */
  readonly complete: boolean;
  /** The signal stopped the execution before every run was tried. */
  readonly interrupted: boolean;
  readonly execution: Execution;
}

/** How far an execution is. */
export interface RunProgress {
  readonly total: number;
  /** Runs that need no more work: finished, failed or resumed. */
  readonly done: number;
  readonly failed: number;
  /** Runs among `done` that were finished before this execution. */
  readonly resumed: number;
}

/** How an experiment is run. */
export interface RunOptions {
  /** Worker threads. Default: one per core. The result does not depend on it. */
  readonly workers?: number;
  /** Every sync of a pod is an event: slow, and the same result. For checking the simulator. */
  readonly eager?: boolean;
  /** Computes this run only. */
  readonly only?: string;
  /** Computes the runs of this shard only. */
  readonly shard?: Shard;
  /** Where finished runs are kept, and found again after an interruption. Default: in memory only. */
  readonly parts?: KeptRuns;
  /** Stops the execution: finished runs are kept, what is being computed is lost. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  /** The module that a worker thread runs. Default: the simulator. */
  readonly workerScript?: URL;
  /** Memory limits of each worker thread. Default: those of Node. */
  readonly resourceLimits?: ResourceLimits;
}

/**
 * Runs an experiment: every scenario × replication, on worker threads. A run that fails is reported in the
 * outcome and does not stop the others.
 * @throws InputError when `only` names no run; errors of the file system when a finished run cannot be kept
 */
export async function runExperiment(experiment: Experiment, options: RunOptions = {}): Promise<RunOutcome> {
  const startedAt = new Date();
  const started = performance.now();
  const workers = options.workers ?? availableParallelism();
  const eager = options.eager ?? false;
  const jobs = selectJobs(experiment, options);
  const finished = await resumeRuns(jobs, options.parts);
  const resumed = finished.size;
  const failed = new Map<string, string>();
  const report = (): void =>
    options.onProgress?.({ total: jobs.length, done: finished.size + failed.size, failed: failed.size, resumed });
  report();
  await computeJobs(
    jobs.filter((job) => !finished.has(job.runId)),
    (scenario) => experiment.scenarios[scenario].input,
    {
      workers,
      eager,
      script: options.workerScript ?? new URL('./worker.js', import.meta.url),
      ...(options.resourceLimits && { resourceLimits: options.resourceLimits }),
      ...(options.signal && { signal: options.signal }),
    },
    async (job, answer) => {
      if (answer.ok) {
        await options.parts?.write(job.runId, answer.bytes);
        finished.set(job.runId, unpack(job.runId, deserialize(answer.bytes) as FinishedRun, options.parts));
      } else {
        failed.set(job.runId, answer.message);
      }
      report();
    },
  );
  const done = inJobOrder(jobs, finished).map(({ job, value }) => ({ job, ...value }));
  return {
    runs: done.map(({ job, record, readTables }) => ({
      ...job,
      seed: seedOf(experiment, job.replication),
      record,
      readTables,
    })),
    failed: inJobOrder(jobs, failed).map(({ job, value }) => ({ runId: job.runId, message: value })),
    complete: done.length === experiment.scenarios.length * experiment.replications,
    interrupted: done.length + failed.size < jobs.length,
    execution: {
      started_at: startedAt.toISOString(),
      wall_s: (performance.now() - started) / 1000,
      node_version: process.version,
      cores: availableParallelism(),
      workers,
      engine: eager ? 'eager' : 'lazy',
      resumed_runs: resumed,
      events: done.reduce((sum, { record }) => sum + record.execution.events, 0),
      draws: done.reduce((sum, { record }) => sum + record.execution.draws, 0),
      runs: done.map(({ job, record, wallS }) => ({ run_id: job.runId, wall_s: wallS, ...record.execution })),
    },
  };
}

/** A run whose tables stay on the disk where there are parts, and serialized in memory otherwise. */
function unpack(runId: string, { record, tables, wallS }: FinishedRun, parts: KeptRuns | undefined): Unpacked {
  if (parts === undefined) return { record, wallS, readTables: () => deserialize(tables) as RunTables };
  return { record, wallS, readTables: () => parts.readTables(runId) };
}

/** The runs that an earlier execution finished. */
async function resumeRuns(jobs: readonly Job[], parts: KeptRuns | undefined): Promise<Map<string, Unpacked>> {
  const finished = new Map<string, Unpacked>();
  if (parts === undefined) return finished;
  for (const { runId } of jobs) {
    const run = await parts.read(runId);
    if (run !== null) finished.set(runId, unpack(runId, run, parts));
  }
  return finished;
}

/** What is known of jobs by run id, in the order of the jobs. */
function inJobOrder<T>(jobs: readonly Job[], known: ReadonlyMap<string, T>): readonly { job: Job; value: T }[] {
  return jobs.flatMap((job) => {
    const value = known.get(job.runId);
    return value === undefined ? [] : [{ job, value }];
  });
}

/** An experiment's runs, scenario by scenario: all, or those of a shard. */
export function jobsOf(experiment: Experiment, shard?: Shard): readonly Job[] {
  const jobs = experiment.scenarios.flatMap((_, scenario) =>
    Array.from({ length: experiment.replications }, (_, index) => ({
      runId: runIdOf(scenario, index + 1),
      scenario,
      replication: index + 1,
    })),
  );
  return shard === undefined ? jobs : jobs.filter((_, k) => shardOfRun(k, shard.count) === shard.index);
}

/**
 * The seed of a run, as `runs.csv` shows it: the experiment's seed and the replication. It is the same in
 * every scenario, so that scenarios are compared under the same random numbers.
 */
export function seedOf(experiment: Experiment, replication: number): string {
  return `${experiment.seed}/r${replication}`;
}

/** Name of a run. `scenario` counts from 0, `replication` from 1. */
export function runIdOf(scenario: number, replication: number): string {
  return `s${String(scenario + 1).padStart(3, '0')}-r${String(replication).padStart(3, '0')}`;
}

function selectJobs(experiment: Experiment, { only, shard }: Pick<RunOptions, 'only' | 'shard'>): readonly Job[] {
  if (only === undefined) return jobsOf(experiment, shard);
  const jobs = jobsOf(experiment);
  const chosen = jobs.filter((job) => job.runId === only);
  if (chosen.length > 0) return chosen;
  const last = jobs[jobs.length - 1].runId;
  const known = didYouMean(
    only,
    jobs.map((job) => job.runId),
  );
  throw new InputError([`${experiment.name} has no run ${only}: its runs are ${jobs[0].runId} to ${last}${known}`]);
}
