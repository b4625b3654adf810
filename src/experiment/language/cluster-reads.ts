import type { ImportedCluster, ObjectClass, SyntheticCluster } from '../../cluster/model/model-input.js';
import { power } from '../../sim/portable-math.js';

/** What the pods of a cluster read at their syncs, before it is built. */
export interface ClusterReads {
  readonly nodes: number;
  readonly pods: number;
  /** Uses that are read at each sync. */
  readonly consumers: number;
  /** Those of imagePullSecrets. */
  readonly pullSecrets: number;
  /** Pairs of a node and an object that its pods read: caches, or watches. */
  readonly entries: number;
  /** Bytes of an object that is read, over all reads. */
  readonly meanBytes: number;
  /** The longest TTL that a node's annotation says; 0: none. */
  readonly ttlSecondsMax: number;
}

const ofImported = new WeakMap<object, ClusterReads>();

/** Counts what is read at syncs. */
export function clusterReads(cluster: SyntheticCluster | ImportedCluster): ClusterReads {
  if (cluster.type === 'synthetic') return syntheticReads(cluster);
  const known = ofImported.get(cluster.file) ?? importedReads(cluster);
  ofImported.set(cluster.file, known);
  return known;
}

function syntheticReads(cluster: SyntheticCluster): ClusterReads {
  const { nodes, podsPerNode, classes } = cluster;
  const pods = nodes * podsPerNode;
  let [consumers, pullSecrets, entries, bytes] = [0, 0, 0, 0];
  for (const each of classes) {
    if (each.as === 'env') continue;
    const uses = pods * each.podFraction * each.count;
    consumers += uses;
    if (each.as === 'imagePullSecret') pullSecrets += uses;
    entries += nodes * each.count * distinctOnNode(each, cluster);
    bytes += uses * each.sizeBytes;
  }
  return {
    nodes,
    pods,
    consumers,
    pullSecrets,
    entries,
    meanBytes: consumers === 0 ? 0 : bytes / consumers,
    ttlSecondsMax: 0,
  };
}

/** Scopes of a class that the pods of one node belong to, on average: pods are dealt to deployments and namespaces at random. */
function distinctOnNode(each: ObjectClass, cluster: SyntheticCluster): number {
  const { nodes, podsPerNode, namespaces, deploymentReplicas } = cluster;
  const users = podsPerNode * each.podFraction;
  const deployments = Math.ceil((nodes * podsPerNode) / deploymentReplicas);
  const scopes = { cluster: 1, node: 1, namespace: namespaces, deployment: deployments, pod: Infinity }[each.scope];
  return scopes === Infinity ? users : scopes * (1 - power(1 - 1 / scopes, users));
}

function importedReads({ file }: ImportedCluster): ClusterReads {
  const pairs = new Set<number>();
  let [consumers, pullSecrets, bytes] = [0, 0, 0];
  for (const { node, uses } of file.pods) {
    for (const { object, as } of uses) {
      if (as === 'env') continue;
      consumers++;
      if (as === 'imagePullSecret') pullSecrets++;
      pairs.add(node * file.objects.length + object);
      bytes += file.objects[object].size;
    }
  }
  return {
    nodes: file.nodes.length,
    pods: file.pods.length,
    consumers,
    pullSecrets,
    entries: pairs.size,
    meanBytes: consumers === 0 ? 0 : bytes / consumers,
    ttlSecondsMax: file.nodes.reduce((most, { ttlSeconds = 0 }) => Math.max(most, ttlSeconds), 0),
  };
}
