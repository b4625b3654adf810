import { OBJECT_KINDS, type ObjectKind } from '../cluster/model/kinds.js';
import type {
  TopologyFile,
  TopologyNode,
  TopologyObject,
  TopologyPod,
  TopologyUse,
} from '../cluster/model/topology-file.js';
import { InputError } from '../experiment/language/values/input-error.js';
import type { CollectedCluster, CollectedObject, CollectedPod, OwnedObject } from './cluster-collector.js';
import { isBesideKubernetes, type Ownership } from './owners/ownership.js';
import { namespaceOf, PresenceOracle, type Presence } from './presence.js';
import { selectionOf } from './trust-bundles.js';

/** What the input does not tell, and what is taken in its place. */
export interface Assumptions {
  /** Bytes of objects whose size is not known. */
  readonly sizeBytes: number;
  /** Objects that pods refer to, that are not in the input and are taken to exist. */
  readonly present: Readonly<Record<ObjectKind, Readonly<Record<Exclude<Presence, 'missing'>, number>>>>;
  /** Pending pods that require such: they may wait for it, but the input could not show it. */
  readonly waiting: number;
  /** Objects of the input whose content was taken out, so that its size is assumed. */
  readonly sizes: Readonly<Record<ObjectKind, number>>;
  /** Nodes that are not in the input, but have pods. */
  readonly nodes: number;
  readonly podsOnThem: number;
}

/** A topology with what was assumed to make it. */
export interface BuiltTopology {
  readonly topology: TopologyFile;
  readonly assumptions: Assumptions;
}

/**
 * The topology of what was collected, sorted by name, so that it does not depend on the order of the
 * input. Objects that are referenced but not there are taken to exist, where the input could not show them, else they
 * become missing ones; nodes that only pods tell of are taken as they are.
 * Throws an InputError where pods are missing.
 * @param sizeBytes bytes of objects whose size is not known
 */
export function buildTopology(cluster: CollectedCluster, sizeBytes: number): BuiltTopology {
  if (cluster.pods.length === 0) throw new InputError([absentPods(cluster)]);
  const { nodes, podsOnThem } = allNodes(cluster);
  const sortedNodes = nodes.sort(by(({ name }) => name));
  const nodeIndex = new Map(sortedNodes.map(({ name }, index) => [name, index]));
  const { byKey, assumedKeys, ...assumed } = allObjects(cluster, sizeBytes);
  const waiting = cluster.pods.filter((pod) => pod.waiting && requires(pod, assumedKeys)).length;
  const sortedObjects = [...byKey].sort(by(([key]) => key));
  const objectIndex = new Map(sortedObjects.map(([key], index) => [key, index]));
  const objects = sortedObjects.map(([, object]) => object);
  const sortedPods = [...cluster.pods].sort(by(({ namespace, name }) => `${namespace}/${name}`));
  return {
    topology: {
      apiVersion: 'secretsim/v1',
      kind: 'Topology',
      nodes: sortedNodes,
      objects,
      pods: sortedPods.map((pod) => describePod(pod, nodeIndex, objectIndex, objects)),
      ...(cluster.workloads.length > 0 && { workloads: cluster.workloads }),
    },
    assumptions: { sizeBytes, ...assumed, waiting, nodes: nodes.length - cluster.nodes.length, podsOnThem },
  };
}

function absentPods({ finishedPods, unscheduledPods, terminatingPods }: CollectedCluster): string {
  const others = finishedPods + unscheduledPods + terminatingPods;
  const found = others === 0 ? '' : ` (${others} are finished, being deleted or not bound to a node)`;
  return (
    `there are no pods that run on a node in the input${found}; needed is the output of ` +
    'kubectl get nodes,pods,secrets,configmaps -A -o json, or one more file with the pods (of import: one more --cluster FILE)'
  );
}

/** The nodes of the input, and those that pods are bound to: autoscaled clusters get new ones while they are read. */
function allNodes({ nodes, pods }: CollectedCluster): { readonly nodes: TopologyNode[]; readonly podsOnThem: number } {
  const known = new Set(nodes.map(({ name }) => name));
  const strays = pods.filter(({ node }) => !known.has(node));
  const listed = nodes.map(({ name, ttlSeconds, pool }) => ({
    name,
    ...(ttlSeconds !== undefined && { ttlSeconds }),
    ...(pool !== undefined && { pool }),
  }));
  const added = [...new Set(strays.map(({ node }) => node))].map((name) => ({ name }));
  return { nodes: [...listed, ...added], podsOnThem: strays.length };
}

