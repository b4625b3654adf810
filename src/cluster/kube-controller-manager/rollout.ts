import type { LifecyclePlan } from '../population/lifecycle-plan.js';
import { NO_POD, replicaPositions } from '../population/lifecycle-plan.js';
import { replacesInPlace } from '../population/workload-kinds.js';
import { InPlace } from './in-place.js';
import type { LivePods } from './live-pods.js';
import { OldPods } from './old-pods.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import type { PodRequests } from './pod-lifecycle.js';
import { shareRoundedDown, shareRoundedUp } from './pod-shares.js';

/** `maxSurge` and `maxUnavailable` of a Deployment that says nothing (`pkg/apis/apps/v1/defaults.go`). */
const DEFAULT_MAX_SURGE = 0.25;
const DEFAULT_MAX_UNAVAILABLE = 0.25;

/** How many pods a rolling update may have too many and too few. */
export interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

/**
 * Pods for the shares of a Deployment (`pkg/controller/deployment/util/deployment_util.go` ResolveFenceposts): surge is
 * rounded up, unavailable down, and if both come to nothing one pod may be unavailable.
 */
export function resolveFenceposts(replicas: number, maxSurge: number, maxUnavailable: number): Fenceposts {
  const surge = shareRoundedUp(maxSurge, replicas);
  const unavailable = shareRoundedDown(maxUnavailable, replicas);
  return surge <= 0 && unavailable <= 0 ? { surge: 0, unavailable: 1 } : { surge: Math.max(0, surge), unavailable };
}

/**
 * The deployment controller and the replica set controller: rolling updates of deployments
 * (`pkg/controller/deployment/rolling.go`, all releases), and pods in place of deleted ones.
 *
 * Rollouts of a deployment follow each other in the order of the timeline: one that is ready early waits for those
 * before it, and one that comes while another is under way takes over (rollover). Assumption: a pod that is deleted
 * while its deployment is being rolled out is replaced by one with the new template. DaemonSets and StatefulSets are rolled
 * out as they are (`InPlace`), and Jobs are not (`WORKLOAD`).
 */
export class DeploymentController {
  /** The rollout under way or done last, per deployment; −1: none. */
  private readonly current: Int32Array;
  /** Replicas up to here have had their chance of a pod with the current template. */
  private readonly cursor: Int32Array;
  /** Per rollout: objects that it waits for, and whether its change has begun. */
  private readonly missing: Int32Array;
  private readonly begun: Uint8Array;
  /** The rollout of the same deployment that comes next, −1: none; and each deployment's first. */
  private readonly following: Int32Array;
  private readonly upcoming: Int32Array;
  /** Change of each rollout. */
  private readonly changeOfRollout: Int32Array;
  /** Position of each replica among those of its deployment. */
  private readonly position: Int32Array;
  private readonly old: OldPods;
  private readonly inPlace: InPlace;

  constructor(
    private readonly lifecycle: LifecyclePlan,
    private readonly timeline: readonly TimelineAction[],
    private readonly live: LivePods,
    private readonly requests: PodRequests,
  ) {
    const deployments = lifecycle.deploymentReplicaStart.length - 1;
    this.old = new OldPods(lifecycle, live, requests);
    this.inPlace = new InPlace(lifecycle, live, this.old);
    this.position = replicaPositions(lifecycle);
    const rollouts = lifecycle.rolloutDeployment.length;
    this.current = new Int32Array(deployments).fill(-1);
    this.cursor = new Int32Array(deployments);
    this.missing = new Int32Array(rollouts);
    for (const rollout of lifecycle.waitingRollouts) this.missing[rollout]++;
    this.begun = new Uint8Array(rollouts);
    this.following = new Int32Array(rollouts).fill(-1);
    this.upcoming = new Int32Array(deployments).fill(-1);
    for (let rollout = rollouts - 1; rollout >= 0; rollout--) {
      const deployment = lifecycle.rolloutDeployment[rollout];
      this.following[rollout] = this.upcoming[deployment];
      this.upcoming[deployment] = rollout;
    }
    this.changeOfRollout = new Int32Array(rollouts);
    for (let change = 0; change < lifecycle.changeCount; change++) {
      this.changeOfRollout.fill(change, lifecycle.rolloutStart[change], lifecycle.rolloutStart[change + 1]);
    }
  }

  /** A rollout of the lifecycle plan begins. One that waits for objects follows with `objectCreated`. */
  begin(rollout: number, at: number): void {
    this.begun[rollout] = 1;
    this.advance(this.lifecycle.rolloutDeployment[rollout], at);
  }

