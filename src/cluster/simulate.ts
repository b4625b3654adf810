import { ClusterRun } from './cluster-run.js';
import { buildImportedCluster } from './imported-cluster.js';
import type { ModelInput } from './model-input.js';
import type { Observer } from './observer.js';
import type { RunRecord } from './run-record.js';
import { buildSyntheticCluster } from './synthetic-cluster.js';
import type { Topology } from './topology.js';
import type { RunWaves } from './waves.js';

export interface SimulateOptions {
  /**
   * The reference engine: one event queue for all kubelets, and every sync an event. The default engine
   * simulates kubelet after kubelet (they meet only at API servers that never queue) and, under Watch,
   * walks sync clocks on demand. Both give the same result.
   */
  readonly eager?: boolean;
  /** The cluster's typed arrays, where the caller has built them already (`buildTopology`). */
  readonly topology?: Topology;
  readonly observer?: Observer;
  /** Told now and then how much of the run is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Builds the typed arrays of a scenario's cluster; they depend on the input only and can be shared by its runs. */
export function buildTopology(input: ModelInput): Topology {
  return input.cluster.type === 'synthetic'
    ? buildSyntheticCluster(input.cluster, input.seed, input.timeline, input.durationUs)
    : buildImportedCluster(input.cluster.file, input.seed, input.timeline, input.durationUs);
}

/**
 * Simulates one replication (from 1) of a scenario and measures it. The result is a function of
 * (input, replication): the same on every machine, lazy or eager, whatever ran before.
 */
export function simulate(input: ModelInput, replication: number, options: SimulateOptions = {}): RunRecord {
  const run = runOf(input, replication, options);
  run.run(options.onProgress);
  return run.record();
}

/** The same run, with what happened on which node. */
export function simulateWaves(
  input: ModelInput,
  replication: number,
  options: Pick<SimulateOptions, 'topology'> = {},
): { readonly record: RunRecord; readonly waves: RunWaves } {
  const run = runOf(input, replication, options);
  run.run();
  return { record: run.record(), waves: run.waves() };
}

function runOf(input: ModelInput, replication: number, options: SimulateOptions): ClusterRun {
  const topology = options.topology ?? buildTopology(input);
  return new ClusterRun(input, replication, topology, options.eager ?? false, options.observer ?? null);
}
