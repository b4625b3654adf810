import { SECOND_US } from '../../sim/units.js';
import { EVENT } from '../model/events.js';
import { VERB } from '../model/verbs.js';
import type { World } from '../world/world.js';
import type { RequestCosts } from './request-costs.js';
import { isPost } from './requests.js';
import type { Servers } from './servers.js';
import type { WatchDispatch } from './watch-dispatch.js';

/** `blockTimeout` (`cacher/watch_cache.go`, all releases). */
const BLOCK_TIMEOUT_US = 3 * SECOND_US;
/** `resourceVersionTooHighRetrySeconds` (`cacher/watch_cache.go`, all releases). */
export const RESOURCE_VERSION_TOO_HIGH_RETRY_S = 1;
/**
 * `progressRequestPeriod` (`cacher/progress/watch_progress.go`, ≥1.28): a server that has not asked etcd for so long asks as
 * soon as a request waits, else when the period is over. What etcd says then takes no time: assumption.
 */
const PROGRESS_REQUEST_PERIOD_US = 100e3;

/** What becomes of a request that waits for its server's watch cache. */
export const FRESHNESS = { FRESH: 0, BEHIND: 1, TOO_LARGE: 2 } as const;
type Freshness = (typeof FRESHNESS)[keyof typeof FRESHNESS];

/**
 * What reads need of a watch cache: that it is filled, and that it is as far as they ask for.
 *
 * Reads at a version that their server's watch cache has not reached (`cacher/watch_cache.go` waitUntilFreshAndBlock):
 * a LIST, or a WATCH with the initial state, of a reflector that another server, or etcd, has told more; or a WATCH that
 * asks for the newest state, which is what etcd has when the server asks it (anything may have been written since the
 * watch cache heard of it last: heartbeats alone are several a second). They wait for 3 s and are then answered 504, "Too
 * large resource version". A WATCH without initial state does not wait: it is opened and leaves out what its client knows.
 */
export class CacheReads {
  constructor(
    private readonly world: World,
    private readonly servers: Servers,
    private readonly dispatch: WatchDispatch,
    private readonly costs: RequestCosts,
  ) {}

  /**
   * True where a request cannot be answered before the watch cache is filled (`cacher.go`): a WATCH, whatever its
   * options; a LIST of a kubelet from 1.31 on, and before, if it asks for a version. Others go to etcd meanwhile.
   */
  needsFilled(id: number): boolean {
    const { requests, watchers } = this.servers;
    const verb = requests.verb[id];
    const { input, load, sim } = this.world;
    if (verb === VERB.WATCH) return true;
    if (verb === VERB.WRITE || isPost(verb) || requests.quorum[id] === 1) return false;
    if (verb === VERB.LIST && (input.behaviours.cacheNotReady !== 'block' || watchers.asksForVersion(id))) return true;
    load.quorumRead(requests.server[id], sim.now);
    requests.quorum[id] = 1;
    return false;
  }

  /** True where the request has to wait until the watch cache is as far as it asks for; then it does. */
  holds(id: number): boolean {
    const { requests, processes } = this.servers;
    const needed = this.neededBy(id);
    if (needed === -Infinity) return false;
    if (this.freshAt(id, needed) <= this.world.sim.now) {
      // It is answered now because etcd is asked without delay, where the watch cache does not know enough.
      if (needed > this.knownTo(id)) this.asks(id);
      return false;
    }
    const { now } = this.world.sim;
    const server = requests.server[id];
    processes[server].behind[this.costs.kindOf(id)].set(id, now + BLOCK_TIMEOUT_US);
    this.looksLater(id, now + BLOCK_TIMEOUT_US);
    return true;
  }

  /** A request that waits looks again. */
  look(id: number): Freshness {
    const { now } = this.world.sim;
    const { behind } = this.servers.processes[this.servers.requests.server[id]];
    const waiting = behind[this.costs.kindOf(id)];
    const deadline = waiting.get(id);
    // It has been answered already, when an event came.
    if (deadline === undefined) return FRESHNESS.BEHIND;
    this.asks(id);
    if (this.isBehind(id) && now < deadline) {
      this.looksLater(id, deadline);
      return FRESHNESS.BEHIND;
    }
    waiting.delete(id);
    return this.isBehind(id) ? FRESHNESS.TOO_LARGE : FRESHNESS.FRESH;
  }

  /** The requests that need not wait any longer, now that an event has reached a server's watch cache. */
  released(server: number, kind: number): number[] {
    const waiting = this.servers.processes[server].behind[kind];
    if (waiting.size === 0) return [];
    const released = [...waiting.keys()].filter((id) => !this.isBehind(id));
    for (const id of released) waiting.delete(id);
    return released;
  }

  /** A server's watch cache is as far as etcd is now, where it asks etcd for that: so that it can answer a request. */
  progresses(id: number): void {
    if (!this.world.input.behaviours.progressOnDemand) return;
    this.servers.told.asks(this.servers.requests.server[id], this.costs.kindOf(id), this.world.sim.now);
  }

  /** etcd is asked how far it is, for a request that waits for that. */
  private asks(id: number): void {
    const process = this.servers.processes[this.servers.requests.server[id]];
    process.progressAskedAt[this.costs.kindOf(id)] = this.world.sim.now;
    this.progresses(id);
  }

  private isBehind(id: number): boolean {
    const version = this.neededBy(id);
    return version > -Infinity && this.freshAt(id, version) > this.world.sim.now;
  }

  /** The version that a request asks its server's watch cache for; −Infinity: for none. */
  private neededBy(id: number): number {
    const { requests, watchers } = this.servers;
    const streams = requests.verb[id] === VERB.WATCH && requests.initial[id] === 1;
    if (requests.quorum[id] === 1) {
      return streams && this.world.input.behaviours.progressOnDemand ? requests.arrivedAt[id] : -Infinity;
    }
    return streams || requests.verb[id] === VERB.LIST ? watchers.neededBy(id) : -Infinity;
  }

  /** Up to when the watch cache that a request needs is known to be as far as etcd. */
  private knownTo(id: number): number {
    const server = this.servers.requests.server[id];
    const kind = this.costs.kindOf(id);
    return Math.max(this.dispatch.versionAt(server, kind), this.world.latencies.cacheFrom[server]);
  }

  /** When the server's watch cache reaches a version, as far as that can be known; Infinity: with some later event. */
  private freshAt(id: number, version: number): number {
    const { sim, input, latencies, etcd } = this.world;
    const server = this.servers.requests.server[id];
    // Events come one by one, each after a time of its own: that of the object has to be there in any case.
    const revision = etcd.revisionAt(this.costs.objectOf(id), version);
    const arrives = revision < 0 ? sim.now : Math.max(sim.now, latencies.visibleAt(revision, server));
    if (version <= this.knownTo(id)) return arrives;
    const kind = this.costs.kindOf(id);
    const asked = this.servers.processes[server].progressAskedAt[kind];
    if (input.behaviours.progressOnDemand) return Math.max(arrives, asked + PROGRESS_REQUEST_PERIOD_US);
    return Math.max(arrives, this.servers.told.tellsAt(server, kind, version));
  }

  private looksLater(id: number, deadline: number): void {
    const { requests } = this.servers;
    const at = Math.min(deadline, this.freshAt(id, this.neededBy(id)));
    this.world.sim.schedule(at, EVENT.FRESH, id, requests.generation[id]);
  }
}
