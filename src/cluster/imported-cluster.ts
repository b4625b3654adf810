import { nameOf } from '../sim/names.js';
import { flagsOf } from './consumption.js';
import { CONSUMPTION_MODES, OBJECT_KINDS, type TimelineAction } from './model-input.js';
import type { TopologyFile, TopologyObject, TopologyPod, TopologyUse } from './topology-file.js';
import { CONTINUES, DUE, HEAD, indexTopology, nameColumns, READS, setName, type Topology } from './topology.js';

/** Builds the typed arrays of a real cluster. Objects that the timeline names are classes of their own. */
export function buildImportedCluster(file: TopologyFile, timeline: readonly TimelineAction[]): Topology {
  const { nodes, objects } = file;
  const pods = file.pods
    .map((pod, index) => ({ pod, index }))
    .sort((a, b) => a.pod.node - b.pod.node || a.index - b.index)
    .map(({ pod }) => pod);
  const nodePodStart = new Int32Array(nodes.length + 1);
  for (const pod of pods) nodePodStart[pod.node + 1]++;
  for (let node = 0; node < nodes.length; node++) nodePodStart[node + 1] += nodePodStart[node];

  const nodeNames = nameColumns(nodes.length);
  nodes.forEach((node, index) => setName(nodeNames, index, nameOf(`node/${node.name}`)));
  const podNames = nameColumns(pods.length);
  pods.forEach((pod, index) => setName(podNames, index, nameOf(`pod/${pod.namespace}/${pod.name}`)));
  const objectNames = nameColumns(objects.length);
  objects.forEach((object, index) =>
    setName(objectNames, index, nameOf(`${object.kind}/${object.namespace}/${object.name}`)),
  );

  const deployments = new Map<string, number>();
  const podDeployment = Int32Array.from(pods, (pod) => {
    if (pod.workload === undefined) return -1;
    const known = deployments.get(pod.workload) ?? deployments.size;
    deployments.set(pod.workload, known);
    return known;
  });

  const uses = pods.map((pod) => orderedUses(pod));
  const podConsumerStart = new Int32Array(pods.length + 1);
  uses.forEach((list, pod) => (podConsumerStart[pod + 1] = podConsumerStart[pod] + list.length));
  const flat = uses.flat();
  const classes = classify(objects, timeline);
  const find = (target: string, kind: string | null): number[] =>
    objects.flatMap((object, index) =>
      `${object.namespace}/${object.name}` === target && (kind === null || object.kind === kind) ? [index] : [],
    );
  return indexTopology({
    nodeCount: nodes.length,
    podCount: pods.length,
    objectCount: objects.length,
    consumerCount: flat.length,
    nodePodStart,
    nodeNameHigh: nodeNames.high,
    nodeNameLow: nodeNames.low,
    nodeTtlSeconds: Float64Array.from(nodes, (node) => node.ttlSeconds ?? NaN),
    podNode: Int32Array.from(pods, (pod) => pod.node),
    podNameHigh: podNames.high,
    podNameLow: podNames.low,
    podDeployment,
    deploymentCount: deployments.size,
    podPending: Uint8Array.from(pods, (pod) => (pod.pending === true ? 1 : 0)),
    podConsumerStart,
    consumerObject: Int32Array.from(flat, ({ use }) => use.object),
    consumerMode: Uint8Array.from(flat, ({ use }) => CONSUMPTION_MODES.indexOf(use.as)),
    consumerFlags: Uint8Array.from(flat, ({ flags }) => flags),
    objectClass: Int32Array.from(classes.of),
    objectKind: Uint8Array.from(objects, (object) => OBJECT_KINDS.indexOf(object.kind)),
    objectSize: Float64Array.from(objects, (object) => object.size),
    objectImmutable: Uint8Array.from(objects, (object) => (object.immutable === true ? 1 : 0)),
    objectExists: Uint8Array.from(objects, (object) => (object.missing === true ? 0 : 1)),
    objectNameHigh: objectNames.high,
    objectNameLow: objectNames.low,
    classNames: classes.names,
    objectsOf: (target, kind) => Int32Array.from(find(target, kind)),
    nodeName: (node) => nodes[node].name,
    podName: (pod) => `${pods[pod].namespace}/${pods[pod].name}`,
    objectName: (object) => `${objects[object].namespace}/${objects[object].name}`,
  });
}

/**
 * A pod's uses with their flags: volumes first, sources of one volume together and in order, then the
 * rest. A second use of an object in the same volume (subPath beside a whole mount) is not read again;
 * a second use in the same mode is not counted again.
 */
function orderedUses(pod: TopologyPod): { readonly use: TopologyUse; readonly flags: number }[] {
  const volumes = new Map<number, TopologyUse[]>();
  for (const use of pod.uses) {
    if (use.volume === undefined) continue;
    const sources = volumes.get(use.volume);
    if (sources === undefined) volumes.set(use.volume, [use]);
    else sources.push(use);
  }
  const counted = new Set<string>();
  const flagged = (use: TopologyUse, read: boolean): { use: TopologyUse; flags: number } => {
    let flags = flagsOf(use.as, use.optional === true);
    if (!read) flags &= ~READS;
    const identity = `${use.object} ${use.as}`;
    if (counted.has(identity)) flags &= ~DUE;
    counted.add(identity);
    return { use, flags };
  };
  const result: { use: TopologyUse; flags: number }[] = [];
  for (const sources of volumes.values()) {
    const first = result.length;
    const seen = new Set<number>();
    for (const use of [...sources].sort((a, b) => Number(a.as === 'subPath') - Number(b.as === 'subPath'))) {
      result.push(flagged(use, use.as !== 'subPath' || !seen.has(use.object)));
      seen.add(use.object);
    }
    result[first].flags |= HEAD;
    for (let i = first; i < result.length - 1; i++) result[i].flags |= CONTINUES;
  }
  for (const use of pod.uses) if (use.volume === undefined) result.push(flagged(use, true));
  return result;
}

/** Class of each object: its own name where the timeline names it, else its namespace and resource. */
function classify(
  objects: readonly TopologyObject[],
  timeline: readonly TimelineAction[],
): { readonly names: readonly string[]; readonly of: readonly number[] } {
  const named = new Set(timeline.flatMap((entry) => ('target' in entry ? [entry.target] : [])));
  const names = new Map<string, number>();
  const of = objects.map((object) => {
    const own = `${object.namespace}/${object.name}`;
    const name = named.has(own) ? own : `${object.namespace}/${object.kind === 'Secret' ? 'secrets' : 'configmaps'}`;
    const index = names.get(name) ?? names.size;
    names.set(name, index);
    return index;
  });
  return { names: [...names.keys()], of };
}
