import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HOUR_US } from '../../sim/units.js';
import { BuiltNodes } from '../../cluster/population/built-nodes.js';
import { ClusterRun } from '../../cluster/run/cluster-run.js';
import { strategyNamed } from '../../cluster/kubelet/secret-manager/strategies.js';
import { isCoupled } from '../../cluster/model/coupling.js';
import type { ModelInput, RunInput } from '../../cluster/model/model-input.js';
import type { RunPart } from '../../cluster/run/run-part.js';
import type { RunRecord } from '../../cluster/model/run-record.js';
import type { ClusterFacts, NodeSource } from '../../cluster/population/node-source.js';
import { type SharedPopulation, sharePopulation } from '../../cluster/population/shared-population.js';
import { NodeQueue, runQueue } from '../../cluster/run/split-run.js';
import { WORKER_LIMITS } from './pool.js';
import { packageFile } from '../../package-files.js';

/** Consumer-hours from which on runs of Cache and Get are shared: with two threads, Cache then takes a quarter less time (measured). */
const WORTH_SPLITTING = 1e6;
/**
 * Of Watch: consumers, each hour of which costs a fifteenth of what it takes to have them. Below, a second thread takes
 * half as much CPU again and gains nothing: while both simulate, there is no core for what compiles their code (measured with
 * two cores: 5,000 nodes for a day, 20,000 for an hour).
 */
const WORTH_SPLITTING_WATCH = 4e6;
const WATCH_HOUR = 1 / 15;
/** Each takes 40 MiB more for 100,000 nodes (measured), and more than these would mostly wait for what one of them does alone. */
const MOST_THREADS = 8;

/** What a thread needs to simulate its share of a run. */
export interface PartRequest {
  readonly input: RunInput;
  readonly replication: number;
  /** Built in memory that threads share; or described, where sections of it are built as they are needed. */
  readonly cluster: SharedPopulation | ModelInput['cluster'];
  readonly next: Int32Array;
  readonly threads: number;
}

/** What it answers: its share, or why there is none. */
export type PartAnswer =
  { readonly ok: true; readonly part: RunPart } | { readonly ok: false; readonly message: string };

/** A cluster for runs that threads share. */
export interface ThreadsNodes {
  readonly nodes: NodeSource;
  /** What other threads need, after the run has been built here; null: its description will do. */
  readonly message: () => SharedPopulation | null;
}

/** The cluster for threads: one that has been built is copied into memory that they share. */
export function shareNodes(nodes: NodeSource): ThreadsNodes {
  if (nodes.whole === null) return { nodes, message: () => null };
  const { population, message } = sharePopulation(nodes.whole);
  return { nodes: new BuiltNodes(population), message };
}

/** True for runs whose nodes do not meet, and that take long enough. */
export function isWorthSplitting(input: RunInput, { consumerCount }: ClusterFacts): boolean {
  if (isCoupled(input)) return false;
  const hours = Math.max(1, input.durationUs / HOUR_US);
  return strategyNamed(input.kubelet.strategy).keeps === 'copy'
    ? consumerCount * (1 + hours * WATCH_HOUR) >= WORTH_SPLITTING_WATCH
    : consumerCount * hours >= WORTH_SPLITTING;
}

/**
 * Simulates a run, this thread together with others, which take the nodes by turns: the same record as on one thread.
 * A run whose nodes meet at the API servers is simulated here alone.
 * @throws Error when one of the threads fails
 */
export async function simulateOnThreads(
  { cluster: described, ...input }: ModelInput,
  replication: number,
  { nodes, message }: ThreadsNodes,
  mostThreads: number,
  onProgress: (share: number) => void,
): Promise<RunRecord> {
  const run = new ClusterRun(input, replication, nodes, { eager: false, whole: false, observer: null });
  if (!run.splits) {
    run.run(onProgress);
    return run.record();
  }
  const threads = Math.min(mostThreads, MOST_THREADS);
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const request = { input, replication, cluster: message() ?? described, next, threads };
  const others = Array.from({ length: threads - 1 }, () => partOf(request));
  // A failure is seen below; until then this thread is busy.
  for (const other of others) other.catch(() => undefined);
  runQueue(run, new NodeQueue(next, nodes.facts.nodeCount, threads), onProgress);
  for (const other of others) run.absorb(await other);
  return run.record();
}

/** The share of another thread, which starts now. */
async function partOf(request: PartRequest): Promise<RunPart> {
  const worker = new Worker(packageFile('dist/bundle/part-worker.js'), {
    workerData: request,
    resourceLimits: WORKER_LIMITS,
  });
  const [answer] = (await once(worker, 'message')) as [PartAnswer];
  if (!answer.ok) throw new Error(answer.message);
  return answer.part;
}
