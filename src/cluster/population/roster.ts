import type { Change } from './lifecycle-changes.js';
import { AT_START } from './lifecycle-plan.js';

/** Names of entities in two columns. */
export interface Names {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

/**
 * The nodes of a run and the replicas that start on them: those that are there at the start, and those that join
 * with new nodes, in the order in which they join. Replicas of one node stand together.
 */
export interface Roster {
  readonly nodeCount: number;
  readonly nodeNames: Names;
  /** Change with which a node joins, AT_START for those that are there; ascending. */
  readonly nodeJoins: Int32Array;
  readonly replicaCount: number;
  readonly replicaNode: Int32Array;
  /** −1 for a lone pod. */
  readonly replicaDeployment: Int32Array;
  readonly replicaNames: Names;
  readonly deploymentCount: number;
  readonly deploymentNames: Names;
  /** Change with which a deployment joins. */
  readonly deploymentJoins: Int32Array;
  /** What kind of workload each is (`WORKLOAD`); `deployment` stands for all of them elsewhere. */
  readonly deploymentKind: Uint8Array;
  /** Of a DaemonSet or StatefulSet, pods that may be missing while it is rolled out; 0: it is not rolled out, nor is a Job. */
  readonly deploymentMissing: Int32Array;
}

/** Nodes that join together. */
export interface NodeBatch {
  readonly change: number;
  readonly nodes: number;
  readonly firstNode: number;
}

/** The nodes of a run in batches: those at the start, then those of each change that adds some. */
export function nodeBatches(
  nodesAtStart: number,
  changes: readonly Change[],
  nodesOf: (change: Change) => number,
): NodeBatch[] {
  const batches: NodeBatch[] = [{ change: AT_START, nodes: nodesAtStart, firstNode: 0 }];
  let firstNode = nodesAtStart;
  changes.forEach((change, index) => {
    if (change.action !== 'addNodes') return;
    const nodes = nodesOf(change);
    batches.push({ change: index, nodes, firstNode });
    firstNode += nodes;
  });
  return batches;
}
