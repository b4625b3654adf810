import { extendHigh, extendLow, extendName, nameOf } from '../../sim/names.js';
import type { Change } from './lifecycle-changes.js';
import type { SyntheticCluster } from '../model/model-input.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import { type Names, nodeBatches, type Roster } from './roster.js';
import { nameColumns, setName } from './population.js';
import { WORKLOAD } from './workload-kinds.js';

/** The population of a cluster that is made from counts, and how its entities are called. */
export interface SyntheticRoster extends Roster {
  /** Of those, nodes, deployments and replicas that are there at the start. */
  readonly nodesAtStart: number;
  readonly deploymentsAtStart: number;
  readonly replicasAtStart: number;
  /** Change with which a replica joins. */
  readonly replicaJoins: Int32Array;
  /** Position of a replica within its deployment. */
  readonly replicaOrdinal: Int32Array;
  readonly deploymentNamespace: Int32Array;
}

/**
 * Pod i of the cluster runs on node i mod nodes, so every node has podsPerNode pods and the replicas of a deployment
 * are spread; it is replica i mod R of deployment ⌊i / R⌋; the deployments fill one namespace after another, evenly.
 * Nodes that join together bring deployments of their own, in the same way.
 */
export function populate(
  cluster: SyntheticCluster,
  changes: readonly Change[],
  timeline: readonly TimelineAction[],
): SyntheticRoster {
  const { podsPerNode, deploymentReplicas, namespaces } = cluster;
  const batches = nodeBatches(cluster.nodes, changes, ({ entry }) => nodesOf(timeline[entry]));
  const nodeCount = batches.reduce((sum, { nodes }) => sum + nodes, 0);
  const replicaCount = nodeCount * podsPerNode;
  const deploymentsOf = (nodes: number): number => Math.ceil((nodes * podsPerNode) / deploymentReplicas);
  const deploymentCount = batches.reduce((sum, { nodes }) => sum + deploymentsOf(nodes), 0);

  const nodeJoins = new Int32Array(nodeCount);
  const deploymentJoins = new Int32Array(deploymentCount);
  const deploymentNamespace = new Int32Array(deploymentCount);
  const replicaNode = new Int32Array(replicaCount);
  const replicaDeployment = new Int32Array(replicaCount);
  const replicaOrdinal = new Int32Array(replicaCount);
  const replicaJoins = new Int32Array(replicaCount);
  const replicaNames = nameColumns(replicaCount);
  const podTag = nameOf('pod');
  let firstDeployment = 0;
  for (const { change, nodes, firstNode } of batches) {
    const deployments = deploymentsOf(nodes);
    nodeJoins.fill(change, firstNode, firstNode + nodes);
    deploymentJoins.fill(change, firstDeployment, firstDeployment + deployments);
    for (let d = 0; d < deployments; d++) {
      deploymentNamespace[firstDeployment + d] = Math.floor((d * namespaces) / deployments);
    }
    const firstReplica = firstNode * podsPerNode;
    replicaJoins.fill(change, firstReplica, firstReplica + nodes * podsPerNode);
    for (let i = 0; i < nodes * podsPerNode; i++) {
      const replica = firstReplica + i;
      const pod = (i % podsPerNode) * nodes + Math.floor(i / podsPerNode);
      const deployment = firstDeployment + Math.floor(pod / deploymentReplicas);
      const ordinal = pod % deploymentReplicas;
      replicaNode[replica] = firstNode + Math.floor(i / podsPerNode);
      replicaDeployment[replica] = deployment;
      replicaOrdinal[replica] = ordinal;
      const high = extendHigh(podTag.high, podTag.low, deployment);
      const low = extendLow(podTag.high, podTag.low, deployment);
      replicaNames.high[replica] = extendHigh(high, low, ordinal);
      replicaNames.low[replica] = extendLow(high, low, ordinal);
    }
    firstDeployment += deployments;
  }
  return {
    nodeCount,
    nodeNames: numberedNames('node', nodeCount),
    nodeJoins,
    replicaCount,
    replicaNode,
    replicaDeployment,
    replicaNames,
    deploymentCount,
    deploymentNames: numberedNames('deployment', deploymentCount),
    deploymentJoins,
    deploymentKind: new Uint8Array(deploymentCount).fill(WORKLOAD.deployment),
    deploymentMissing: new Int32Array(deploymentCount).fill(1),
    nodesAtStart: cluster.nodes,
    deploymentsAtStart: deploymentsOf(cluster.nodes),
    replicasAtStart: cluster.nodes * podsPerNode,
    replicaJoins,
    replicaOrdinal,
    deploymentNamespace,
  };
}

/** Names of numbered entities. */
function numberedNames(tag: string, count: number): Names {
  const names = nameColumns(count);
  const name = nameOf(tag);
  for (let i = 0; i < count; i++) setName(names, i, extendName(name, i));
  return names;
}

function nodesOf(entry: TimelineAction): number {
  return entry.action === 'addNodes' ? entry.nodes : 0;
}

/** Entities of a kind that have joined before a change; their numbers ascend with the change they join with. */
export function joinedBefore(joins: Int32Array, change: number): number {
  let low = 0;
  let high = joins.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (joins[middle] < change) low = middle + 1;
    else high = middle;
  }
  return low;
}
