import { RandomStream } from '../../../../src/sim/random.js';
import type { Behaviours } from '../../../../src/cluster/model/versions.js';
import type { Law } from './probe.js';

/** How a reflector lives through an outage: tries that found no server, and the wait from its end to the try that does. */
export interface Outage {
  readonly tries: Sample;
  readonly waitS: Sample;
}

/** A mean, with the standard deviation of one value. */
export interface Sample {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
}

export function sampleOf(values: readonly number[]): Sample {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, deviation: Math.sqrt(variance), count: values.length };
}

/** What a wait is told: the reflector, and when it has failed, s. Returns the wait, s. */
export type Waits = (reflector: number, atS: number) => number;

/**
 * Reflectors that have long been running lose their watch as a server stops, and try again until the outage is over.
 * `waits` is what is between two tries.
 */
export function outageOf(waits: Waits, lengthS: number, reflectors: number): Outage {
  const tries: number[] = [];
  const after: number[] = [];
  for (let reflector = 0; reflector < reflectors; reflector++) {
    let at = 0;
    let failed = 0;
    for (; at < lengthS; at += waits(reflector, at)) failed++;
    tries.push(failed);
    after.push(at - lengthS);
  }
  return { tries: sampleOf(tries), waitS: sampleOf(after) };
}

/**
 * The waits as the sources have them, written down once more: `wait.NewExponentialBackoffManager(0.8 s, 30 s, 2 min, 2,
 * 1)` counts its reset from the last wait, `wait.Backoff{0.8 s, 30 s, …}.DelayWithReset(clock, 2 min)` (≥1.36) from the
 * last reset.
 */
export function waitsAsWritten(law: Behaviours['reflectorBackOff'], seed: string): Waits {
  const random = RandomStream.fromSeed(seed);
  const states = new Map<number, { base: number; since: number; draws: number }>();
  return (reflector, atS) => {
    const state = states.get(reflector) ?? { base: 0.8, since: -Infinity, draws: 0 };
    states.set(reflector, state);
    if (atS - state.since > 120) {
      state.base = 0.8;
      state.since = atS;
    } else if (law !== 'restarting') {
      state.since = atS;
    }
    const { base } = state;
    state.base = Math.min(30, base * 2);
    return base * (1 + random.uniform(reflector, 0, state.draws++));
  };
}

/** Retry-After of a cache that has been filling for so long (`cacher.go`), s: 1, or e^(0.06 t) rounded down, 1 to 30. */
function unreadyRetryAfter(law: Behaviours['unreadyRetryAfter'], fillsForS: number): number {
  return law === 'constant' ? 1 : Math.floor(Math.min(30, Math.max(1, Math.exp(0.06 * fillsForS))));
}

/** From when connections are accepted, and the cache is being filled, until requests are answered, s. */
const BEFORE_SERVING_S = 2.6 + 0.9;
/** Times that the client itself sends a request again. */
const CLIENT_RETRIES = 10;

/**
 * How often a WATCH is answered 429 by a server whose cache is full `fillS` after it has begun to serve: ten times in a
 * row the client comes back as it is told, then its reflector backs off, for the second time since the crash.
 */
export function unreadyRejections(law: Behaviours['unreadyRetryAfter'], fillS: number): Law {
  const counts = Array.from({ length: 500 }, (_, reflector) => {
    const waits = waitsAsWritten('shared', 'unready');
    waits(reflector, 0);
    let at = BEFORE_SERVING_S;
    let rejected = 0;
    while (at < BEFORE_SERVING_S + fillS) {
      rejected++;
      at += rejected % (CLIENT_RETRIES + 1) === 0 ? waits(reflector, at) : unreadyRetryAfter(law, at);
    }
    return rejected;
  });
  const { mean } = sampleOf(counts);
  return { says: `${mean.toFixed(0)} ± 5 %`, from: mean * 0.95, to: mean * 1.05 };
}
