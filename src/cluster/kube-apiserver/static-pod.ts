import { MINUTE_US, SECOND_US } from '../../sim/units.js';

/** `backOffPeriod` (`kubelet.go`): the first back-off of a container that has ended. */
const BACK_OFF_PERIOD_US = 10 * SECOND_US;
/** `MaxContainerBackOff` (`kubelet.go`; 300 s in all releases unless `CrashLoopBackOff` is configured). */
const MAX_CONTAINER_BACK_OFF_US = 5 * MINUTE_US;
/** `hasExpired` (`client-go/util/flowcontrol/backoff.go`): a container that ran for longer is as good as new. */
const STABLE_US = 2 * MAX_CONTAINER_BACK_OFF_US;
/** `plegRelistPeriod` (`kubelet.go`): until the kubelet sees that the container has ended, at most. */
const PLEG_RELIST_PERIOD_US = SECOND_US;

/**
 * When the kubelet starts the containers of static pods again (`kuberuntime_manager.go` doBackOff): the first time as
 * soon as it sees that one has ended, then 10 s after its end, 20 s, … up to 5 min; from the beginning where it has run
 * for 10 min. That the pod is synced as soon as the back-off is over is an assumption: it may take half as long again.
 */
export class StaticPods {
  private readonly backOffUs: Float64Array;
  private readonly startedAt: Float64Array;

  constructor(pods: number) {
    this.backOffUs = new Float64Array(pods);
    this.startedAt = new Float64Array(pods).fill(-Infinity);
  }

  /** A container ends at `now`; after how long it starts again, µs. */
  restartsAfter(pod: number, now: number): number {
    const isNew = now - this.startedAt[pod] > STABLE_US;
    const wait = Math.max(PLEG_RELIST_PERIOD_US, isNew ? 0 : this.backOffUs[pod]);
    const next = isNew ? BACK_OFF_PERIOD_US : this.backOffUs[pod] * 2;
    this.backOffUs[pod] = Math.min(next, MAX_CONTAINER_BACK_OFF_US);
    this.startedAt[pod] = now + wait;
    return wait;
  }
}
