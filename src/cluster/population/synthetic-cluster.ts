import { lifecycleColumns, orderByNode, type PodOrder } from './lifecycle-columns.js';
import { changesOfTimeline } from './lifecycle-changes.js';
import { planLifecycle, type PlannedLifecycle, type TargetUsers } from './lifecycle-planner.js';
import type { SyntheticCluster } from '../model/model-input.js';
import { classesOf } from '../model/target-names.js';
import { namedTarget, type TimelineAction } from '../model/timeline-actions.js';
import { MODE } from '../model/kinds.js';
import type { ObjectFamilies } from './object-families.js';
import { classRanges, objectColumns, objectsBefore, replaceByNewNames, type ClassRange } from './synthetic-objects.js';
import { populate, type SyntheticRoster } from './synthetic-roster.js';
import { indexPopulation } from './index-population.js';
import { type Population } from './population.js';
import { sourceFlags } from './section-shape.js';

/**
 * Builds a cluster from counts, with all pods, objects and nodes that the timeline will bring. Which objects are
 * immutable, which pods use a class and who takes whose place depends on names and the seed only, and a larger share
 * contains a smaller one.
 */
export function buildSyntheticCluster(
  cluster: SyntheticCluster,
  seed: string,
  timeline: readonly TimelineAction[],
  durationUs: number,
): Population {
  const changes = changesOfTimeline(timeline, durationUs);
  const roster = populate(cluster, changes, timeline);
  const ranges = classRanges(cluster, seed, roster);
  const families = replaceByNewNames(ranges, changes, ({ entry }) => replacedRanges(ranges, timeline[entry]));
  const plan = planLifecycle(roster, changes, timeline, seed, (change) => {
    return usersOf(rangesOf(ranges, namedTarget(timeline[changes[change].entry])), roster, change);
  });
  const order = orderByNode(plan, roster.nodeCount);
  const podReplica = order.planned.map((pod) => plan.pods.replica.get(pod));
  const podTemplate = order.planned.map((pod) => plan.pods.template.get(pod));
  const podNode = order.planned.map((pod) => plan.pods.node.get(pod));
  const podDeployment = podReplica.map((replica) => roster.replicaDeployment[replica]);
  const consumers = consumersOf({ podReplica, podTemplate, podNode }, ranges, families, roster);
  const podCount = order.planned.length;
  return indexPopulation({
    nodeCount: roster.nodeCount,
    podCount,
    objectCount: families.objectCount,
    consumerCount: consumers.consumerObject.length,
    nodePodStart: order.nodePodStart,
    nodeNameHigh: roster.nodeNames.high,
    nodeNameLow: roster.nodeNames.low,
    nodeTtlSeconds: null,
    nodeArrives: Uint8Array.from(roster.nodeJoins, (joins) => (joins < 0 ? 0 : 1)),
    podNode,
    podNameHigh: order.planned.map((pod) => plan.pods.nameHigh.get(pod)),
    podNameLow: order.planned.map((pod) => plan.pods.nameLow.get(pod)),
    podDeployment,
    deploymentCount: roster.deploymentCount,
    podPending: new Uint8Array(podCount),
    podStartsAfter: null,
    podArrives: Uint8Array.from(order.planned, (pod) => (pod < roster.replicasAtStart ? 0 : 1)),
    ...consumers,
    ...objectColumns(ranges, families, roster, seed),
    classNames: cluster.classes.map((spec) => spec.name),
    lifecycle: changes.length === 0 ? null : lifecycleColumns(roster, changes, plan, families, order, consumers),
    objectsOf(target, kind, atUs = -Infinity) {
      const change = changes.filter(({ earliestUs }) => earliestUs <= atUs).length - 1;
      const objects = rangesOf(ranges, { target, kind }).flatMap((range) =>
        Array.from({ length: objectsBefore(range, change + 1) }, (_, i) => families.at(range.first, i, change)),
      );
      return Int32Array.from(objects);
    },
    ...naming(roster, ranges, families, plan, order),
  });
}

/** The classes of a target. */
function rangesOf(
  ranges: readonly ClassRange[],
  named: { readonly target: string; readonly kind: string | null } | null,
): readonly ClassRange[] {
  if (named === null) return [];
  const specs = new Set(
    classesOf(
      ranges.map(({ spec }) => spec),
      named.target,
      named.kind,
    ),
  );
  return ranges.filter(({ spec }) => specs.has(spec));
}

/** The classes that a `replace` by new names replaces. */
function replacedRanges(ranges: readonly ClassRange[], entry: TimelineAction): readonly ClassRange[] {
  return entry.action === 'replace' && entry.by === 'newName' ? rangesOf(ranges, entry) : [];
}

