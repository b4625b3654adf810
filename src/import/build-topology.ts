import type { TopologyFile, TopologyNode, TopologyObject, TopologyPod, TopologyUse } from '../cluster/topology-file.js';
import { InputError } from '../experiment/input-error.js';
import type { ClusterCollector, CollectedNode, CollectedObject, CollectedPod } from './cluster-collector.js';
import { formatPlace } from './kubernetes-items.js';

/**
 * The topology of what was collected, sorted by name, so that it does not depend on the order of the
 * input. Objects that are referenced but not there become missing ones.
 * Throws an InputError where nodes or pods are missing.
 */
export function buildTopology({ nodes, objects, pods }: ClusterCollector): TopologyFile {
  if (nodes.length === 0) throw new InputError([absent('no nodes', 'nodes')]);
  if (pods.length === 0) throw new InputError([absent('no pods that run on a node', 'pods')]);
  const sortedNodes = [...nodes].sort(by(({ name }) => name));
  const nodeIndex = new Map(sortedNodes.map(({ name }, index) => [name, index]));
  refuseUnknownNodes(pods, nodeIndex);

  const byKey = new Map(objects.map((object) => [keyOf(object), describe(object)]));
  for (const { namespace, uses } of pods) {
    for (const { kind, name } of uses) {
      const missing: TopologyObject = { namespace, name, kind, size: 0, missing: true };
      if (!byKey.has(keyOf(missing))) byKey.set(keyOf(missing), missing);
    }
  }
  const sortedObjects = [...byKey].sort(by(([key]) => key));
  const objectIndex = new Map(sortedObjects.map(([key], index) => [key, index]));
  const topologyObjects = sortedObjects.map(([, object]) => object);
  const sortedPods = [...pods].sort(by(({ namespace, name }) => `${namespace}/${name}`));
  return {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes: sortedNodes.map(describeNode),
    objects: topologyObjects,
    pods: sortedPods.map((pod) => describePod(pod, nodeIndex, objectIndex, topologyObjects)),
  };
}

function absent(what: string, resource: string): string {
  return (
    `there are ${what} in the input; needed is the output of kubectl get nodes,pods,secrets,configmaps -A -o json, ` +
    `or one more file with the ${resource} (of import: one more --cluster FILE)`
  );
}

function refuseUnknownNodes(pods: readonly CollectedPod[], known: ReadonlyMap<string, number>): void {
  const strays = pods.filter(({ node }) => !known.has(node));
  if (strays.length === 0) return;
  const [{ namespace, name, node, place }] = strays;
  const others = strays.length === 1 ? '' : ` (and ${strays.length - 1} more pods are bound to unknown nodes)`;
  throw new InputError([
    `${formatPlace(place)}: Pod ${namespace}/${name} runs on node ${node}, which is not among the ${known.size} nodes${others}; ` +
      'nodes and pods have to be read at the same time',
  ]);
}

function describeNode({ name, ttlSeconds }: CollectedNode): TopologyNode {
  return { name, ...(ttlSeconds !== undefined && { ttlSeconds }) };
}

function describe({ namespace, name, kind, size, type, immutable }: CollectedObject): TopologyObject {
  return { namespace, name, kind, size, ...(type !== '' && { type }), ...(immutable && { immutable }) };
}

function describePod(
  { namespace, name, node, workload, waiting, uses }: CollectedPod,
  nodeIndex: ReadonlyMap<string, number>,
  objectIndex: ReadonlyMap<string, number>,
  objects: readonly TopologyObject[],
): TopologyPod {
  const found = uses.map(({ kind, name: objectName, as, volume, optional }): TopologyUse => ({
    object: lookUp(objectIndex, keyOf({ kind, namespace, name: objectName })),
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
    ...(workload !== undefined && { workload }),
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
