import type { ModelInput } from '../model/model-input.js';
import type { Observer } from '../model/observer.js';
import type { NodeSource } from '../population/node-source.js';
import type { FinishedRun } from '../record/finished-run.js';
import { ClusterRun } from './cluster-run.js';

/** The run of `simulate` for an observer who reads only some of it. */
export function simulateUnread(
  input: ModelInput,
  replication: number,
  nodes: NodeSource,
  observer: Observer,
): FinishedRun {
  const run = new ClusterRun(input, replication, nodes, { eager: false, whole: true, observer });
  run.run();
  return run.finished();
}
