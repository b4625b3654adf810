import type { ApiServers } from './api-server.js';
import type { Load } from './load.js';
import type { Randomness } from './randomness.js';
import type { RateLimiter } from './rate-limiter.js';
import { BOOKMARK_BEFORE_DEADLINE_US, Reflectors, RUNNING } from './reflector.js';
import type { Topology } from './topology.js';
import type { Behaviours } from './versions.js';

/**
 * Reflectors whose requests are always answered at once (`capacity: unlimited`): what a watch does
 * between its events is only counted, so it is walked when somebody asks.
 */
export class WalkedReflectors extends Reflectors {
  constructor(
    topology: Topology,
    servers: ApiServers,
    private readonly limiter: RateLimiter,
    load: Load,
    behaviours: Behaviours,
    random: Randomness,
  ) {
    super(topology, servers, load, behaviours, random);
  }

  override start(entry: number, now: number): number {
    const number = this.starts[entry]++;
    const listed =
      this.behaviours.initialSync === 'watchList'
        ? this.servers.watchList(entry, now, number)
        : this.servers.listObject(entry, this.limiter.take(this.topology.entryNode[entry], now), number);
    this.state[entry] = RUNNING;
    this.syncedAt[entry] = listed.at;
    const opens = this.behaviours.initialSync === 'watchList' ? now : listed.at;
    if (this.behaviours.initialSync === 'list') this.servers.watchOpens(entry, opens);
    this.watchStart[entry] = opens;
    this.watchEnd[entry] = opens + this.timeout(entry);
    this.load.watches[this.serverOf(entry)].up(opens);
    return listed.revision;
  }

  override stop(entry: number, now: number, state: number): void {
    const end = Math.max(now, this.watchStart[entry]);
    this.advance(entry, end);
    this.countBookmarks(entry, Math.min(end, this.watchEnd[entry]));
    this.load.watches[this.serverOf(entry)].down(end);
    this.state[entry] = state;
  }

  /** At once, or when the next watch has opened. */
  override arrival(entry: number, time: number): number {
    if (time < this.watchStart[entry]) return this.watchStart[entry];
    this.advance(entry, time);
    return Math.max(time, this.watchStart[entry]);
  }

  /** Walks the watches of a running reflector up to `time`, counting their ends and successors. */
  private advance(entry: number, time: number): void {
    while (this.watchEnd[entry] <= time) {
      const end = this.watchEnd[entry];
      this.countBookmarks(entry, end - BOOKMARK_BEFORE_DEADLINE_US);
      if (this.bookmarkable(entry, end)) this.load.bookmark(this.serverOf(entry), end - BOOKMARK_BEFORE_DEADLINE_US);
      const next = end + this.servers.roundTripMedian;
      this.servers.watchOpens(entry, next);
      this.watchStart[entry] = next;
      this.watchEnd[entry] = next + this.timeout(entry);
    }
  }

  override finish(entry: number, end: number): void {
    if (this.state[entry] !== RUNNING) return;
    this.advance(entry, end);
    this.countBookmarks(entry, end);
  }

  protected override serverOf(entry: number): number {
    return this.servers.serverOf[this.topology.entryNode[entry]];
  }
}
