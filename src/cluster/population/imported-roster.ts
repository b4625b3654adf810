import { nameOf } from '../../sim/names.js';
import type { Change } from './lifecycle-changes.js';
import { AT_START } from './lifecycle-plan.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import { nodeBatches, type Roster } from './roster.js';
import type { TopologyFile, TopologyPod } from '../model/topology-file.js';
import { nameColumns, setName } from './population.js';

/**
 * The population of a real cluster: its pods, ordered by node, are the replicas. Nodes that join are empty, for what
 * would run on them is not known. A workload with one pod on every node is taken for a DaemonSet.
 */
export interface ImportedRoster extends Roster {
  /** Pod of each replica. */
  readonly pods: readonly TopologyPod[];
  nodeName(node: number): string;
}

/** The population of a cluster that was imported. */
export function populateFrom(
  file: TopologyFile,
  changes: readonly Change[],
  timeline: readonly TimelineAction[],
): ImportedRoster {
  const batches = nodeBatches(file.nodes.length, changes, ({ entry }) => nodesOf(timeline[entry]));
  const nodeCount = batches.reduce((sum, { nodes }) => sum + nodes, 0);
  const nodeJoins = new Int32Array(nodeCount);
  for (const { change, nodes, firstNode } of batches) nodeJoins.fill(change, firstNode, firstNode + nodes);
  const nodeName = (node: number): string =>
    node < file.nodes.length ? file.nodes[node].name : `new-node-${node - file.nodes.length}`;
  const nodeNames = nameColumns(nodeCount);
  for (let node = 0; node < nodeCount; node++) setName(nodeNames, node, nameOf(`node/${nodeName(node)}`));

  const pods = file.pods
    .map((pod, index) => ({ pod, index }))
    .sort((a, b) => a.pod.node - b.pod.node || a.index - b.index)
    .map(({ pod }) => pod);
  const replicaNames = nameColumns(pods.length);
  pods.forEach((pod, replica) => setName(replicaNames, replica, nameOf(`pod/${pod.namespace}/${pod.name}`)));
  const deployments = new Map<string, number>();
  const replicaDeployment = Int32Array.from(pods, ({ workload }) => {
    if (workload === undefined) return -1;
    const known = deployments.get(workload) ?? deployments.size;
    deployments.set(workload, known);
    return known;
  });
  const deploymentNames = nameColumns(deployments.size);
  for (const [workload, deployment] of deployments) {
    setName(deploymentNames, deployment, nameOf(`workload/${workload}`));
  }
  const replicaNode = Int32Array.from(pods, ({ node }) => node);
  return {
    nodeCount,
    nodeNames,
    nodeJoins,
    replicaCount: pods.length,
    replicaNode,
    replicaDeployment,
    replicaNames,
    deploymentCount: deployments.size,
    deploymentNames,
    deploymentJoins: new Int32Array(deployments.size).fill(AT_START),
    deploymentStays: onePerNode(replicaDeployment, replicaNode, deployments.size, file.nodes.length),
    pods,
    nodeName,
  };
}

function nodesOf(entry: TimelineAction): number {
  return entry.action === 'addNodes' ? entry.nodes : 0;
}

/** 1 for each deployment that has one pod on every node; replicas are ordered by node. A single node tells nothing. */
function onePerNode(deploymentOf: Int32Array, nodeOf: Int32Array, deployments: number, nodes: number): Uint8Array {
  const seen = new Int32Array(deployments);
  const lastNode = new Int32Array(deployments).fill(-1);
  const twice = new Uint8Array(deployments);
  deploymentOf.forEach((deployment, replica) => {
    if (deployment < 0) return;
    if (lastNode[deployment] === nodeOf[replica]) twice[deployment] = 1;
    lastNode[deployment] = nodeOf[replica];
    seen[deployment]++;
  });
  return twice.map((again, deployment) => (nodes > 1 && again === 0 && seen[deployment] === nodes ? 1 : 0));
}
