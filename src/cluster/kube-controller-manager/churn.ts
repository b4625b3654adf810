import type { LifecyclePlan } from '../population/lifecycle-plan.js';
import type { DeploymentController } from './rollout.js';

/**
 * Deletes pods of deployments, which the replica set controller replaces (`churnPods`). A replica whose pod does not
 * run at that moment is passed over: it is being replaced already.
 */
export class PodChurn {
  /** Pods deleted, and replicas passed over. */
  deleted = 0;
  passedOver = 0;

  constructor(
    private readonly lifecycle: LifecyclePlan,
    private readonly deployments: DeploymentController,
  ) {}

  /** Deletes the pods of a change. */
  begin(change: number, at: number): void {
    const { churnedStart, churnedReplica, churnedPodStart, churnedPods } = this.lifecycle;
    for (let i = churnedStart[change]; i < churnedStart[change + 1]; i++) {
      const candidates = churnedPods.subarray(churnedPodStart[i], churnedPodStart[i + 1]);
      if (this.deployments.replacePod(churnedReplica[i], candidates, at)) this.deleted++;
      else this.passedOver++;
    }
  }
}
