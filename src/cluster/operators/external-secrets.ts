import { SECOND_US } from '../../sim/units.js';
import type { ExternalSecretsInput } from '../model/operators-input.js';
import { RateLimiter } from '../model/rate-limiter.js';
import type { World } from '../world/world.js';
import { exponentialFailureUs } from './failure-back-off.js';
import type { SyncLaw } from './sync-law.js';

/**
 * What controller-runtime tries again after an error waits for the longer of two (`DefaultTypedControllerRateLimiter`,
 * `client-go/util/workqueue/default_rate_limiters.go`): 5 ms, doubled up to 1000 s, by item; 10 a second, 100 at once, over
 * all items.
 */
const BASE_DELAY_US = 5e3;
const MAX_DELAY_US = 1000 * SECOND_US;
const RETRY_QPS = 10;
const RETRY_BURST = 100;

/** Each reconcile ends with a patch of the ExternalSecret's status, for its refreshTime. */
const OWN_REQUESTS = { before: 0, between: 0, after: 1 };

/**
 * External Secrets Operator v2.9.0 (`pkg/controllers/externalsecret/externalsecret_controller.go`): an ExternalSecret is
 * due refreshInterval after its refresh began, without any jitter: those that were created together stay together, each
 * behind those before it in the queue of `--concurrent` workers (1), which is all that spreads them. A restart of the
 * operator begins with what has come due meanwhile.
 */
export class ExternalSecretsLaw implements SyncLaw {
  readonly concurrent: number;
  readonly limits: { readonly qps: number; readonly burst: number };
  readonly requests = OWN_REQUESTS;
  readonly callsStore = true;
  readonly toldAfterUs = Infinity;
  private readonly retries = new RateLimiter(1, RETRY_QPS, RETRY_BURST);

  constructor(
    private readonly input: ExternalSecretsInput,
    private readonly world: Pick<World, 'random' | 'sim'>,
  ) {
    this.concurrent = input.concurrent;
    this.limits = input;
  }

  firstDue(item: number): number {
    const { groups, refreshIntervalUs } = this.input;
    const phase = this.world.random.operators.uniform(item % groups, groups, 0);
    return this.world.sim.now + Math.floor(phase * refreshIntervalUs);
  }

  nextDue(_item: number, began: number): number {
    return began + this.input.refreshIntervalUs;
  }

  retryAt(_item: number, failures: number, now: number): number {
    return Math.max(now + exponentialFailureUs(failures, BASE_DELAY_US, MAX_DELAY_US), this.retries.take(0, now));
  }

  dueAfterRestart(due: number): number {
    return due;
  }
}
