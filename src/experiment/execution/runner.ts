import { group, sum } from 'd3-array';
import { availableParallelism } from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';
import type { RunSummary, RunTables } from '../../cluster/model/run-record.js';
import type { Experiment } from '../language/experiment.js';
import { unpackRun } from './job-protocol.js';
import { expectedRuns, findJob, jobsOf, seedOf } from './jobs.js';
import type { KeptRuns } from './parts.js';
import { computeJobs, type Job, startAhead } from './pool.js';
import type { PrecisionVerdict } from '../language/precision.js';
import { FixedPlan, SequentialPlan, type RunPlan } from './run-plan.js';
import type { Shard } from './shard.js';
import { type Unpacked, unpacker, type Unpacker } from './unpacker.js';
import { packageFile } from '../../package-files.js';

/** The module that a worker thread runs. */
const workerScript = (): URL => packageFile('dist/bundle/run-worker.js');

/** Starts a worker thread for a run that is about to be asked for. */
export function prepareToRun(): void {
  startAhead(workerScript());
}

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
  /** Reads the run's tables from where they are kept; every call unpacks them again. */
  readTables(): RunTables;
}

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
  /** How many replications each scenario needed; null where the number was fixed, or is not yet known. */
  readonly precision: readonly PrecisionVerdict[] | null;
  /** Every run of the experiment finished. */
  readonly complete: boolean;
  /** The signal stopped the execution before every run was tried. */
  readonly interrupted: boolean;
  /** Of a result that was read back: its warnings, collected when it was written, with the runs that raised them. */
  readonly warnings?: readonly { readonly warning: string; readonly runs: readonly string[] }[];
  readonly execution: Execution;
}

/** How far an execution is. */
export interface RunProgress {
  /** Runs known so far. */
  readonly total: number;
  /** Whether results may ask for more runs (a precision is still to be reached). */
  readonly open?: boolean;
  /** Runs that need no more work: finished, failed or resumed. */
  readonly done: number;
  readonly failed: number;
  /** Runs among `done` that were finished before this execution. */
  readonly resumed: number;
  /** What has been computed of runs that are not done, as a number of runs, at this moment. */
  readonly underWay?: () => number;
}

/** How an experiment is run. */
export interface RunOptions {
  /** Worker threads. Default: one per core. The result does not depend on it. */
  readonly workers?: number;
  /** Every sync of a pod is an event: slow, and the same result. For checking the simulator. */
  readonly eager?: boolean;
  /** Computes this run only. */
  readonly only?: string;
  /** Computes the runs with these ids only; a precision is not looked at. */
  readonly among?: ReadonlySet<string>;
  /** Computes the runs of this shard only. */
  readonly shard?: Shard;
  /**
   * Where finished runs are kept, and found again after an interruption. Default: in memory only.
   * @internal `runToFolder` brings it along.
   */
  readonly parts?: KeptRuns;
  /** Stops the execution: finished runs are kept, what is being computed is lost. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  /**
   * The module that a worker thread runs. Default: the simulator.
   * @internal For tests.
   */
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
  const { workers = availableParallelism(), eager = false, parts } = options;
  const plan = planOf(experiment, options);
  const finished = new Map<string, Unpacked>();
  const failed = new Map<string, string>();
  const unpack = unpacker(parts);
  const pending = await resumeRuns(plan, finished, parts, unpack);
  const resumed = finished.size;
  const shares = new Set<Float64Array>();
  const report = (): void =>
    options.onProgress?.({
      underWay: () => sum(shares, ([share]) => share),
      total: plan.planned,
      open: plan.open,
      done: finished.size + failed.size,
      failed: failed.size,
      resumed,
    });
  report();
  await computeJobs(
    { most: plan.most, next: async () => pending.shift() ?? plan.next() },
    (scenario) => experiment.scenarios[scenario].input,
    {
      workers,
      eager,
      once: options.only !== undefined || (experiment.precision?.max ?? experiment.replications) === 1,
      shares,
      script: options.workerScript ?? workerScript(),
      ...(options.resourceLimits && { resourceLimits: options.resourceLimits }),
      ...(options.signal && { signal: options.signal }),
    },
    async (job, answer) => {
      if (answer.ok) {
        await parts?.write(job.runId, answer.bytes);
        const run = unpack(job.runId, unpackRun(answer.bytes));
        finished.set(job.runId, run);
        plan.settle(job, run.record.metrics);
      } else {
        failed.set(job.runId, answer.message);
        plan.settle(job, null);
      }
      report();
    },
  );
  const known = outcomeOf(experiment, plan, finished, failed);
  const wallS = (performance.now() - started) / 1000;
  return {
    ...known.outcome,
    execution: {
      started_at: startedAt.toISOString(),
      wall_s: wallS,
      node_version: process.version,
      cores: availableParallelism(),
      workers,
      engine: eager ? 'eager' : 'lazy',
      resumed_runs: resumed,
      ...effortOf(known.done),
    },
  };
}

