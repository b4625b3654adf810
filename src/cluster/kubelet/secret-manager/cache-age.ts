import type { UniformInterval } from '../../../sim/distributions.js';
import { power } from '../../../sim/portable-math.js';
import type { RandomBatch } from '../../../sim/random-batch.js';
import type { RandomStream } from '../../../sim/random.js';
import type { Randomness } from '../../model/randomness.js';
import type { Latencies } from '../../world/latencies.js';

/**
 * How far a cycle may be off, relative to the longest, where a number stands for its first power: a power is off by 2^-48
 * of itself, and a residual life by the root of what is rounded off 1 − x, for x down to 2^-32.
 */
const ROUNDING = 1e-11;

/** Where chance and names come from. */
interface AgeParts {
  readonly random: Pick<Randomness, 'cacheAge'>;
  readonly latencies: Pick<Latencies, 'nameHigh' | 'nameLow'>;
}

/**
 * The age of what a node has long been keeping of an entry's object for `ttl` µs, read by `readers` at their syncs: the
 * residual law of its cycle, which is the TTL and then the wait for the next reader. (Entries that all started empty
 * would be fetched in step for hours: a cycle of TTL 300 s varies by 26 s only.) The law is exact in the phase of the
 * cycle; how it hangs together with the readers' clocks settles within a cycle, before the warm-up.
 * @param intervals the law of a pod's sync interval
 */
export function stationaryAge(
  { random, latencies }: AgeParts,
  intervals: UniformInterval,
  entry: number,
  ttl: number,
  readers: number,
): number {
  const cycle: Cycle = {
    cacheAge: random.cacheAge,
    high: latencies.nameHigh(entry),
    low: latencies.nameLow(entry),
    ttl,
    intervals,
  };
  // A power takes longer than all the rest, and most entries have one reader.
  const age = readers === 1 ? ageWithin(cycle, ROUNDING * (ttl + intervals.longest), 1) : NaN;
  return Number.isNaN(age) ? ageWithin(cycle, 0, readers) : age;
}

/**
 * Draws the ages of what a node has long been keeping of the objects of the first `count` entities of a batch, each read by
 * one pod: into its `times`, NaN where only `stationaryAge` can tell. False, and nothing is done, where the batch cannot.
 */
export function stationaryAges(
  batch: RandomBatch,
  { cacheAge }: Pick<Randomness, 'cacheAge'>,
  intervals: UniformInterval,
  count: number,
  ttl: number,
): boolean {
  return batch.drawAges(cacheAge, count, ttl, intervals, ROUNDING * (ttl + intervals.longest));
}

/** What a cycle is drawn from. */
interface Cycle {
  readonly cacheAge: RandomStream;
  /** The entry's name. */
  readonly high: number;
  readonly low: number;
  readonly ttl: number;
  readonly intervals: UniformInterval;
}

/** That age, where cycles may be so many µs off: NaN where it matters. Exact for 0. */
function ageWithin({ cacheAge, high, low, ttl, intervals }: Cycle, rounding: number, readers: number): number {
  for (let attempt = 1; ; attempt++) {
    cacheAge.pair(high, low, attempt);
    const rest = 1 - cacheAge.first();
    const cycle = ttl + intervals.residual(1 - (rounding > 0 ? rest : power(rest, 1 / readers)));
    const bound = cacheAge.second() * (ttl + intervals.longest);
    if (Math.abs(bound - cycle) < rounding) return NaN;
    if (bound >= cycle) continue;
    cacheAge.pair(high, low, 0);
    const age = Math.floor(cacheAge.first() * cycle - rounding);
    return age === Math.floor(cacheAge.first() * cycle + rounding) ? age : NaN;
  }
}
