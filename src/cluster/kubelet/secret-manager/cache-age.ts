import type { UniformInterval } from '../../../sim/distributions.js';
import { power } from '../../../sim/portable-math.js';
import type { World } from '../../world/world.js';

/**
 * The age of what a node has long been keeping of an entry's object for `ttl` µs, read by `readers` at their syncs: the
 * residual law of its cycle, which is the TTL and then the wait for the next reader. (Entries that all started empty
 * would be fetched in step for hours: a cycle of TTL 300 s varies by 26 s only.) The law is exact in the phase of the
 * cycle; how it hangs together with the readers' clocks settles within a cycle, before the warm-up.
 * @param intervals the law of a pod's sync interval
 */
export function stationaryAge(
  { random, latencies }: World,
  intervals: UniformInterval,
  entry: number,
  ttl: number,
  readers: number,
): number {
  const high = latencies.nameHigh(entry);
  const low = latencies.nameLow(entry);
  const { cacheAge } = random;
  let cycle: number;
  for (let attempt = 1; ; attempt++) {
    cacheAge.pair(high, low, attempt);
    cycle = ttl + intervals.residual(1 - power(1 - cacheAge.first(), 1 / readers));
    if (cacheAge.second() * (ttl + intervals.longest) < cycle) break;
  }
  cacheAge.pair(high, low, 0);
  return Math.floor(cacheAge.first() * cycle);
}
