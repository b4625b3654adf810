import { ClusterRun } from './cluster-run.js';
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
   * The cluster's typed arrays, where the caller has built them already (`buildPopulation`).
   * @internal
   */
  readonly population?: Population;
  readonly observer?: Observer;
  /** Told now and then how much of the run is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Builds the typed arrays of a scenario's cluster; they depend on the input only and can be shared by its runs. */
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
  const run = runOf(input, replication, options);
  run.run(options.onProgress);
  return run.record();
}

/** The same run, with what happened on which node. */
export function simulateWaves(
  input: ModelInput,
  replication: number,
  options: Pick<SimulateOptions, 'population'> = {},
): { readonly record: RunRecord; readonly waves: RunWaves } {
  const run = runOf(input, replication, options);
  run.run();
  return { record: run.record(), waves: run.waves() };
}

function runOf(input: ModelInput, replication: number, options: SimulateOptions): ClusterRun {
  const population = options.population ?? buildPopulation(input);
  return new ClusterRun(input, replication, population, options.eager ?? false, options.observer ?? null);
}
