import { type LifecyclePlan, NO_POD } from '../population/lifecycle-plan.js';
import { WORKLOAD } from '../population/workload-kinds.js';
import type { LivePods } from './live-pods.js';
import type { OldPods } from './old-pods.js';

/**
 * The daemon set controller and the stateful set controller: the next pod has the place of the one before, and comes when
 * that has ended. Assumptions: no StatefulSet says `partition`, `Parallel` or `maxUnavailable` (`MaxUnavailableStatefulSet`);
 * pods that a DaemonSet may have in addition (`maxSurge`) count as so many that may be missing.
 */
export class InPlace {
  /** Places whose next pod comes when the one that is deleted has ended. */
  waiting = 0;
  private readonly waits: Uint8Array;
  /** What has been planned for such a place besides rollouts; NO_POD: nothing. */
  private readonly planned: Int32Array;

  constructor(
    private readonly lifecycle: LifecyclePlan,
    private readonly live: LivePods,
    private readonly old: OldPods,
  ) {
    this.waits = new Uint8Array(lifecycle.replicaCount);
    this.planned = new Int32Array(lifecycle.replicaCount).fill(NO_POD);
  }

  /**
   * Deletes as many pods with older templates as the workload may miss. A DaemonSet: those that are not available, and
   * of the others while too few are missing (`pkg/controller/daemon/update.go` rollingUpdate; the nodes in the order in which
   * their pods were created: there, any). A StatefulSet: one, when all are available
   * (`pkg/controller/statefulset/stateful_set_control.go` updateStatefulSet; the oldest: there, the one with the highest
   * number).
   */
  sync(deployment: number, at: number): void {
    const { lifecycle, live, old } = this;
    const missing = live.replicas[deployment] - live.available[deployment];
    const awaits = (pod: number): void => {
      this.await(lifecycle.podReplica[pod], NO_POD);
    };
    if (lifecycle.deploymentKind[deployment] === WORKLOAD.statefulSet) {
      if (missing === 0) old.delete(deployment, 1, true, at, awaits);
      return;
    }
    const unavailable = old.unavailable(deployment);
    if (unavailable > 0) old.delete(deployment, unavailable, false, at, awaits);
    old.delete(deployment, lifecycle.deploymentMissing[deployment] - missing, true, at, awaits);
  }

  /** The pod of a replica is deleted: `pod` comes in its place when that has ended, NO_POD: one of the rollout. */
  await(replica: number, pod: number): void {
    if (this.waits[replica] === 0) this.waiting++;
    this.waits[replica] = 1;
    this.planned[replica] = pod;
  }

  isAwaited(replica: number): boolean {
    return this.waits[replica] === 1;
  }

  /** The place of a replica is waited for no longer; false where it was not. */
  forgo(replica: number): boolean {
    if (this.waits[replica] === 0) return false;
    this.waits[replica] = 0;
    this.waiting--;
    return true;
  }

  /** The pod that comes now that the one in a replica's place has ended, where `ofRollout` is the rollout's; NO_POD: none. */
  next(replica: number, ofRollout: number): number {
    this.forgo(replica);
    const { podTemplate, replicaDeployment } = this.lifecycle;
    const planned = this.planned[replica];
    const isCurrent = planned !== NO_POD && podTemplate[planned] === this.live.template[replicaDeployment[replica]];
    return isCurrent ? planned : ofRollout;
  }
}