/** The deployments that use one of the classes, of those that have joined before a change. */
function usersOf(ranges: readonly ClassRange[], roster: SyntheticRoster, change: number): TargetUsers {
  const { replicaCount, replicaDeployment, deploymentCount, deploymentJoins } = roster;
  const uses = new Uint8Array(deploymentCount);
  for (let replica = 0; replica < replicaCount; replica++) {
    const deployment = replicaDeployment[replica];
    if (deploymentJoins[deployment] < change && ranges.some((range) => range.users(replica))) uses[deployment] = 1;
  }
  const deployments: number[] = [];
  uses.forEach((used, deployment) => {
    if (used === 1) deployments.push(deployment);
  });
  return { objects: ranges.reduce((sum, range) => sum + objectsBefore(range, change), 0), deployments };
}

/** What each pod mounts: the objects of its replica and its node, under its template. */
function consumersOf(
  pods: { readonly podReplica: Int32Array; readonly podTemplate: Int32Array; readonly podNode: Int32Array },
  ranges: readonly ClassRange[],
  families: ObjectFamilies,
  roster: SyntheticRoster,
) {
  const { podReplica, podTemplate, podNode } = pods;
  const { replicaDeployment, deploymentNamespace } = roster;
  const podConsumerStart = new Int32Array(podReplica.length + 1);
  podReplica.forEach((replica, pod) => {
    let uses = 0;
    for (const range of ranges) if (range.users(replica)) uses += range.spec.count;
    podConsumerStart[pod + 1] = podConsumerStart[pod] + uses;
  });
  const consumerCount = podConsumerStart[podReplica.length];
  const consumerObject = new Int32Array(consumerCount);
  const consumerMode = new Uint8Array(consumerCount);
  const consumerFlags = new Uint8Array(consumerCount);
  const modes = ranges.map(({ spec }) => MODE[spec.as]);
  const flags = ranges.map(({ spec }) => sourceFlags(spec));
  let consumer = 0;
  podReplica.forEach((replica, pod) => {
    const deployment = replicaDeployment[replica];
    ranges.forEach(({ spec, first, users }, index) => {
      if (!users(replica)) return;
      const { scope, count } = spec;
      const shared =
        scope === 'pod' ? replica
        : scope === 'node' ? podNode[pod]
        : scope === 'deployment' ? deployment
        : scope === 'namespace' ? deploymentNamespace[deployment]
        : 0; // prettier-ignore
      for (let i = 0; i < count; i++) {
        consumerObject[consumer] = families.at(first, shared * count + i, podTemplate[pod]);
        consumerMode[consumer] = modes[index];
        consumerFlags[consumer++] = flags[index];
      }
    });
  });
  return { podConsumerStart, consumerObject, consumerMode, consumerFlags };
}

/** How nodes, pods and objects are called, `namespace/name`. */
function naming(
  roster: SyntheticRoster,
  ranges: readonly ClassRange[],
  families: ObjectFamilies,
  plan: PlannedLifecycle,
  { planned }: PodOrder,
): Pick<Population, 'nodeName' | 'podName' | 'podOwner' | 'nodePool' | 'objectName'> {
  const { replicaDeployment, replicaOrdinal, deploymentNamespace } = roster;
  const deploymentName = (deployment: number): string => `ns-${deploymentNamespace[deployment]}/app-${deployment}`;
  const replicaName = (replica: number): string =>
    `${deploymentName(replicaDeployment[replica])}-${replicaOrdinal[replica]}`;
  const originals = families.objectCount - families.original.length;
  const rangeOf = (object: number): ClassRange =>
    ranges[ranges.findLastIndex(({ first, count }) => count > 0 && first <= object)];
  const originalName = (object: number): string => {
    const { spec, first } = rangeOf(object);
    const shared = Math.floor((object - first) / spec.count);
    const name = spec.count === 1 ? spec.name : `${spec.name}-${(object - first) % spec.count}`;
    switch (spec.scope) {
      case 'cluster':
        return `shared/${name}`;
      case 'namespace':
        return `ns-${shared}/${name}`;
      case 'deployment':
        return `${deploymentName(shared)}-${name}`;
      case 'node':
        return `nodes/node-${shared}-${name}`;
      case 'pod':
        return `${replicaName(shared)}-${name}`;
    }
  };
  return {
    nodeName: (node) => `node-${node}`,
    nodePool: () => null,
    podOwner: (pod) => ({
      kind: 'Deployment',
      name: deploymentName(replicaDeployment[plan.pods.replica.get(planned[pod])]),
    }),
    podName(pod) {
      const number = planned[pod];
      const suffix = successorSuffix(plan.pods.rollouts.get(number), plan.pods.churns.get(number));
      return replicaName(plan.pods.replica.get(number)) + suffix;
    },
    objectName(object) {
      if (object < originals) return originalName(object);
      const i = object - originals;
      return `${originalName(families.original.get(i))}-v${families.generation.get(i) + 1}`;
    },
  };
}

/** What distinguishes the name of a pod that took another's place: rollouts of its deployment, pods churned before it. */
export function successorSuffix(rollouts: number, churns: number): string {
  return (rollouts > 0 ? `-r${rollouts}` : '') + (churns > 0 ? `-c${churns}` : '');
}
