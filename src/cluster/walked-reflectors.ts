import type { ApiServers } from './api-server.js';
import type { Load } from './load.js';
import type { Randomness } from './randomness.js';
import type { RateLimiter } from './rate-limiter.js';
import type { WhatIf } from './model-input.js';
import { BOOKMARK_BEFORE_DEADLINE_US, LISTED_ONCE, Reflectors, RUNNING } from './reflector.js';
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
    whatIf: WhatIf,
  ) {
    super(topology, servers, load, behaviours, random, whatIf);
  }

  override start(entry: number, now: number): number {
    const number = this.starts[entry]++;
    const alone = this.shared === null && this.isWatched(entry);
    const streams = this.behaviours.initialSync === 'watchList' && alone;
    const listed = streams
      ? this.servers.watchList(entry, now, number)
      : this.servers.listObject(entry, this.limiter.take(this.topology.entryNode[entry], now), number);
    this.syncedAt[entry] = listed.at;
    this.state[entry] = this.isWatched(entry) ? RUNNING : LISTED_ONCE;
    if (this.state[entry] === LISTED_ONCE) return listed.revision;
    const stream = this.streamOf(entry);
    if (this.shared !== null && this.streaming[stream] === 1) return listed.revision;
    if (this.shared !== null) this.streaming[stream] = 1;
    const opens = streams ? now : listed.at;
    if (!streams) this.servers.watchOpens(stream, opens);
    this.watchStart[stream] = opens;
    this.watchEnd[stream] = opens + this.timeout(stream);
    this.load.watches[this.serverOf(stream)].up(opens);
    return listed.revision;
  }

  override stop(entry: number, now: number, state: number): void {
    this.state[entry] = state;
    if (this.shared !== null) return;
    const end = Math.max(now, this.watchStart[entry]);
    this.advance(entry, end);
    this.countBookmarks(entry, Math.min(end, this.watchEnd[entry]));
    this.load.watches[this.serverOf(entry)].down(end);
  }

  /** At once, or when the next watch has opened. */
  override arrival(entry: number, time: number): number {
    const stream = this.streamOf(entry);
    if (time < this.watchStart[stream]) return this.watchStart[stream];
    this.advance(stream, time);
    return Math.max(time, this.watchStart[stream]);
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
    const streams = this.shared === null ? this.state[entry] === RUNNING : this.streaming[entry] === 1;
    if (!streams) return;
    this.advance(entry, end);
    this.countBookmarks(entry, end);
  }

  protected override serverOf(entry: number): number {
    return this.servers.serverOf[this.topology.entryNode[entry]];
  }
}
