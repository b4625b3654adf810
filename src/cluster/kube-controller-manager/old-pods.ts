import { type LifecyclePlan, NO_POD } from '../population/lifecycle-plan.js';
import { AVAILABLE, type LivePods } from './live-pods.js';
import type { PodRequests } from './pod-lifecycle.js';

/** The pods of workloads that have older templates than theirs. */
export class OldPods {
  constructor(
    private readonly lifecycle: LifecyclePlan,
    private readonly live: LivePods,
    private readonly requests: PodRequests,
  ) {}

  /** How many a deployment has that are not available. */
  unavailable(deployment: number): number {
    const { pods, updated, available, updatedAvailable } = this.live;
    const oldPods = pods[deployment] - updated[deployment];
    return oldPods - (available[deployment] - updatedAvailable[deployment]);
  }

  /** Deletes up to `count` of them, the oldest first, that are available or are not; returns how many. `deleted`: told of each. */
  delete(
    deployment: number,
    count: number,
    available: boolean,
    at: number,
    deleted: (pod: number) => void = () => undefined,
  ): number {
    const { live, lifecycle } = this;
    let done = 0;
    for (let pod = live.oldest(deployment); done < count && pod !== NO_POD;) {
      const next = live.after(pod);
      if (lifecycle.podTemplate[pod] === live.template[deployment]) break;
      if ((live.state[pod] === AVAILABLE) === available) {
        live.delete(pod);
        this.requests.delete(pod, at);
        deleted(pod);
        done++;
      }
      pod = next;
    }
    return done;
  }
}
