import { group } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import { nameOf } from '../../sim/names.js';
import { lifecycleColumns, orderByNode } from './lifecycle-columns.js';
import { changesOfTimeline, type Change } from './lifecycle-changes.js';
import { planLifecycle, type TargetUsers } from './lifecycle-planner.js';
import { flagsOf } from './consumption.js';
import { populateFrom, type ImportedRoster } from './imported-roster.js';
import { namedTarget, type TimelineAction } from '../model/timeline-actions.js';
import { isPattern, objectMatcher } from '../model/target-names.js';
import { BUNDLE_SELECTIONS, MODE, KIND, RESOURCES } from '../model/kinds.js';
import { ObjectFamilies } from './object-families.js';
import { importedOwner } from './pod-owner.js';
import { successorSuffix } from './synthetic-cluster.js';
import {
  timelineName,
  type TopologyFile,
  type TopologyObject,
  type TopologyPod,
  type TopologyUse,
} from '../model/topology-file.js';
import { indexPopulation } from './index-population.js';
import { CONTINUES, DUE, HEAD, nameColumns, READS, setName, type Population } from './population.js';

/**
 * Builds the typed arrays of a real cluster, with all pods, objects and nodes that the timeline will bring. Objects
 * that the timeline names are classes of their own.
 */
export function buildImportedCluster(
  file: TopologyFile,
  seed: string,
  timeline: readonly TimelineAction[],
  durationUs: number,
): Population {
  const { nodes, objects } = file;
  const changes = changesOfTimeline(timeline, durationUs);
  const roster = populateFrom(file, changes, timeline);
  const find = finderIn(objects);
  const replacedBy = ({ entry }: Change): readonly number[] => {
    const action = timeline[entry];
    return action.action === 'replace' ? find(action.target, action.kind) : [];
  };
  const namedBy = ({ entry }: Change): readonly number[] => {
    const named = namedTarget(timeline[entry]);
    return named === null ? [] : find(named.target, named.kind);
  };
  const families = new ObjectFamilies(objects.length, changes.length);
  changes.forEach((change, index) => replacedBy(change).forEach((object) => families.replace(index, object, 1)));
  const plan = planLifecycle(roster, changes, timeline, seed, (change) =>
    deploymentsUsing(namedBy(changes[change]), roster),
  );
  const order = orderByNode(plan, roster.nodeCount);
  const podReplica = order.planned.map((pod) => plan.pods.replica.get(pod));
  const consumers = consumersOf(
    podReplica,
    (pod) => plan.pods.template.get(order.planned[pod]),
    roster,
    families,
    objects,
  );
  const classes = classify(objects, timeline);
  const ttlSeconds = new Float64Array(roster.nodeCount).fill(NaN);
  nodes.forEach((node, index) => (ttlSeconds[index] = node.ttlSeconds ?? NaN));
  return indexPopulation({
    nodeCount: roster.nodeCount,
    podCount: podReplica.length,
    objectCount: families.objectCount,
    consumerCount: consumers.consumerObject.length,
    nodePodStart: order.nodePodStart,
    nodeNameHigh: roster.nodeNames.high,
    nodeNameLow: roster.nodeNames.low,
    nodeTtlSeconds: ttlSeconds,
    nodeArrives: Uint8Array.from(roster.nodeJoins, (joins) => (joins < 0 ? 0 : 1)),
    podNode: order.planned.map((pod) => plan.pods.node.get(pod)),
    podNameHigh: order.planned.map((pod) => plan.pods.nameHigh.get(pod)),
    podNameLow: order.planned.map((pod) => plan.pods.nameLow.get(pod)),
    podDeployment: podReplica.map((replica) => roster.replicaDeployment[replica]),
    deploymentCount: roster.deploymentCount,
    ...statesAtStart(podReplica, roster, (pod) => order.planned[pod] < roster.replicaCount),
    ...consumers,
    ...objectColumns(objects, classes.of, families),
    classNames: classes.names,
    lifecycle: changes.length === 0 ? null : lifecycleColumns(roster, changes, plan, families, order, consumers),
    objectsOf(target, kind, atUs = -Infinity) {
      const change = changes.filter(({ earliestUs }) => earliestUs <= atUs).length - 1;
      return Int32Array.from(find(target, kind), (object) => families.at(object, 0, change));
    },
    nodeName: (node) => roster.nodeName(node),
    nodePool: (node) => (node < nodes.length ? (nodes[node].pool ?? null) : null),
    podOwner: (pod) => importedOwner(roster.pods[podReplica[pod]]),
    podName(pod) {
      const number = order.planned[pod];
      const { namespace, name } = roster.pods[podReplica[pod]];
      return `${namespace}/${name}${successorSuffix(plan.pods.rollouts.get(number), plan.pods.churns.get(number))}`;
    },
    objectName: (object) => objectNameOf(object, objects, families),
  });
}

