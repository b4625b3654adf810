import { SECOND_US } from '../../sim/units.js';
import { type LifecyclePlan, NO_POD } from '../population/lifecycle-plan.js';
import type { Population } from '../population/population.js';
import type { DrainAction } from '../model/timeline-actions.js';
import { AVAILABLE, type LivePods } from './live-pods.js';
import { shareRoundedUp } from './pod-shares.js';
import type { DeploymentController } from './rollout.js';

/** `kubectl drain` asks again so long after an eviction was refused (`kubectl/pkg/drain/drain.go` evictPods, all releases). */
export const EVICTION_RETRY_US = 5 * SECOND_US;

/**
 * Deletes pods that their controller replaces: at random (`churnPods`), or those of a node (`kubectl drain`), as far as
 * a PodDisruptionBudget admits it.
 */
export class PodEvictions {
  /** Pods deleted, and replicas passed over: their pods are being replaced already, or run elsewhere. */
  deleted = 0;
  passedOver = 0;
  /** Evictions that a budget refused. */
  refused = 0;

  constructor(
    private readonly population: Population,
    private readonly lifecycle: LifecyclePlan,
    private readonly live: LivePods,
    private readonly deployments: DeploymentController,
  ) {}

  /** Deletes the running pods of a part of a change. */
  churn(part: number, at: number): void {
    const { partHandoverStart, handoverReplica } = this.lifecycle;
    for (let i = partHandoverStart[part]; i < partHandoverStart[part + 1]; i++) {
      const pod = this.live.holder[handoverReplica[i]];
      const replaced = pod !== NO_POD && this.live.state[pod] === AVAILABLE && this.deployments.handOver(i, at);
      if (replaced) this.deleted++;
      else this.passedOver++;
    }
  }

  /**
   * Evicts the pods of a node. Assumption: each deployment has a PodDisruptionBudget of this `maxUnavailable`.
   * @returns whether all have gone; where not, it is to be tried again after EVICTION_RETRY_US
   */
  drain(part: number, { maxUnavailable }: DrainAction, at: number): boolean {
    const { partHandoverStart, handoverReplica, partNode } = this.lifecycle;
    let done = true;
    for (let i = partHandoverStart[part]; i < partHandoverStart[part + 1]; i++) {
      const pod = this.live.holder[handoverReplica[i]];
      if (pod === NO_POD || this.population.podNode[pod] !== partNode[part] || !this.live.isCounted(pod)) continue;
      if (!this.isDisruptionAllowed(pod, maxUnavailable)) {
        this.refused++;
        done = false;
      } else if (this.deployments.handOver(i, at)) this.deleted++;
      else this.passedOver++;
    }
    return done;
  }

  /**
   * Whether a budget admits an eviction (`pkg/registry/core/pod/storage/eviction.go` checkAndDecrement; the pods that
   * may be missing are rounded up: `pkg/controller/disruption/disruption.go` getExpectedPodCount). A pod that is not
   * ready does not count, unless too few others are healthy (`unhealthyPodEvictionPolicy: IfHealthyBudget`, the default).
   */
  private isDisruptionAllowed(pod: number, maxUnavailable: number): boolean {
    const { live, population } = this;
    const deployment = population.podDeployment[pod];
    const replicas = live.replicas[deployment];
    const desiredHealthy = Math.max(0, replicas - shareRoundedUp(maxUnavailable, replicas));
    const healthy = live.available[deployment];
    return live.state[pod] === AVAILABLE ? healthy > desiredHealthy : healthy >= desiredHealthy;
  }
}