  /**
   * A rollout of the lifecycle plan begins that Reloader has set off; those by it that were to come before, of changes that
   * no write has brought, are left out.
   */
  overtake(rollout: number, at: number): void {
    const { rolloutDeployment, changeEntry } = this.lifecycle;
    const isReload = (r: number): boolean => 'reloads' in this.timeline[changeEntry[this.changeOfRollout[r]]];
    for (let r = this.upcoming[rolloutDeployment[rollout]]; r >= 0 && r < rollout; r = this.following[r])
      if (isReload(r)) this.begun[r] = 1;
    this.begin(rollout, at);
  }

  /** A replacement of the lifecycle plan (its index in `replacementObject`) has been created. */
  objectCreated(replacement: number, at: number): void {
    const { waitingRolloutStart, waitingRollouts, rolloutDeployment } = this.lifecycle;
    for (let i = waitingRolloutStart[replacement]; i < waitingRolloutStart[replacement + 1]; i++) {
      const rollout = waitingRollouts[i];
      if (--this.missing[rollout] === 0) this.advance(rolloutDeployment[rollout], at);
    }
  }

  /** A pod runs. */
  podRunning(pod: number, at: number): void {
    if (this.live.runs(pod)) this.sync(this.deploymentOf(pod), at);
  }

  /**
   * Deletes the pod that a handover of the lifecycle plan concerns, if it is there, and creates one in its place. False,
   * and nothing done, where none is planned that has the deployment's template: a rollout that came since replaces it.
   */
  handOver(handover: number, at: number): boolean {
    const { live, requests, lifecycle } = this;
    const replica = lifecycle.handoverReplica[handover];
    const successor = this.successor(handover);
    if (successor === NO_POD || this.inPlace.isAwaited(replica)) return false;
    const pod = live.holder[replica];
    const deployment = lifecycle.replicaDeployment[replica];
    if (live.isCounted(pod)) {
      live.delete(pod);
      requests.deleteByUser(pod, at);
      if (replacesInPlace(lifecycle.deploymentKind[deployment])) {
        this.inPlace.await(replica, successor);
        return true;
      }
    }
    live.create(successor);
    requests.create(successor, at);
    this.sync(deployment, at);
    return true;
  }

  /** Scales a deployment down to its first `count` replicas; returns the pods that held the others. */
  scale(deployment: number, count: number, at: number): number[] {
    const { live, requests } = this;
    const { deploymentReplicaStart, deploymentReplicas } = this.lifecycle;
    const scaledAway: number[] = [];
    for (let i = deploymentReplicaStart[deployment] + count; i < deploymentReplicaStart[deployment + 1]; i++) {
      const pod = live.holder[deploymentReplicas[i]];
      if (pod === NO_POD) continue;
      if (live.isCounted(pod)) {
        live.delete(pod);
        requests.delete(pod, at);
      }
      this.inPlace.forgo(deploymentReplicas[i]);
      live.giveUp(deploymentReplicas[i]);
      scaledAway.push(pod);
    }
    this.sync(deployment, at);
    return scaledAway;
  }

  /** A replica that had been scaled away gets a pod again. */
  comeBack(handover: number, at: number): void {
    const { live, lifecycle } = this;
    const successor = this.successor(handover);
    if (successor === NO_POD || live.holder[lifecycle.handoverReplica[handover]] !== NO_POD) return;
    live.join(successor);
    this.requests.create(successor, at);
    this.sync(lifecycle.replicaDeployment[lifecycle.handoverReplica[handover]], at);
  }

  /** A pod has ended: where its workload has waited for that, the next one comes in its place. */
  podEnded(pod: number, at: number): void {
    const { lifecycle, live, current, inPlace } = this;
    const replica = lifecycle.podReplica[pod];
    if (live.holder[replica] !== pod || !inPlace.isAwaited(replica)) return;
    const rollout = current[lifecycle.replicaDeployment[replica]];
    const next = inPlace.next(replica, rollout < 0 ? NO_POD : this.rolloutPod(rollout, replica));
    if (next === NO_POD) return;
    live.create(next);
    this.requests.create(next, at);
  }

  /** The node of a pod has gone that has been deleted: what waits for its end does so no longer. False where nothing did. */
  lost(pod: number): boolean {
    const replica = this.lifecycle.podReplica[pod];
    return this.live.holder[replica] === pod && this.inPlace.forgo(replica);
  }

  /** True while a deployment has fewer pods with its current template than replicas, or a pod's end is waited for. */
  get isRollingOut(): boolean {
    const { live, current } = this;
    if (this.inPlace.waiting > 0) return true;
    return current.some((rollout, deployment) => rollout >= 0 && live.updated[deployment] < live.replicas[deployment]);
  }