/** The objects of the input by their key, and those that pods refer to, with what was assumed of them. */
function allObjects(cluster: CollectedCluster, sizeBytes: number) {
  const emptied = emptiedKinds(cluster.objects);
  const sizeOf = ({ kind, size }: CollectedObject): number | null => (emptied.has(kind) ? null : size);
  const byKey = new Map(
    cluster.objects.map((object) => [keyOf(object), describe(object, sizeOf(object) ?? sizeBytes)]),
  );
  const none = { 'kind not in input': 0, 'namespace not in input': 0, mounted: 0 };
  const present = forEachKind(() => ({ ...none }));
  const assumedKeys = new Set<string>();
  const oracle = new PresenceOracle(cluster);
  for (const pod of cluster.pods) {
    for (const { kind, name } of pod.uses) {
      const object: TopologyObject = { namespace: namespaceOf(kind, pod.namespace), name, kind, size: 0 };
      if (byKey.has(keyOf(object))) continue;
      // Its kubelet asks for it, or a driver brings it from a store: no dump could show what a pod mounts.
      if (kind === 'PodCertificateRequest' || kind === 'SecretProviderClass') {
        byKey.set(keyOf(object), { ...object, size: sizeBytes });
        continue;
      }
      const presence = oracle.of(object);
      if (presence !== 'missing') {
        present[kind][presence]++;
        assumedKeys.add(keyOf(object));
      }
      byKey.set(keyOf(object), presence === 'missing' ? { ...object, missing: true } : { ...object, size: sizeBytes });
    }
  }
  const unsized = (kind: ObjectKind): number =>
    cluster.objects.filter((object) => object.kind === kind && sizeOf(object) === null).length;
  const sizes = forEachKind(unsized);
  return { byKey: withSelections(byKey, cluster), assumedKeys, present, sizes };
}

function forEachKind<T>(value: (kind: ObjectKind) => T): Record<ObjectKind, T> {
  return {
    Secret: value('Secret'),
    ConfigMap: value('ConfigMap'),
    ClusterTrustBundle: value('ClusterTrustBundle'),
    PodCertificateRequest: value('PodCertificateRequest'),
    SecretProviderClass: value('SecretProviderClass'),
  };
}

/** Says of each ClusterTrustBundle how pods select it. */
function withSelections(
  byKey: ReadonlyMap<string, TopologyObject>,
  { pods }: CollectedCluster,
): ReadonlyMap<string, TopologyObject> {
  const named = pods.flatMap(({ uses }) =>
    uses.filter(({ kind, selects }) => kind === 'ClusterTrustBundle' && selects === undefined),
  );
  const byName = new Set(named.map(({ name }) => name));
  return new Map(
    [...byKey].map(([key, object]) => {
      if (object.kind !== 'ClusterTrustBundle') return [key, object];
      return [key, { ...object, selectedBy: selectionOf(object.name, byName.has(object.name)) }];
    }),
  );
}

/** True where a pod does not start without one of the objects. */
function requires({ namespace, uses }: CollectedPod, keys: ReadonlySet<string>): boolean {
  return uses.some(
    ({ kind, name, optional }) => !optional && keys.has(keyOf({ kind, namespace: namespaceOf(kind, namespace), name })),
  );
}

/** Kinds of which no object has content: that of all was taken out, for every cluster has some that is not empty. */
function emptiedKinds(objects: readonly CollectedObject[]): ReadonlySet<ObjectKind> {
  const filled = new Set(objects.filter(({ filled }) => filled).map(({ kind }) => kind));
  return new Set(OBJECT_KINDS.filter((kind) => !filled.has(kind)));
}

function describe(object: OwnedObject, size: number): TopologyObject {
  const { namespace, name, kind, type, immutable, ownership } = object;
  return {
    ...{ namespace, name, kind, size },
    ...(type !== '' && { type }),
    ...(immutable && { immutable }),
    ...(ownership !== null && isBesideKubernetes(ownership) && managedBy(ownership)),
  };
}

function managedBy({ owner, refreshSeconds }: Ownership): Pick<TopologyObject, 'managedBy' | 'refreshSeconds'> {
  return { managedBy: owner.replaceAll(' ', '-'), ...(refreshSeconds !== null && { refreshSeconds }) };
}

function describePod(
  { namespace, name, node, workload, waiting, uses }: CollectedPod,
  nodeIndex: ReadonlyMap<string, number>,
  objectIndex: ReadonlyMap<string, number>,
  objects: readonly TopologyObject[],
): TopologyPod {
  const found = uses.map(({ kind, name: objectName, as, volume, optional }): TopologyUse => ({
    object: lookUp(objectIndex, keyOf({ kind, namespace: namespaceOf(kind, namespace), name: objectName })),
    as,
    ...(volume !== undefined && { volume }),
    ...(optional && { optional }),
  }));
  const pending =
    waiting && found.some(({ object, optional }) => optional !== true && objects[object].missing === true);
  return {
    namespace,
    name,
    node: lookUp(nodeIndex, node),
    ...(workload !== undefined && { workload: workload.name }),
    ...(workload?.kind !== undefined && { ownerKind: workload.kind }),
    ...(pending && { pending }),
    uses: found,
  };
}

function keyOf({ kind, namespace, name }: Pick<TopologyObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

function lookUp(indices: ReadonlyMap<string, number>, key: string): number {
  const index = indices.get(key);
  if (index === undefined) throw new RangeError(`${key} was not collected`);
  return index;
}

/** Order by text, the same in every locale. */
function by<T>(textOf: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [left, right] = [textOf(a), textOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
