import type { LifecyclePlan } from '../population/lifecycle-plan.js';
import { NO_POD } from '../population/lifecycle-plan.js';
import { AVAILABLE, type LivePods } from './live-pods.js';
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
 * while its deployment is being rolled out is replaced by one with the new template. Every workload of an imported
 * cluster is rolled out as a Deployment.
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

  constructor(
    private readonly lifecycle: LifecyclePlan,
    private readonly timeline: readonly TimelineAction[],
    private readonly live: LivePods,
    private readonly requests: PodRequests,
  ) {
    const deployments = lifecycle.deploymentReplicaStart.length - 1;
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
    if (successor === NO_POD) return false;
    const pod = live.holder[replica];
    if (live.isCounted(pod)) {
      live.delete(pod);
      requests.deleteByUser(pod, at);
    }
    live.create(successor);
    requests.create(successor, at);
    this.sync(lifecycle.replicaDeployment[replica], at);
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

  /** True while a deployment has fewer pods with its current template than replicas. */
  get isRollingOut(): boolean {
    const { live, current } = this;
    return current.some((rollout, deployment) => rollout >= 0 && live.updated[deployment] < live.replicas[deployment]);
  }

  /** Goes on with a rollout as far as it may (`rolloutRolling`): scale the new replica set up, the old ones down. */
  sync(deployment: number, at: number): void {
    if (deployment < 0 || this.current[deployment] < 0) return;
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
    const first = lifecycle.deploymentReplicaStart[deployment];
    const podStart = lifecycle.rolloutPodStart[this.current[deployment]];
    let created = 0;
    for (; room > 0 && cursor[deployment] < lifecycle.deploymentReplicaStart[deployment + 1]; cursor[deployment]++) {
      const holder = live.holder[lifecycle.deploymentReplicas[cursor[deployment]]];
      const pod = lifecycle.rolloutPods[podStart + cursor[deployment] - first];
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
    const oldAvailable = live.available[deployment] - live.updatedAvailable[deployment];
    const maxScaledDown = live.pods[deployment] - minAvailable - newUnavailable;
    if (oldPods === 0 || maxScaledDown <= 0) return 0;
    const unhealthy = Math.min(maxScaledDown, oldPods - oldAvailable);
    const surplus = Math.min(oldPods - unhealthy, Math.max(0, live.available[deployment] - minAvailable));
    const count = unhealthy + surplus;
    const deleted = oldPods > oldAvailable ? this.deleteOld(deployment, count, false, at) : 0;
    return deleted + this.deleteOld(deployment, count - deleted, true, at);
  }

  /** Deletes up to `count` pods with older templates, oldest first, that are available or are not. */
  private deleteOld(deployment: number, count: number, available: boolean, at: number): number {
    const { live, lifecycle } = this;
    let deleted = 0;
    for (let pod = live.oldest(deployment); deleted < count && pod !== NO_POD;) {
      const next = live.after(pod);
      if (lifecycle.podTemplate[pod] === live.template[deployment]) break;
      if ((live.state[pod] === AVAILABLE) === available) {
        live.delete(pod);
        this.requests.delete(pod, at);
        deleted++;
      }
      pod = next;
    }
    return deleted;
  }
}