/** The name of an object; one that takes the place of another is called after it. */
function objectNameOf(object: number, objects: readonly TopologyObject[], families: ObjectFamilies): string {
  const i = object - objects.length;
  const name = timelineName(objects[i < 0 ? object : families.original.get(i)]);
  return i < 0 ? name : `${name}-v${families.generation.get(i) + 1}`;
}

/** Finds objects by `namespace/name` or a pattern of it, and by kind where it is not null. */
function finderIn(objects: readonly TopologyObject[]): (target: string, kind: string | null) => number[] {
  const byName = group(objects.keys(), (index) => timelineName(objects[index]));
  return (target, kind) => {
    const isMeant = objectMatcher(target, kind);
    const candidates = isPattern(target) ? objects.keys() : (byName.get(target) ?? []);
    return [...candidates].filter((index) => isMeant(objects[index]));
  };
}

/** How pods stand when the simulation starts. `isThere`: false for pods that come later. */
function statesAtStart(
  podReplica: Int32Array,
  { pods }: ImportedRoster,
  isThere: (pod: number) => boolean,
): Pick<Population, 'podPending' | 'podStartsAfter' | 'podArrives'> {
  return {
    podPending: Uint8Array.from(podReplica, (replica, pod) => (isThere(pod) && pods[replica].pending === true ? 1 : 0)),
    podStartsAfter: Float64Array.from(podReplica, (replica) =>
      Math.round((pods[replica].startsAfterSeconds ?? 0) * SECOND_US),
    ),
    podArrives: Uint8Array.from(podReplica, (_, pod) => (isThere(pod) ? 0 : 1)),
  };
}

/** The deployments of which a pod uses one of the objects. */
function deploymentsUsing(objects: readonly number[], { pods, replicaDeployment }: ImportedRoster): TargetUsers {
  const users = new Set<number>();
  pods.forEach(({ uses }, replica) => {
    if (uses.some(({ object }) => objects.includes(object))) users.add(replicaDeployment[replica]);
  });
  users.delete(-1);
  return { objects: objects.length, deployments: [...users].sort((a, b) => a - b) };
}

/** What each pod mounts: what its replica mounts, under its template. */
function consumersOf(
  podReplica: Int32Array,
  templateOf: (pod: number) => number,
  { pods }: ImportedRoster,
  families: ObjectFamilies,
  objects: readonly TopologyObject[],
) {
  const uses = pods.map((pod) => orderedUses(pod, objects));
  const podConsumerStart = new Int32Array(podReplica.length + 1);
  podReplica.forEach((replica, pod) => (podConsumerStart[pod + 1] = podConsumerStart[pod] + uses[replica].length));
  const consumerCount = podConsumerStart[podReplica.length];
  const consumerObject = new Int32Array(consumerCount);
  const consumerMode = new Uint8Array(consumerCount);
  const consumerFlags = new Uint8Array(consumerCount);
  podReplica.forEach((replica, pod) => {
    uses[replica].forEach(({ use, flags }, i) => {
      const consumer = podConsumerStart[pod] + i;
      consumerObject[consumer] = families.at(use.object, 0, templateOf(pod));
      consumerMode[consumer] = MODE[use.as];
      consumerFlags[consumer] = flags;
    });
  });
  return { podConsumerStart, consumerObject, consumerMode, consumerFlags };
}

