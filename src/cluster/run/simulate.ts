import { ClusterRun } from './cluster-run.js';
import { BuiltNodes } from '../population/built-nodes.js';
import { isCoupled } from '../model/coupling.js';
import { SyntheticNodes } from '../population/synthetic-nodes.js';
import { KeptSections } from '../population/kept-sections.js';
import type { NodeSource } from '../population/node-source.js';
import { buildImportedCluster } from '../population/imported-cluster.js';
import type { ModelInput } from '../model/model-input.js';
import type { Observer } from '../model/observer.js';
import type { RunRecord } from '../model/run-record.js';
import { buildSyntheticCluster } from '../population/synthetic-cluster.js';
import type { Population } from '../population/population.js';
import type { RunWaves } from '../record/waves.js';

export interface SimulateOptions {
  /**
   * The reference engine: one event queue for all kubelets, and every sync an event. The default engine
   * simulates kubelet after kubelet (they meet only at API servers that never queue) and, under Watch,
   * walks sync clocks on demand. Both give the same result.
   */
  readonly eager?: boolean;
  /**
   * The cluster, where the caller has it already (`nodesOf`): runs of a scenario share it.
   * @internal
   */
  readonly nodes?: NodeSource;
  readonly observer?: Observer;
  /** Told now and then how much of the run is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * The cluster of a scenario, of which runs take what they need; it depends on the input only.
 * @param once one run alone takes it: nothing is kept for others, and its sections lie in memory that is used again
 */
export function nodesOf(input: ModelInput, once = false): NodeSource {
  const nodes =
    isCountedOnly(input) && input.cluster.type === 'synthetic'
      ? new SyntheticNodes(input.cluster, input.seed, input.timeline)
      : new BuiltNodes(buildPopulation(input));
  return once ? nodes : KeptSections.of(nodes);
}

/** True for a cluster of which no run, and no record of it, needs more than a section at a time. */
function isCountedOnly(input: ModelInput): boolean {
  return !isCoupled(input) && input.samples === 'none' && input.groups !== true;
}

/** Builds the typed arrays of a scenario's whole cluster. */
export function buildPopulation(input: ModelInput): Population {
  return input.cluster.type === 'synthetic'
    ? buildSyntheticCluster(input.cluster, input.seed, input.timeline, input.durationUs)
    : buildImportedCluster(input.cluster.file, input.seed, input.timeline, input.durationUs);
}

/**
 * Simulates one replication (from 1) of a scenario and measures it. The result is a function of
 * (input, replication): the same on every machine, lazy or eager, whatever ran before.
 */
export function simulate(input: ModelInput, replication: number, options: SimulateOptions = {}): RunRecord {
  const run = runOf(input, replication, options, false);
  run.run(options.onProgress);
  return run.record();
}

/** The same run, with what happened on which node. */
export function simulateWaves(
  input: ModelInput,
  replication: number,
  options: Pick<SimulateOptions, 'nodes'> = {},
): { readonly record: RunRecord; readonly waves: RunWaves } {
  const run = runOf(input, replication, options, true);
  run.run();
  return { record: run.record(), waves: run.waves() };
}

function runOf(input: ModelInput, replication: number, options: SimulateOptions, whole: boolean): ClusterRun {
  const { eager = false, observer = null, nodes = nodesOf(input, true) } = options;
  // Who looks on knows nodes and pods by their numbers in the whole cluster.
  return new ClusterRun(input, replication, nodes, { eager, whole: whole || observer !== null, observer });
}
