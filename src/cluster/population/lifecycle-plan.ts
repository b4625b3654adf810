import type { TimelineAction } from '../model/timeline-actions.js';

/** Actions by which pods and nodes come and go; the order is the numeric code used in typed arrays. */
export const LIFECYCLE_ACTIONS = [
  'rollout',
  'replace',
  'scale',
  'addNodes',
  'removeNodes',
  'drain',
  'churnPods',
  // Reloader's, whatever changes the objects.
  'reload',
] as const;
export type LifecycleAction = (typeof LIFECYCLE_ACTIONS)[number];

/** The template of pods that are there at the start, and who comes with no change. */
export const AT_START = -1;
/** In place of a pod: the replica has gone with its node. */
export const NO_POD = -1;

/**
 * Who comes, who leaves and who takes whose place over a whole run. It is planned before the run, because everything
 * in a run has its place in arrays that do not grow; what the plan leaves open is when. It depends on the seed and
 * not on the replication, so that the runs of a scenario share it.
 *
 * A *replica* is one of a deployment's places for a pod; one pod after another holds it. A *change* is one occurrence
 * of a timeline entry that concerns pods or nodes; changes are numbered in the order of their nominal times. A pod's
 * *template* is the change that made its deployment's pods what they are: with it, the objects that it mounts.
 */
export interface LifecyclePlan {
  readonly replicaCount: number;
  /** Replica that a pod holds. A lone pod has one, too, which nobody else will hold. */
  readonly podReplica: Int32Array;
  /** Change that is the pod's template, AT_START for the deployment's first. */
  readonly podTemplate: Int32Array;
  /** Deployment of a replica, −1 for a lone pod's. */
  readonly replicaDeployment: Int32Array;
  /** The first pod of each replica: there at the start, or come with its node. */
  readonly replicaFirstPod: Int32Array;
  /** Replicas of deployment d: deploymentReplicas[deploymentReplicaStart[d] … deploymentReplicaStart[d + 1]]. */
  readonly deploymentReplicaStart: Int32Array;
  readonly deploymentReplicas: Int32Array;
  /** What kind of workload each is (`WORKLOAD`). */
  readonly deploymentKind: Uint8Array;
  /** Of a DaemonSet or StatefulSet, pods that may be missing while it is rolled out; 0: it is not rolled out, nor is a Job. */
  readonly deploymentMissing: Int32Array;
  readonly deploymentNameHigh: Int32Array;
  readonly deploymentNameLow: Int32Array;

  readonly changeCount: number;
  /** Index into LIFECYCLE_ACTIONS. */
  readonly changeAction: Uint8Array;
  /** Index into the timeline. */
  readonly changeEntry: Int32Array;
  /** Which of the entry's occurrences, from 0. */
  readonly changeOccurrence: Int32Array;

  /**
   * Rollouts of change k (`rollout`, `replace` by a new name): rolloutStart[k] … rolloutStart[k + 1]. The new pods of
   * rollout r stand from rolloutPodStart[r], one per replica of its deployment, in their order; NO_POD: none.
   */
  readonly rolloutStart: Int32Array;
  readonly rolloutDeployment: Int32Array;
  readonly rolloutPodStart: Int32Array;
  readonly rolloutPods: Int32Array;

  /** Objects that change k replaces by others under a new name: replacedStart[k] … replacedStart[k + 1], parallel. */
  readonly replacedStart: Int32Array;
  readonly replacedObject: Int32Array;
  readonly replacementObject: Int32Array;
  /**
   * Rollouts that have to wait for replacement i: waitingRollouts[waitingRolloutStart[i] … waitingRolloutStart[i + 1]].
   */
  readonly waitingRolloutStart: Int32Array;
  readonly waitingRollouts: Int32Array;

  /** Nodes that change k adds or removes: movedStart[k] … movedStart[k + 1]. */
  readonly movedStart: Int32Array;
  readonly movedNodes: Int32Array;
  /** Pods that change k brings with its nodes: broughtStart[k] … broughtStart[k + 1]. */
  readonly broughtStart: Int32Array;
  readonly broughtPods: Int32Array;

  /**
   * Parts of change k that hand places over, each at its own time: partStart[k] … partStart[k + 1]; and the node whose
   * pods go in a part, ANY_NODE: they may be anywhere.
   */
  readonly partStart: Int32Array;
  readonly partNode: Int32Array;
  /** Replicas that part p hands over: handoverReplica[partHandoverStart[p] … partHandoverStart[p + 1]]. */
  readonly partHandoverStart: Int32Array;
  readonly handoverReplica: Int32Array;
  /**
   * Pods that may take the place by handover i: handoverPods[handoverPodStart[i] … handoverPodStart[i + 1]], one
   * per template that its deployment may have by then, in their order.
   */
  readonly handoverPodStart: Int32Array;
  readonly handoverPods: Int32Array;

  /** Deployments that change k scales, and to how many replicas: scalingStart[k] … scalingStart[k + 1]. */
  readonly scalingStart: Int32Array;
  readonly scalingDeployment: Int32Array;
  readonly scalingReplicas: Int32Array;
}

/** The action by which an entry concerns who is there; null: it does not. Objects that are recreated keep their users. */
export function lifecycleActionOf(entry: TimelineAction): LifecycleAction | null {
  if ('reloads' in entry) return 'reload';
  if (entry.action === 'replace') return entry.by === 'newName' ? 'replace' : null;
  return LIFECYCLE_ACTIONS.find((action) => action === entry.action) ?? null;
}

/** The changes of a timeline entry, by occurrence. */
export function changesOf(lifecycle: LifecyclePlan, entry: number): number[] {
  const changes: number[] = [];
  for (let change = 0; change < lifecycle.changeCount; change++) {
    if (lifecycle.changeEntry[change] === entry) changes[lifecycle.changeOccurrence[change]] = change;
  }
  return changes;
}

/** Where each replica stands among those of its deployment. */
export function replicaPositions({
  replicaCount,
  deploymentReplicaStart,
  deploymentReplicas,
}: Pick<LifecyclePlan, 'replicaCount' | 'deploymentReplicaStart' | 'deploymentReplicas'>): Int32Array {
  const positions = new Int32Array(replicaCount);
  for (let d = 0; d < deploymentReplicaStart.length - 1; d++) {
    const first = deploymentReplicaStart[d];
    for (let i = first; i < deploymentReplicaStart[d + 1]; i++) positions[deploymentReplicas[i]] = i - first;
  }
  return positions;
}
