import type { ModelInput } from '../cluster/model/model-input.js';
import type { RunRecord } from '../cluster/model/run-record.js';
import type { NodeSource } from '../cluster/population/node-source.js';
import type { RunWaves, Wave } from '../cluster/record/waves.js';
import { nodesOf, simulate, simulateWaves } from '../cluster/run/simulate.js';
import type { ReadExperiment } from '../experiment/language/experiment.js';
import type { PlaygroundJob } from './question.js';

/** A run as it goes from worker to worker: plain data. */
export interface FinishedRun extends PlaygroundJob {
  readonly record: RunRecord;
  /** What happened on which node; of the first replication only. */
  readonly waves: PlainWaves | null;
}

/** The waves of a run without functions. */
export interface PlainWaves {
  readonly nodeNames: readonly string[];
  readonly updates: Wave | null;
  readonly watches: Wave | null;
}

/** Keeps the cluster that was built last: many knobs leave it as it is, and so do replications. */
export class ClusterKeeper {
  private known: { readonly cluster: ModelInput['cluster']; readonly key: string; readonly nodes: NodeSource } | null =
    null;

  /** The cluster of an input. */
  of(input: ModelInput): NodeSource {
    const { cluster, seed, timeline, durationUs } = input;
    const key = JSON.stringify([cluster.type === 'imported' ? null : cluster, seed, timeline, durationUs]);
    if (this.known !== null && this.known.key === key && isSame(this.known.cluster, cluster)) return this.known.nodes;
    this.known = null; // Two large clusters need not be in memory at once.
    this.known = { cluster, key, nodes: nodesOf(input) };
    return this.known.nodes;
  }
}

/** A dumped cluster is known by its topology, which is not looked through; others are in the key. */
function isSame(a: ModelInput['cluster'], b: ModelInput['cluster']): boolean {
  return a.type === 'synthetic' || b.type === 'synthetic' ? a.type === b.type : a.file === b.file;
}

/** Runs one job of a question: the same as `secretsim run` does. */
export function finishJob(experiment: ReadExperiment, job: PlaygroundJob, clusters = new ClusterKeeper()): FinishedRun {
  const { input } = experiment.scenarios[job.scenario];
  const nodes = clusters.of(input);
  if (job.replication > 1) return { ...job, record: simulate(input, job.replication, { nodes }), waves: null };
  const { record, waves } = simulateWaves(input, job.replication, { nodes });
  return { ...job, record, waves: plainWaves(waves) };
}

function plainWaves({ nodeCount, nodeName, updates, watches }: RunWaves): PlainWaves {
  return { nodeNames: Array.from({ length: nodeCount }, (_, node) => nodeName(node)), updates, watches };
}
