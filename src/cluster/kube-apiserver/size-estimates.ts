import { bisectRight } from 'd3-array';
import { GrowableFloat64 } from '../../sim/growable.js';
import type { RandomStream } from '../../sim/random.js';
import { SECOND_US } from '../../sim/units.js';

/** `--etcd-count-metric-poll-period`, and `resourceCountPollPeriodJitter` (`registry/generic/registry/store.go`). */
const COUNT_PERIOD_S = 60;
const COUNT_JITTER = 1.2;
/** `sizerRefreshInterval` and the jitter of `statsCache.run` (`storage/etcd3/stats.go`). */
const REFRESH_INTERVAL_S = 60;
const REFRESH_JITTER = 0.5;

/** Servers that run when the simulation starts have done so for so long at least. */
const BEFORE_START_US = -600 * SECOND_US;

/** The loops of one resource: when each asks next, how often it has drawn, and when one of them last asked. */
interface Loops {
  countsAt: number;
  refreshesAt: number;
  draws: number;
  readonly asked: GrowableFloat64;
}

/**
 * When API servers ask etcd how far it is without any request: to estimate what a LIST costs (`SizeBasedListCostEstimate`,
 * ≥1.34) each counts a resource's keys in its watch cache, once that is as far as etcd (`cacher.go` getKeys): every 60 to
 * 132 s for the metric, and 60 to 90 s after that where the metric has not done it meanwhile.
 */
export class SizeEstimates {
  private readonly loops: Loops[];
  private readonly starts: Uint32Array;

  constructor(
    resources: number,
    private readonly random: RandomStream,
  ) {
    this.starts = new Uint32Array(resources);
    this.loops = Array.from({ length: resources }, (_, resource) => this.begun(resource, BEFORE_START_US));
  }

  /** A server's watch cache of a resource is there at `now`. */
  begins(resource: number, now: number): void {
    this.starts[resource]++;
    this.loops[resource] = this.begun(resource, now);
  }

  /** When a server last asked, at `at` or before; −Infinity: not yet. */
  lastBefore(resource: number, at: number): number {
    const loops = this.loops[resource];
    this.extends(resource, loops, at);
    const { asked } = loops;
    const after = bisectRight(asked.view(), at);
    return after === 0 ? -Infinity : asked.get(after - 1);
  }

  private begun(resource: number, now: number): Loops {
    const loops: Loops = { countsAt: now, refreshesAt: now, draws: 0, asked: new GrowableFloat64() };
    // What is counted at once, from a list that has just been read, needs no answer.
    loops.countsAt += this.wait(resource, loops, COUNT_PERIOD_S, COUNT_JITTER);
    loops.refreshesAt += this.wait(resource, loops, REFRESH_INTERVAL_S, REFRESH_JITTER);
    return loops;
  }

  private extends(resource: number, loops: Loops, until: number): void {
    while (Math.min(loops.countsAt, loops.refreshesAt) <= until) {
      const { asked } = loops;
      if (loops.countsAt <= loops.refreshesAt) {
        asked.push(loops.countsAt);
        loops.countsAt += this.wait(resource, loops, COUNT_PERIOD_S, COUNT_JITTER);
      } else {
        const last = asked.length === 0 ? -Infinity : asked.get(asked.length - 1);
        if (loops.refreshesAt - last >= REFRESH_INTERVAL_S * SECOND_US) asked.push(loops.refreshesAt);
        loops.refreshesAt += this.wait(resource, loops, REFRESH_INTERVAL_S, REFRESH_JITTER);
      }
    }
  }

  private wait(resource: number, loops: Loops, periodS: number, jitter: number): number {
    const u = this.random.uniform(resource, this.starts[resource], loops.draws++);
    return Math.round(periodS * (1 + jitter * u) * SECOND_US);
  }
}
