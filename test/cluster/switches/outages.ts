import { RandomStream } from '../../../src/sim/random.js';
import type { Behaviours } from '../../../src/cluster/versions.js';

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
