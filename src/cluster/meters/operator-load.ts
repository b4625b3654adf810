import { largestOf } from '../../sim/totals.js';
import { SECOND_US } from '../../sim/units.js';

/** Things that are counted per second of the measured time. */
export class SecondCounts {
  total = 0;
  private readonly perSecond: Uint32Array;

  constructor(private readonly durationUs: number) {
    this.perSecond = new Uint32Array(Math.ceil(durationUs / SECOND_US));
  }

  /** Counts `times` of them at `at`, µs; what is not in the measured time is left out. */
  count(at: number, times = 1): void {
    if (at < 0 || at >= this.durationUs) return;
    this.total += times;
    this.perSecond[Math.floor(at / SECOND_US)] += times;
  }

  /** In the busiest whole second. */
  get max(): number {
    return largestOf(this.perSecond);
  }
}

/** What operators ask of the store outside of the cluster, and of the API servers. */
export class OperatorLoad {
  /** Calls to the store, whatever its answer; those answered 429, and those that it did not answer. */
  readonly storeCalls: SecondCounts;
  readonly storeRejected: SecondCounts;
  readonly storeFailed: SecondCounts;
  /** Requests of operators at the API servers, for whatever resource, and events that they were sent. */
  readonly requests: SecondCounts;
  readonly events: SecondCounts;
  /** Rollouts that Reloader has begun. */
  readonly rollouts: SecondCounts;
  /** Images that kubelets have checked at the registry although they were there. */
  readonly registryChecks: SecondCounts;

  constructor({ durationUs }: { readonly durationUs: number }) {
    const counts = (): SecondCounts => new SecondCounts(durationUs);
    this.storeCalls = counts();
    this.storeRejected = counts();
    this.storeFailed = counts();
    this.requests = counts();
    this.events = counts();
    this.rollouts = counts();
    this.registryChecks = counts();
  }
}
