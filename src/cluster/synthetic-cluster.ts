import { extendHigh, extendLow, extendName, nameOf } from '../sim/names.js';
import { RandomStream } from '../sim/random.js';
import { CONSUMPTION_MODES, OBJECT_KINDS, type ObjectClass, type SyntheticCluster } from './model-input.js';
import { flagsOf } from './consumption.js';
import { HEAD, indexTopology, nameColumns, READS, setName, type Topology } from './topology.js';

/** Where the objects of a class stand among all objects. */
interface ClassRange {
  readonly spec: ObjectClass;
  readonly first: number;
  readonly count: number;
  /** Threshold of the class's pods: a pod uses the class if its draw is below. */
  readonly users: (pod: number) => boolean;
}

/**
 * Builds a cluster from counts. Pod i of the cluster runs on node i mod nodes, so every node has
 * podsPerNode pods and the replicas of a deployment are spread; it is replica i mod R of deployment
 * ⌊i / R⌋; the deployments fill one namespace after another, evenly. Which objects are immutable and which pods
 * use a class depends on names and the seed only, and a larger share contains a smaller one.
 */
export function buildSyntheticCluster(cluster: SyntheticCluster, seed: string): Topology {
  const { nodes, podsPerNode, namespaces, deploymentReplicas, classes } = cluster;
  const podCount = nodes * podsPerNode;
  const deploymentCount = Math.ceil(podCount / deploymentReplicas);
  const namespaceIndex = (deployment: number): number => Math.floor((deployment * namespaces) / deploymentCount);
  const nodePodStart = Int32Array.from({ length: nodes + 1 }, (_, node) => node * podsPerNode);
  const nodeNames = nameColumns(nodes);
  const nodeTag = nameOf('node');
  for (let node = 0; node < nodes; node++) setName(nodeNames, node, extendName(nodeTag, node));

  const podNode = new Int32Array(podCount);
  const podDeployment = new Int32Array(podCount);
  const podNames = nameColumns(podCount);
  const podTag = nameOf('pod');
  /** Number of a pod in the cluster's own order, from its number by node. */
  const ordinalOf = (pod: number): number => (pod % podsPerNode) * nodes + Math.floor(pod / podsPerNode);
  for (let pod = 0; pod < podCount; pod++) {
    const ordinal = ordinalOf(pod);
    const deployment = Math.floor(ordinal / deploymentReplicas);
    podNode[pod] = Math.floor(pod / podsPerNode);
    podDeployment[pod] = deployment;
    const high = extendHigh(podTag.high, podTag.low, deployment);
    const low = extendLow(podTag.high, podTag.low, deployment);
    const replica = ordinal % deploymentReplicas;
    podNames.high[pod] = extendHigh(high, low, replica);
    podNames.low[pod] = extendLow(high, low, replica);
  }

  const scopes = { cluster: 1, namespace: namespaces, deployment: deploymentCount, node: nodes, pod: podCount };
  const ranges: ClassRange[] = [];
  let objectCount = 0;
  for (const spec of classes) {
    const count = scopes[spec.scope] * spec.count;
    const draws = RandomStream.fromSeed(seed, 'users', spec.name);
    const users = chosen(podCount, spec.podFraction, (pod) => draws.uint32(podNames.high[pod], podNames.low[pod], 0));
    ranges.push({ spec, first: objectCount, count, users });
    objectCount += count;
  }
  const objectNames = nameColumns(objectCount);
  const objectClass = new Int32Array(objectCount);
  const objectKind = new Uint8Array(objectCount);
  const objectSize = new Float64Array(objectCount);
  const objectImmutable = new Uint8Array(objectCount);
  ranges.forEach(({ spec, first, count }, index) => {
    objectClass.fill(index, first, first + count);
    objectKind.fill(OBJECT_KINDS.indexOf(spec.kind), first, first + count);
    objectSize.fill(spec.sizeBytes, first, first + count);
    const tag = nameOf(spec.name);
    for (let i = 0; i < count; i++) {
      const shared = Math.floor(i / spec.count);
      const pod = spec.scope === 'pod' ? shared : -1;
      const base =
        pod < 0 ? extendName(tag, shared) : { high: podNames.high[pod] ^ tag.high, low: podNames.low[pod] ^ tag.low };
      setName(objectNames, first + i, extendName(base, i % spec.count));
    }
    const draws = RandomStream.fromSeed(seed, 'immutable', spec.name);
    const immutable = chosen(count, spec.immutableShare, (i) =>
      draws.uint32(objectNames.high[first + i], objectNames.low[first + i], 0),
    );
    for (let i = 0; i < count; i++) objectImmutable[first + i] = immutable(i) ? 1 : 0;
  });

  const podConsumerStart = new Int32Array(podCount + 1);
  for (let pod = 0; pod < podCount; pod++) {
    let uses = 0;
    for (const range of ranges) if (range.users(pod)) uses += range.spec.count;
    podConsumerStart[pod + 1] = podConsumerStart[pod] + uses;
  }
  const consumerCount = podConsumerStart[podCount];
  const consumerObject = new Int32Array(consumerCount);
  const consumerMode = new Uint8Array(consumerCount);
  const consumerFlags = new Uint8Array(consumerCount);
  const modes = ranges.map(({ spec }) => CONSUMPTION_MODES.indexOf(spec.as));
  const flags = ranges.map(({ spec }) => {
    const own = flagsOf(spec.as, spec.optional);
    return own & READS && spec.as !== 'imagePullSecret' ? own | HEAD : own;
  });
  let consumer = 0;
  for (let pod = 0; pod < podCount; pod++) {
    for (let index = 0; index < ranges.length; index++) {
      const range = ranges[index];
      if (!range.users(pod)) continue;
      const { scope, count } = range.spec;
      const deployment = podDeployment[pod];
      const shared =
        scope === 'pod' ? pod
        : scope === 'node' ? podNode[pod]
        : scope === 'deployment' ? deployment
        : scope === 'namespace' ? namespaceIndex(deployment)
        : 0; // prettier-ignore
      for (let i = 0; i < count; i++) {
        consumerObject[consumer] = range.first + shared * count + i;
        consumerMode[consumer] = modes[index];
        consumerFlags[consumer++] = flags[index];
      }
    }
  }

  const namespaceOf = (deployment: number): string => `ns-${namespaceIndex(deployment)}`;
  const podNameOf = (pod: number): string => {
    const deployment = podDeployment[pod];
    return `${namespaceOf(deployment)}/app-${deployment}-${ordinalOf(pod) % deploymentReplicas}`;
  };
  return indexTopology({
    nodeCount: nodes,
    podCount,
    objectCount,
    consumerCount,
    nodePodStart,
    nodeNameHigh: nodeNames.high,
    nodeNameLow: nodeNames.low,
    nodeTtlSeconds: null,
    podNode,
    podNameHigh: podNames.high,
    podNameLow: podNames.low,
    podDeployment,
    deploymentCount,
    podPending: new Uint8Array(podCount),
    podConsumerStart,
    consumerObject,
    consumerMode,
    consumerFlags,
    objectClass,
    objectKind,
    objectSize,
    objectImmutable,
    objectExists: new Uint8Array(objectCount).fill(1),
    objectNameHigh: objectNames.high,
    objectNameLow: objectNames.low,
    classNames: classes.map((spec) => spec.name),
    objectsOf(target) {
      const range = ranges.find(({ spec }) => spec.name === target);
      return range === undefined
        ? new Int32Array(0)
        : Int32Array.from({ length: range.count }, (_, i) => range.first + i);
    },
    nodeName: (node) => `node-${node}`,
    podName: podNameOf,
    objectName(object) {
      const { spec, first } = ranges[objectClass[object]];
      const shared = Math.floor((object - first) / spec.count);
      const name = spec.count === 1 ? spec.name : `${spec.name}-${(object - first) % spec.count}`;
      switch (spec.scope) {
        case 'cluster':
          return `shared/${name}`;
        case 'namespace':
          return `ns-${shared}/${name}`;
        case 'deployment':
          return `${namespaceOf(shared)}/app-${shared}-${name}`;
        case 'node':
          return `nodes/node-${shared}-${name}`;
        case 'pod':
          return `${podNameOf(shared)}-${name}`;
      }
    },
  });
}

/**
 * Chooses the round(share × count) members with the smallest draws: exact in number, the same for the
 * same names, and nested in the share.
 */
function chosen(count: number, share: number, draw: (index: number) => number): (index: number) => boolean {
  const wanted = Math.round(share * count);
  if (wanted >= count) return () => true;
  if (wanted <= 0) return () => false;
  const draws = Uint32Array.from({ length: count }, (_, i) => draw(i));
  const threshold = draws.slice().sort()[wanted];
  return (index) => draws[index] < threshold;
}
