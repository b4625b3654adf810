import type { DurationLaw } from '../../sim/distributions.js';
import { latencyLaw } from '../model/latency.js';
import { SECOND_US } from '../../sim/units.js';
import type { OperatorLoad } from '../meters/operator-load.js';
import { occurrences } from '../model/occurrences.js';
import type { StoreInput } from '../model/operators-input.js';
import { RateLimiter } from '../model/rate-limiter.js';
import type { World } from '../world/world.js';

/**
 * The client of a vault tries again that often, after U[1, 1.5) s each time, what was answered 429 or 5xx or not at all
 * (`hashicorp/vault/api/client.go` DefaultConfig: MaxRetries, MinRetryWait, MaxRetryWait; LinearJitterBackoff is taken as
 * uniform). Assumption: clients of other stores do the same.
 */
export const STORE_RETRIES = 2;
const MIN_RETRY_WAIT_US = SECOND_US;
const MAX_RETRY_WAIT_US = 1.5 * SECOND_US;

/** How a store answers. */
export const ANSWER = { FOUND: 0, TOO_MANY_REQUESTS: 1, AWAY: 2 } as const;
export type Answer = (typeof ANSWER)[keyof typeof ANSWER];

/** The store is away from one time to another, µs. */
interface Outage {
  readonly from: number;
  readonly until: number;
}

/**
 * A store outside of the cluster, such as a vault: what it holds changes at instants of the timeline (`rotateAtSource`), each
 * call takes a latency, calls beyond its rate limit are answered 429, and now and then it is away. Assumptions: what it
 * answers is what it holds when it is called; calls never queue; one that is away answers nothing within the same latency.
 */
export class ExternalStore {
  /** When the last call was answered, µs. */
  answeredAt = 0;
  private readonly latency: DurationLaw;
  private readonly limiter: RateLimiter | null;
  private readonly outages: readonly Outage[];

  constructor(
    private readonly world: Pick<World, 'input' | 'random'>,
    private readonly load: OperatorLoad,
    { latency, rateLimit }: StoreInput,
  ) {
    const { input, random } = world;
    this.latency = latencyLaw(latency);
    this.limiter = rateLimit === null ? null : new RateLimiter(1, rateLimit.ratePerS, rateLimit.burst);
    this.outages = input.timeline.flatMap((entry, index) =>
      entry.action === 'sourceOutage'
        ? occurrences(entry, index, input.durationUs, random).map((from) => ({ from, until: from + entry.lastsUs }))
        : [],
    );
  }

  /** How long a call takes on average, µs. */
  get expectedUs(): number {
    return this.latency.expected;
  }

  /** Calls the store at `at` for an entity of that name, for the `draw`-th time; `answeredAt` says when it answers. */
  call(at: number, high: number, low: number, draw: number): Answer {
    const { limiter, load } = this;
    this.answeredAt = at + this.latency.at(this.world.random.externalStore.uniform(high, low, 2 * draw));
    load.storeCalls.count(at);
    if (this.outages.some(({ from, until }) => at >= from && at < until)) {
      load.storeFailed.count(at);
      return ANSWER.AWAY;
    }
    if (limiter === null) return ANSWER.FOUND;
    // A limiter says that a request waits for one microsecond where it does not wait at all.
    if (limiter.waitOf(0, at) > 1) {
      load.storeRejected.count(at);
      return ANSWER.TOO_MANY_REQUESTS;
    }
    limiter.take(0, at);
    return ANSWER.FOUND;
  }

  /** How long a client waits before it calls again, after its call number `draw`, µs. */
  retryWait(high: number, low: number, draw: number): number {
    const u = this.world.random.externalStore.uniform(high, low, 2 * draw + 1);
    return MIN_RETRY_WAIT_US + Math.floor(u * (MAX_RETRY_WAIT_US - MIN_RETRY_WAIT_US));
  }
}