function objectColumns(objects: readonly TopologyObject[], classOf: readonly number[], families: ObjectFamilies) {
  const { objectCount } = families;
  const names = nameColumns(objectCount);
  const objectClass = new Int32Array(objectCount);
  const objectKind = new Uint8Array(objectCount);
  const objectSize = new Float64Array(objectCount);
  const objectImmutable = new Uint8Array(objectCount);
  const objectSelectedBy = new Uint8Array(objectCount);
  const objectTrigger = new Int32Array(objectCount);
  const objectExists = new Uint8Array(objectCount);
  const triggers = new Map<string, number>();
  objects.forEach((object, index) => {
    const { kind, namespace, name } = object;
    setName(names, index, nameOf(`${kind}/${namespace}/${name}`));
    objectClass[index] = classOf[index];
    objectKind[index] = KIND[kind];
    objectSize[index] = object.size;
    objectImmutable[index] = object.immutable === true ? 1 : 0;
    objectSelectedBy[index] = BUNDLE_SELECTIONS.indexOf(object.selectedBy ?? 'name');
    objectExists[index] = object.missing === true ? 0 : 1;
    const trigger = triggers.get(`${kind}/${name}`) ?? triggers.size;
    triggers.set(`${kind}/${name}`, trigger);
    objectTrigger[index] = trigger;
  });
  families.name(names);
  return {
    objectClass: families.extend(objectClass),
    objectKind: families.extend(objectKind),
    objectSize: families.extend(objectSize),
    objectImmutable: families.extend(objectImmutable),
    objectSelectedBy: families.extend(objectSelectedBy),
    objectTrigger: families.extendTriggers(objectTrigger),
    objectExists,
    objectArrives: new Uint8Array(objectCount).fill(1, objects.length),
    objectNameHigh: names.high,
    objectNameLow: names.low,
  };
}

/**
 * A pod's uses with their flags: volumes first, sources of one volume together and in order, then the
 * rest. A second use of an object in the same volume (subPath beside a whole mount) is not read again;
 * a second use in the same mode is not counted again.
 */
function orderedUses(
  pod: TopologyPod,
  objects: readonly TopologyObject[],
): { readonly use: TopologyUse; readonly flags: number }[] {
  const volumes = new Map<number, TopologyUse[]>();
  for (const use of pod.uses) {
    if (use.volume === undefined) continue;
    const sources = volumes.get(use.volume);
    if (sources === undefined) volumes.set(use.volume, [use]);
    else sources.push(use);
  }
  const counted = new Set<string>();
  const flagged = (use: TopologyUse, read: boolean): { use: TopologyUse; flags: number } => {
    let flags = flagsOf(use.as, use.optional === true, objects[use.object].kind);
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

/**
 * Class of each object: its own name where the timeline names it, the first pattern of the timeline that means it, else
 * its namespace and resource.
 */
function classify(
  objects: readonly TopologyObject[],
  timeline: readonly TimelineAction[],
): { readonly names: readonly string[]; readonly of: readonly number[] } {
  const targets = timeline.flatMap((entry) => namedTarget(entry) ?? []);
  const named = new Set(targets.map(({ target }) => target));
  const patterns = targets
    .filter(({ target }) => isPattern(target))
    .map(({ target, kind }) => ({ target, isMeant: objectMatcher(target, kind) }));
  const names = new Map<string, number>();
  const of = objects.map((object) => {
    const own = timelineName(object);
    const name = named.has(own)
      ? own
      : (patterns.find(({ isMeant }) => isMeant(object))?.target ??
        timelineName({ namespace: object.namespace, name: RESOURCES[KIND[object.kind]] }));
    const index = names.get(name) ?? names.size;
    names.set(name, index);
    return index;
  });
  return { names: [...names.keys()], of };
}
