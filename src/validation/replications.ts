import { availableParallelism } from 'node:os';
import { deserialize } from 'node:v8';
import type { ModelInput } from '../cluster/model/model-input.js';
import type { RunProgress } from '../experiment/execution/runner.js';
import { computeJobs, jobList, type Job } from '../experiment/execution/pool.js';
import type { Observable, Observation, Observed } from './observation.js';
import { packageFile } from '../package-files.js';

/** What a worker is told of a scenario: the model's input, and what of its runs somebody wants to see. */
export interface ObservedInput extends ModelInput {
  readonly wanted: readonly Observable[];
}

/** A scenario to replicate, and what is kept of each run. */
export interface Case<T> {
  readonly input: ModelInput;
  readonly replications: number;
  readonly wanted: readonly Observable[];
  readonly read: (observation: Observation) => T;
}

/** A case that reads no other parts of an observation than those that it wants. */
export function caseOf<T, Part extends Observable>(
  input: ModelInput,
  replications: number,
  wanted: readonly Part[],
  read: (observation: Observed<Part>) => T,
): Case<T> {
  return { input, replications, wanted, read };
}

/** How cases are computed. */
export interface ReplicationOptions {
  /** Worker threads. Default: one per core. The values do not depend on it. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

/**
 * What is observed of a run, and told to the main thread, are objects that die young, of which a run itself has few: with more
 * room for them than a worker has otherwise, a thread collects a fourth as often (measured: 0.75 and 0.86 of the CPU).
 */
const YOUNG_GENERATION_MB = 16;

/** The computation was stopped by its signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Computes every replication of some cases on worker threads.
 * @returns by case and replication, what its case reads off each run
 * @throws Interrupted when the signal is aborted; Error when a run fails
 */
export async function replicate<T>(cases: readonly Case<T>[], options: ReplicationOptions = {}): Promise<T[][]> {
  const jobs = cases.flatMap(({ replications }, scenario) =>
    Array.from({ length: replications }, (_, r): Job => ({ runId: '', scenario, replication: r + 1 })),
  );
  const values = cases.map(({ replications }) => new Array<T>(replications));
  let done = 0;
  await computeJobs(
    jobList(jobs),
    (scenario): ObservedInput => ({ ...cases[scenario].input, wanted: cases[scenario].wanted }),
    {
      workers: options.workers ?? availableParallelism(),
      eager: false,
      once: false,
      script: packageFile('dist/bundle/validation-worker.js'),
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      ...(options.signal && { signal: options.signal }),
    },
    ({ scenario, replication }, answer) => {
      if (!answer.ok) throw new Error(`a run of the validation failed: ${answer.message}`);
      values[scenario][replication - 1] = cases[scenario].read(deserialize(answer.bytes) as Observation);
      done++;
      options.onProgress?.({ total: jobs.length, done, failed: 0, resumed: 0 });
      return Promise.resolve();
    },
  );
  if (done < jobs.length) throw new Interrupted('the validation was interrupted');
  return values;
}
