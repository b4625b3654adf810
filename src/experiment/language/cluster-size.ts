import { sum } from 'd3-array';
import type { ImportedCluster, ObjectClass, SyntheticCluster } from '../../cluster/model/model-input.js';
import { classesOf, objectMatcher } from '../../cluster/model/target-names.js';
import {
  amountOf,
  namedTarget,
  type NamedTarget,
  type ReplaceAction,
  type RolloutAction,
  type ScaleAction,
  type TimelineAction,
} from '../../cluster/model/timeline-actions.js';
import { occurrenceCount } from '../../cluster/model/occurrences.js';

/** How large a cluster is, before it is built. */
export interface ClusterSize {
  readonly nodes: number;
  readonly pods: number;
  readonly objects: number;
  /** Uses of an object by a pod. */
  readonly consumers: number;
}

/** Objects of one class in a cluster that is made from counts. */
export function objectsOfClass(cluster: Omit<SyntheticCluster, 'classes' | 'type'>, objectClass: ObjectClass): number {
  const pods = cluster.nodes * cluster.podsPerNode;
  const shares = {
    cluster: 1,
    namespace: cluster.namespaces,
    deployment: Math.ceil(pods / cluster.deploymentReplicas),
    node: cluster.nodes,
    pod: pods,
  };
  return shares[objectClass.scope] * objectClass.count;
}

/** Counts a cluster's nodes, pods, objects and consumers. */
export function clusterSize(cluster: SyntheticCluster | ImportedCluster): ClusterSize {
  if (cluster.type === 'imported') {
    const { nodes, pods, objects } = cluster.file;
    const consumers = pods.reduce((sum, pod) => sum + pod.uses.length, 0);
    return { nodes: nodes.length, pods: pods.length, objects: objects.length, consumers };
  }
  const pods = cluster.nodes * cluster.podsPerNode;
  let objects = 0;
  let consumers = 0;
  for (const objectClass of cluster.classes) {
    objects += objectsOfClass(cluster, objectClass);
    consumers += Math.round(pods * objectClass.podFraction) * objectClass.count;
  }
  return { nodes: cluster.nodes, pods, objects, consumers };
}

/**
 * Counts what a cluster has over a whole run, at most: also the pods that take the places of others, the
 * objects that replace others, and what new nodes bring.
 */
export function lifecycleSize(
  cluster: SyntheticCluster | ImportedCluster,
  timeline: readonly TimelineAction[],
  durationUs: number,
): ClusterSize {
  const start = clusterSize(cluster);
  const times = (entry: TimelineAction): number => occurrenceCount(entry, durationUs);
  const added = timeline.reduce(
    (sum, entry) => (entry.action === 'addNodes' ? sum + entry.nodes * times(entry) : sum),
    0,
  );
  const grown = cluster.type === 'synthetic' ? clusterSize({ ...cluster, nodes: cluster.nodes + added }) : { ...start };
  let pods = grown.pods;
  let objects = grown.objects;
  for (const entry of timeline) {
    if ('reloads' in entry)
      pods += Math.ceil((entry.reloads ?? 0) * podsUsing(entry, cluster, grown.pods)) * times(entry);
    switch (entry.action) {
      case 'rollout':
        pods += podsOf(entry, cluster, grown.pods) * times(entry);
        break;
      case 'scale':
        // Who comes back has been scaled away before.
        pods += Math.ceil(podsOf(entry, cluster, grown.pods) / 2) * times(entry);
        break;
      case 'drain':
        pods += Math.ceil((amountOf(entry.nodes, start.nodes) / start.nodes) * grown.pods) * times(entry);
        break;
      case 'removeNodes':
        if (entry.pods === 'comeBack') pods += Math.ceil((entry.nodes / start.nodes) * grown.pods) * times(entry);
        break;
      case 'replace':
        if (entry.by !== 'newName') break;
        pods += podsUsing(entry, cluster, grown.pods) * times(entry);
        objects += objectsReplacedBy(entry, cluster, added) * times(entry);
        break;
      case 'churnPods':
        pods += entry.pods * times(entry);
        break;
    }
  }
  const consumers = start.pods === 0 ? 0 : Math.ceil((start.consumers / start.pods) * pods);
  return { nodes: start.nodes + added, pods, objects, consumers };
}

/** Pods of the deployments that an action concerns. */
function podsOf(entry: RolloutAction | ScaleAction, cluster: SyntheticCluster | ImportedCluster, pods: number): number {
  const named = namedTarget(entry);
  return Math.ceil(entry.deployments * (named === null ? pods : podsUsing(named, cluster, pods)));
}

/** Pods of the deployments that use an object of the target: a deployment is rolled out as a whole. */
function podsUsing({ target, kind }: NamedTarget, cluster: SyntheticCluster | ImportedCluster, pods: number): number {
  if (cluster.type === 'synthetic') {
    const share = sum(classesOf(cluster.classes, target, kind), ({ podFraction }) => podFraction);
    return Math.min(pods, Math.ceil(pods * share) * cluster.deploymentReplicas);
  }
  const { file } = cluster;
  const meant = file.objects.map(objectMatcher(target, kind));
  const uses = file.pods.filter(({ uses }) => uses.some(({ object }) => meant[object]));
  const workloads = new Set(uses.map(({ workload }) => workload));
  return file.pods.reduce((sum, { workload }) => (workloads.has(workload) ? sum + 1 : sum), 0);
}

function objectsReplacedBy(entry: ReplaceAction, cluster: SyntheticCluster | ImportedCluster, added: number): number {
  const { target, kind } = entry;
  if (cluster.type === 'imported') return sum(cluster.file.objects.map(objectMatcher(target, kind)), Number);
  const grown = { ...cluster, nodes: cluster.nodes + added };
  return sum(classesOf(cluster.classes, target, kind), (each) => objectsOfClass(grown, each));
}
