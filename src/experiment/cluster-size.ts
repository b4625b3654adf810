import type { ImportedCluster, ObjectClass, SyntheticCluster } from '../cluster/model-input.js';

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
