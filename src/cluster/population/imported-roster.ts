import { nameOf } from '../../sim/names.js';
import type { Change } from './lifecycle-changes.js';
import { AT_START } from './lifecycle-plan.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import { nodeBatches, type Roster } from './roster.js';
import type { TopologyFile, TopologyPod } from '../model/topology-file.js';
import { importedOwner, ownerLabel } from './pod-owner.js';
import { nameColumns, setName } from './population.js';
import { missingAtRollout, workloadKind } from './workload-kinds.js';

/**
 * The population of a real cluster: its pods, ordered by node, are the replicas. Nodes that join are empty, for what
 * would run on them is not known. Where the topology does not tell of what kind a workload is, one with a pod on every
 * node is taken for a DaemonSet.
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
  const { replicaDeployment, workloads } = workloadsOf(pods);
  const deploymentNames = nameColumns(workloads.length);
  workloads.forEach(({ workload }, deployment) => {
    setName(deploymentNames, deployment, nameOf(`workload/${workload}`));
  });
  const replicaNode = Int32Array.from(pods, ({ node }) => node);
  const deploymentKind = onePerNode(replicaDeployment, replicaNode, workloads.length, file.nodes.length).map(
    (everywhere, deployment) => workloadKind(workloads[deployment].ownerKind, everywhere === 1),
  );
  return {
    nodeCount,
    nodeNames,
    nodeJoins,
    replicaCount: pods.length,
    replicaNode,
    replicaDeployment,
    replicaNames,
    deploymentCount: workloads.length,
    deploymentNames,
    deploymentJoins: new Int32Array(workloads.length).fill(AT_START),
    deploymentKind,
    deploymentMissing: missingOf(file, replicaDeployment, workloads, deploymentKind),
    pods,
    nodeName,
  };
}

function nodesOf(entry: TimelineAction): number {
  return entry.action === 'addNodes' ? entry.nodes : 0;
}

/** A workload by one of its pods. */
type WorkloadOfPod = Pick<TopologyPod, 'workload' | 'ownerKind'>;

/** The workload of each pod, −1 for a lone pod; of two with the same name each is one, where their kinds are known. */
function workloadsOf(pods: readonly TopologyPod[]): {
  readonly replicaDeployment: Int32Array;
  readonly workloads: readonly WorkloadOfPod[];
} {
  const known = new Map<string, number>();
  const workloads: WorkloadOfPod[] = [];
  const replicaDeployment = Int32Array.from(pods, (pod) => {
    if (pod.workload === undefined) return -1;
    const label = ownerLabel(importedOwner(pod));
    const index = known.get(label) ?? workloads.push(pod) - 1;
    known.set(label, index);
    return index;
  });
  return { replicaDeployment, workloads };
}

/** Pods of each workload that may be missing while it is rolled out. */
function missingOf(
  { workloads: own = [] }: TopologyFile,
  replicaDeployment: Int32Array,
  workloads: readonly WorkloadOfPod[],
  kinds: Uint8Array,
): Int32Array {
  const pods = new Int32Array(workloads.length);
  for (const deployment of replicaDeployment) if (deployment >= 0) pods[deployment]++;
  const byLabel = new Map(own.map((each) => [`${each.ownerKind} ${each.workload}`, each]));
  return pods.map((count, d) => {
    const { ownerKind, workload } = workloads[d];
    return missingAtRollout(kinds[d], count, byLabel.get(`${String(ownerKind)} ${String(workload)}`));
  });
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
