import { GrowableInt32 } from '../../sim/growable.js';
import type { Change } from './lifecycle-changes.js';
import { lifecycleActionCode } from './lifecycle-changes.js';
import type { PlannedLifecycle } from './lifecycle-planner.js';
import { AT_START, NO_POD, type LifecyclePlan } from './lifecycle-plan.js';
import type { ObjectFamilies } from './object-families.js';
import type { Roster } from './roster.js';
import { groupBy } from './population.js';

/** The planned pods in the order of their nodes, as a population has them. */
export interface PodOrder {
  readonly nodePodStart: Int32Array;
  /** Planned pod by its number in the population. */
  readonly planned: Int32Array;
  /** The number in the population of a planned pod. */
  readonly number: Int32Array;
}

/** Numbers the planned pods by node; those that are there at the start come first on their nodes. */
export function orderByNode(plan: PlannedLifecycle, nodeCount: number): PodOrder {
  const { start, members } = groupBy(plan.pods.node.view(), nodeCount);
  const number = new Int32Array(members.length);
  for (let pod = 0; pod < members.length; pod++) number[members[pod]] = pod;
  return { nodePodStart: start, planned: members, number };
}

/** Which objects a pod mounts: those of its consumers. */
interface Consumers {
  readonly podConsumerStart: Int32Array;
  readonly consumerObject: Int32Array;
}

/** The lifecycle plan in the population's own numbers. */
export function lifecycleColumns(
  roster: Roster,
  changes: readonly Change[],
  plan: PlannedLifecycle,
  families: ObjectFamilies,
  { planned, number }: PodOrder,
  consumers: Consumers,
): LifecyclePlan {
  const numbered = (pods: Int32Array): Int32Array => pods.map((pod) => (pod === NO_POD ? NO_POD : number[pod]));
  const rolloutPodStart = plan.rolloutPodStart.view().slice();
  const rolloutPods = numbered(plan.rolloutPods.view());
  families.finish(changes.length);
  const replacedStart = families.replacedStart;
  const replacementObject = families.replacement.view().slice();
  const waiting = waitingRollouts(
    { rolloutStart: plan.rolloutStart, rolloutPodStart, rolloutPods, replacedStart, replacementObject },
    consumers,
  );
  const { handovers, scaling } = plan;
  const brought = broughtPods(roster, changes.length, number);
  return {
    replicaCount: roster.replicaCount,
    podReplica: planned.map((pod) => plan.pods.replica.get(pod)),
    podTemplate: planned.map((pod) => plan.pods.template.get(pod)),
    replicaDeployment: roster.replicaDeployment,
    replicaFirstPod: number.slice(0, roster.replicaCount),
    deploymentReplicaStart: plan.deploymentReplicaStart,
    deploymentReplicas: plan.deploymentReplicas,
    deploymentKind: roster.deploymentKind,
    deploymentMissing: roster.deploymentMissing,
    deploymentNameHigh: roster.deploymentNames.high,
    deploymentNameLow: roster.deploymentNames.low,
    changeCount: changes.length,
    changeAction: Uint8Array.from(changes, ({ action }) => lifecycleActionCode(action)),
    changeEntry: Int32Array.from(changes, ({ entry }) => entry),
    changeOccurrence: Int32Array.from(changes, ({ occurrence }) => occurrence),
    rolloutStart: plan.rolloutStart,
    rolloutDeployment: plan.rolloutDeployment.view().slice(),
    rolloutPodStart,
    rolloutPods,
    replacedStart,
    replacedObject: families.replaced.view().slice(),
    replacementObject,
    waitingRolloutStart: waiting.start,
    waitingRollouts: waiting.rollouts,
    movedStart: plan.movedStart,
    movedNodes: plan.movedNodes.view().slice(),
    broughtStart: brought.start,
    broughtPods: brought.pods,
    partStart: plan.partStart,
    partNode: handovers.partNode.view().slice(),
    partHandoverStart: handovers.partStart.view().slice(),
    handoverReplica: handovers.replica.view().slice(),
    handoverPodStart: handovers.podStart.view().slice(),
    handoverPods: numbered(handovers.pods.view()),
    scalingStart: scaling.start.view().slice(),
    scalingDeployment: scaling.deployment.view().slice(),
    scalingReplicas: scaling.replicas.view().slice(),
  };
}

/** The pods that each change brings with its nodes. */
function broughtPods(
  { replicaCount, replicaNode, nodeJoins }: Roster,
  changes: number,
  number: Int32Array,
): { readonly start: Int32Array; readonly pods: Int32Array } {
  const start = new Int32Array(changes + 1);
  const pods = new GrowableInt32();
  let change = 0;
  for (let replica = 0; replica < replicaCount; replica++) {
    const joins = nodeJoins[replicaNode[replica]];
    if (joins === AT_START) continue;
    while (change < joins) start[++change] = pods.length;
    pods.push(number[replica]);
  }
  start.fill(pods.length, change + 1);
  return { start, pods: pods.view().slice() };
}

/** For each replacement the rollouts of the same change whose new pods mount it. */
function waitingRollouts(
  {
    rolloutStart,
    rolloutPodStart,
    rolloutPods,
    replacedStart,
    replacementObject,
  }: Pick<LifecyclePlan, 'rolloutStart' | 'rolloutPodStart' | 'rolloutPods' | 'replacedStart' | 'replacementObject'>,
  { podConsumerStart, consumerObject }: Consumers,
): { readonly start: Int32Array; readonly rollouts: Int32Array } {
  const replacements = new GrowableInt32();
  const rollouts = new GrowableInt32();
  // Replacements of a change are consecutive objects, so that an object's place among them is a difference.
  for (let change = 0; change + 1 < rolloutStart.length; change++) {
    const first = replacedStart[change];
    const count = replacedStart[change + 1] - first;
    if (count === 0) continue;
    const lastSeen = new Int32Array(count).fill(-1);
    for (let rollout = rolloutStart[change]; rollout < rolloutStart[change + 1]; rollout++) {
      for (let i = rolloutPodStart[rollout]; i < rolloutPodStart[rollout + 1]; i++) {
        const pod = rolloutPods[i];
        if (pod === NO_POD) continue;
        for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
          const place = consumerObject[c] - replacementObject[first];
          if (place < 0 || place >= count || lastSeen[place] === rollout) continue;
          lastSeen[place] = rollout;
          replacements.push(first + place);
          rollouts.push(rollout);
        }
      }
    }
  }
  const { start, members } = groupBy(replacements.view(), replacementObject.length);
  return { start, rollouts: members.map((i) => rollouts.get(i)) };
}