/** A finished run and its job. */
type DoneRun = Unpacked & { readonly job: Job };

/** What the runs gave, in the order of the jobs, and the finished ones with what they took. */
function outcomeOf(
  experiment: Experiment,
  plan: RunPlan,
  finished: ReadonlyMap<string, Unpacked>,
  failed: ReadonlyMap<string, string>,
): { readonly outcome: Omit<RunOutcome, 'execution'>; readonly done: readonly DoneRun[] } {
  const counted = plan.counted();
  const done = inJobOrder(counted, finished).map(({ job, value }) => ({ job, ...value }));
  const failures = inJobOrder(counted, failed).map(({ job, value }) => ({ runId: job.runId, message: value }));
  const outcome = {
    runs: done.map(({ job, record, readTables }) => ({
      ...job,
      seed: seedOf(experiment, job.replication),
      record,
      readTables,
    })),
    failed: failures,
    precision: plan.verdicts,
    complete: !plan.open && done.length === expectedRuns(experiment, plan.verdicts),
    interrupted: plan.open || done.length + failures.length < counted.length,
  };
  return { outcome, done };
}

/** What the finished runs took, together and each. */
function effortOf(done: readonly DoneRun[]): Pick<Execution, 'events' | 'draws' | 'runs'> {
  return {
    events: sum(done, ({ record }) => record.execution.events),
    draws: sum(done, ({ record }) => record.execution.draws),
    runs: done.map(({ job, record, wallS }) => ({ run_id: job.runId, wall_s: wallS, ...record.execution })),
  };
}

/** Takes up the runs that an earlier execution finished. @returns the planned ones that are left, in order */
async function resumeRuns(
  plan: RunPlan,
  finished: Map<string, Unpacked>,
  parts: KeptRuns | undefined,
  unpack: Unpacker,
): Promise<Job[]> {
  const pending: Job[] = [];
  for (let job = plan.take(); job !== undefined; job = plan.take()) {
    const run = (await parts?.read(job.runId)) ?? null;
    if (run === null) {
      pending.push(job);
    } else {
      finished.set(job.runId, unpack(job.runId, run));
      plan.settle(job, run.record.metrics);
    }
  }
  return pending;
}

/** What is known of jobs by run id, in the order of the jobs. */
function inJobOrder<T>(jobs: readonly Job[], known: ReadonlyMap<string, T>): readonly { job: Job; value: T }[] {
  return jobs.flatMap((job) => {
    const value = known.get(job.runId);
    return value === undefined ? [] : [{ job, value }];
  });
}

/** The runs to make: all, those of a shard, or those that were asked for. */
function planOf(experiment: Experiment, { only, among, shard }: Pick<RunOptions, 'only' | 'among' | 'shard'>): RunPlan {
  if (among !== undefined) return new FixedPlan(jobsOf(experiment).filter(({ runId }) => among.has(runId)));
  const jobs = jobsOf(experiment, only === undefined ? shard : undefined);
  if (only !== undefined) return new FixedPlan([findJob(experiment, only)]);
  if (experiment.precision === null) return new FixedPlan(jobs);
  return new SequentialPlan([...group(jobs, ({ scenario }) => scenario).values()], experiment.precision);
}
