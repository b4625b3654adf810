import { availableParallelism } from 'node:os';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { ModelInput } from '../../cluster/model/model-input.js';
import { describeFailure, type JobAnswer, type JobRequest } from './job-protocol.js';

/** One run to compute: a scenario and a replication. */
export interface Job {
  /** For example `s001-r002`. */
  readonly runId: string;
  /** Index of the scenario, from 0. */
  readonly scenario: number;
  /** From 1. */
  readonly replication: number;
}

/** Where jobs come from. */
export interface JobSource {
  /** Most jobs that may come. */
  readonly most: number;
  /** The next job; null: there are no more. It may wait for the answers of others. */
  next(): Promise<Job | null>;
}

/** Jobs that are all known before. */
export function jobList(jobs: readonly Job[]): JobSource {
  const queue = jobs.values();
  return { most: jobs.length, next: () => Promise.resolve(queue.next().value ?? null) };
}

/** How jobs are computed. */
export interface PoolSettings {
  /** Threads. Where there are fewer jobs, a job may be shared by several. */
  readonly workers: number;
  readonly eager: boolean;
  /** Each scenario has one job only. */
  readonly once: boolean;
  /** The compiled module that a worker runs; it calls `serveJobs`. */
  readonly script: URL;
  readonly resourceLimits?: ResourceLimits;
  /** Gets a number in shared memory for each worker: how much of the run that it computes is done, from 0 to 1. */
  readonly shares?: Set<Float64Array>;
  /** When aborted, workers are stopped at once and what they compute is lost. */
  readonly signal?: AbortSignal;
}

/**
 * Computes jobs on worker threads, each taking the next job when it is done with one. A worker that dies
 * fails its job only: another one takes its place. Resolves when all jobs have been answered, or the
 * signal was aborted.
 * @param inputOf the input of a scenario; it is sent once to each worker that needs it
 * @param onAnswer called once per job, in the order in which jobs finish; if it throws, the pool stops
 */
export async function computeJobs(
  source: JobSource,
  inputOf: (scenario: number) => ModelInput,
  settings: PoolSettings,
  onAnswer: (job: Job, answer: JobAnswer) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const stopWithCaller = (): void => {
    stop.abort();
  };
  if (settings.signal?.aborted === true) return;
  settings.signal?.addEventListener('abort', stopWithCaller, { once: true });
  const stopped = new Promise<null>((resolve) => {
    stop.signal.addEventListener('abort', () => {
      resolve(null);
    });
  });
  const next = (): Promise<Job | null> => Promise.race([stopped, source.next()]);
  const laneCount = Math.min(settings.workers, source.most);
  // More threads than cores take memory only.
  const threads = Math.max(1, Math.floor(Math.min(settings.workers, availableParallelism()) / laneCount));
  const lane = async (): Promise<void> => {
    let worker: JobWorker | null = null;
    try {
      for (let job = await next(); job !== null; job = await next()) {
        if (worker === null || worker.dead) worker = new JobWorker(settings, threads, stop.signal);
        const answer = await worker.compute(job, inputOf);
        if (stop.signal.aborted) return;
        await onAnswer(job, answer);
      }
    } catch (error) {
      stop.abort();
      throw error;
    } finally {
      await worker?.terminate();
    }
  };
  const lanes = Array.from({ length: laneCount }, lane);
  try {
    await Promise.all(lanes);
  } finally {
    await Promise.allSettled(lanes);
    settings.signal?.removeEventListener('abort', stopWithCaller);
  }
}

/**
 * A run keeps what it has in typed arrays, and makes few objects that die young: it needs no 48 MiB for them in each thread, of
 * which most is soon touched (measured, 100,000 nodes under Cache, two workers: 225 to 233 MiB instead of 289 to 312).
 */
export const WORKER_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 3 };

/** A worker that has been started before there was a job for it. */
let ahead: { readonly script: URL; readonly worker: Worker } | null = null;

/** Starts a worker while its first job is still to be read: it loads its modules meanwhile. It keeps no process alive. */
export function startAhead(script: URL): void {
  const worker = new Worker(script, { resourceLimits: WORKER_LIMITS });
  worker.unref();
  ahead = { script, worker };
  // If it ends before it has a job, the one that is started for the job will say why.
  const forget = (): void => {
    if (ahead?.worker === worker) ahead = null;
  };
  worker.on('error', forget);
  worker.on('exit', forget);
}

/** A new worker, or the one that has been started for this. */
function startWorker({ script, resourceLimits }: PoolSettings): Worker {
  if (ahead === null || ahead.script.href !== script.href || resourceLimits !== undefined)
    return new Worker(script, { resourceLimits: { ...WORKER_LIMITS, ...resourceLimits } });
  const { worker } = ahead;
  ahead = null;
  worker.ref();
  return worker;
}

/** A worker thread that computes one job after another. */
class JobWorker {
  /** Whether the thread has ended. */
  dead = false;
  private readonly worker: Worker;
  private readonly share = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  private readonly options: Pick<JobRequest, 'eager' | 'once' | 'threads'>;
  /** The scenario whose input the worker holds. Jobs come scenario by scenario, so one is enough. */
  private scenario = -1;
  private settle: ((answer: JobAnswer) => void) | null = null;
  private causeOfDeath = 'the worker thread ended';

  /** `threads`: how many may share a job. */
  constructor(settings: PoolSettings, threads: number, stop: AbortSignal) {
    this.options = { eager: settings.eager, once: settings.once, threads };
    this.worker = startWorker(settings);
    settings.shares?.add(this.share);
    this.worker.on('message', (answer: JobAnswer) => {
      this.answer(answer);
    });
    this.worker.on('error', (error: Error & { readonly code?: unknown }) => {
      this.causeOfDeath =
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? 'out of memory (JavaScript heap): NODE_OPTIONS=--max-old-space-size=MIB allows more'
          : `the worker thread crashed: ${describeFailure(error)}`;
    });
    this.worker.on('exit', () => {
      this.dead = true;
      this.share[0] = 0;
      stop.removeEventListener('abort', terminate);
      this.answer({ ok: false, message: this.causeOfDeath });
    });
    const terminate = (): void => void this.worker.terminate();
    stop.addEventListener('abort', terminate, { once: true });
  }

  /** Computes a job; resolves also when the thread dies over it. */
  compute(job: Job, inputOf: (scenario: number) => ModelInput): Promise<JobAnswer> {
    const known = job.scenario === this.scenario;
    this.scenario = job.scenario;
    return new Promise((resolve) => {
      this.settle = resolve;
      const input = known ? null : inputOf(job.scenario);
      const { share, options } = this;
      this.worker.postMessage({ input, replication: job.replication, share, ...options } satisfies JobRequest);
      if (this.dead) this.answer({ ok: false, message: this.causeOfDeath });
    });
  }

  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private answer(answer: JobAnswer): void {
    this.share[0] = 0;
    this.settle?.(answer);
    this.settle = null;
  }
}