  /** Goes on with a rollout as far as it may (`rolloutRolling`): scale the new replica set up, the old ones down. */
  sync(deployment: number, at: number): void {
    if (deployment < 0 || this.current[deployment] < 0) return;
    if (replacesInPlace(this.lifecycle.deploymentKind[deployment])) {
      this.inPlace.sync(deployment, at);
      return;
    }
    const { surge, unavailable } = this.fenceposts(deployment);
    while (this.scaleUp(deployment, surge, at) + this.scaleDown(deployment, unavailable, at) > 0);
  }

  /** The pod of a handover that has its deployment's template; NO_POD: none is planned. */
  private successor(handover: number): number {
    const { handoverReplica, handoverPodStart, handoverPods, podTemplate, replicaDeployment } = this.lifecycle;
    const template = this.live.template[replicaDeployment[handoverReplica[handover]]];
    for (let i = handoverPodStart[handover]; i < handoverPodStart[handover + 1]; i++) {
      if (podTemplate[handoverPods[i]] === template) return handoverPods[i];
    }
    return NO_POD;
  }

  /** The pod that a rollout brings to a replica; NO_POD: none. */
  private rolloutPod(rollout: number, replica: number): number {
    return this.lifecycle.rolloutPods[this.lifecycle.rolloutPodStart[rollout] + this.position[replica]];
  }

  private deploymentOf(pod: number): number {
    return this.lifecycle.replicaDeployment[this.lifecycle.podReplica[pod]];
  }

  /** Starts the latest rollout of the deployment that is ready, with all before it. */
  private advance(deployment: number, at: number): void {
    let latest = -1;
    for (
      let rollout = this.upcoming[deployment];
      rollout >= 0 && this.begun[rollout] === 1 && this.missing[rollout] === 0;
      rollout = this.following[rollout]
    ) {
      latest = rollout;
    }
    if (latest < 0) return;
    this.upcoming[deployment] = this.following[latest];
    this.current[deployment] = latest;
    this.cursor[deployment] = this.lifecycle.deploymentReplicaStart[deployment];
    this.live.setTemplate(deployment, this.changeOfRollout[latest]);
    this.sync(deployment, at);
  }

  private fenceposts(deployment: number): Fenceposts {
    const entry = this.timeline[this.lifecycle.changeEntry[this.changeOfRollout[this.current[deployment]]]];
    const rollout = entry.action === 'rollout' ? entry : null;
    return resolveFenceposts(
      this.live.replicas[deployment],
      rollout?.maxSurge ?? DEFAULT_MAX_SURGE,
      rollout?.maxUnavailable ?? DEFAULT_MAX_UNAVAILABLE,
    );
  }

  /** `reconcileNewReplicaSet`: new pods up to the replicas and the surge; returns how many were created. */
  private scaleUp(deployment: number, surge: number, at: number): number {
    const { lifecycle, live, cursor } = this;
    const replicas = live.replicas[deployment];
    let room = Math.min(replicas + surge - live.pods[deployment], replicas - live.updated[deployment]);
    let created = 0;
    for (; room > 0 && cursor[deployment] < lifecycle.deploymentReplicaStart[deployment + 1]; cursor[deployment]++) {
      const replica = lifecycle.deploymentReplicas[cursor[deployment]];
      const holder = live.holder[replica];
      const pod = this.rolloutPod(this.current[deployment], replica);
      if (holder === NO_POD || pod === NO_POD || lifecycle.podTemplate[holder] === live.template[deployment]) continue;
      live.create(pod);
      this.requests.create(pod, at);
      created++;
      room--;
    }
    return created;
  }

  /**
   * `reconcileOldReplicaSets`: pods with older templates that are not available go first, then as many that are
   * available as can be missed; returns how many were deleted.
   */
  private scaleDown(deployment: number, unavailable: number, at: number): number {
    const { live } = this;
    const minAvailable = live.replicas[deployment] - unavailable;
    const newUnavailable = live.updated[deployment] - live.updatedAvailable[deployment];
    const oldPods = live.pods[deployment] - live.updated[deployment];
    const oldUnavailable = this.old.unavailable(deployment);
    const maxScaledDown = live.pods[deployment] - minAvailable - newUnavailable;
    if (oldPods === 0 || maxScaledDown <= 0) return 0;
    const unhealthy = Math.min(maxScaledDown, oldUnavailable);
    const surplus = Math.min(oldPods - unhealthy, Math.max(0, live.available[deployment] - minAvailable));
    const count = unhealthy + surplus;
    const deleted = oldUnavailable > 0 ? this.old.delete(deployment, count, false, at) : 0;
    return deleted + this.old.delete(deployment, count - deleted, true, at);
  }
}
