import { sum } from 'd3-array';
import type { Experiment } from '../language/experiment.js';
import type { PrecisionVerdict } from '../language/precision.js';
import { InputError } from '../language/values/input-error.js';
import { didYouMean } from '../language/values/nearest-name.js';
import type { Job } from './pool.js';
import { shardOfRun, type Shard } from './shard.js';

/** An experiment's runs, scenario by scenario: all, or those of a shard; where a precision decides how many, as many as there may be. */
export function jobsOf(experiment: Experiment, shard?: Shard): readonly Job[] {
  const replications = experiment.precision?.max ?? experiment.replications;
  const jobs = experiment.scenarios.flatMap((_, scenario) =>
    Array.from({ length: replications }, (_, index) => ({
      runId: runIdOf(scenario, index + 1),
      scenario,
      replication: index + 1,
    })),
  );
  return shard === undefined ? jobs : jobs.filter((_, k) => shardOfRun(k, shard.count) === shard.index);
}

/** Runs of a complete result. With a precision that is known once all scenarios are decided; until then NaN. */
export function expectedRuns(
  { scenarios, replications, precision }: Experiment,
  verdicts: readonly PrecisionVerdict[] | null,
): number {
  if (precision === null) return scenarios.length * replications;
  return verdicts === null ? NaN : sum(verdicts, (verdict) => verdict.replications);
}

/**
 * The seed of a run, as `runs.csv` shows it: the experiment's seed and the replication. It is the same in
 * every scenario, so that scenarios are compared under the same random numbers.
 */
export function seedOf(experiment: Pick<Experiment, 'seed'>, replication: number): string {
  return `${experiment.seed}/r${replication}`;
}

/** Name of a run. `scenario` counts from 0, `replication` from 1. */
export function runIdOf(scenario: number, replication: number): string {
  return `${runPrefix(scenario)}${String(replication).padStart(3, '0')}`;
}

/** Whether the run of that name is one of a scenario, which counts from 0. */
export function isRunOf(scenario: number, runId: string): boolean {
  return runId.startsWith(runPrefix(scenario));
}

function runPrefix(scenario: number): string {
  return `s${String(scenario + 1).padStart(3, '0')}-r`;
}

/** The run of that name. @throws InputError when the experiment has none */
export function findJob(experiment: Experiment, runId: string): Job {
  const jobs = jobsOf(experiment);
  const chosen = jobs.find((job) => job.runId === runId);
  if (chosen !== undefined) return chosen;
  const last = jobs[jobs.length - 1].runId;
  const known = didYouMean(
    runId,
    jobs.map((job) => job.runId),
  );
  throw new InputError([`${experiment.name} has no such run: its runs are ${jobs[0].runId} to ${last}${known}`]);
}
