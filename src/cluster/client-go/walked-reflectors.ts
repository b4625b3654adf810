import { SECOND_US } from '../../sim/units.js';
import type { Etcd } from '../etcd/etcd.js';
import type { World } from '../world/world.js';
import type { RateLimiter } from '../model/rate-limiter.js';
import { BOOKMARK_BEFORE_DEADLINE_US, Reflectors, REFLECTOR } from './reflector.js';

/**
 * Reflectors whose requests are always answered at once (`capacity: unlimited`): what a watch does
 * between its events is only counted, so it is walked when somebody asks.
 */
export class WalkedReflectors extends Reflectors {
  /** Starts of each entry's reflector so far: they number its first requests. */
  private readonly starts: Uint32Array;
  /** Start of the simulation, the same for all nodes, µs. */
  private stationaryFrom = 0;

  private readonly limiter: RateLimiter;
  private readonly etcd: Etcd;

  constructor(world: World) {
    super(world);
    this.limiter = world.limiter;
    this.etcd = world.etcd;
    this.starts = new Uint32Array(this.population.entryCount);
  }

  override start(entry: number, now: number): number {
    const number = this.starts[entry]++;
    // After a stop for idleness the reflector knows a version, and asks for that.
    const asksEtcd = this.state[entry] !== REFLECTOR.STOPPED_IDLE;
    const alone = this.shared === null && this.isWatched(entry);
    const streams = this.behaviours.initialSync === 'watchList' && alone;
    const listed = streams
      ? this.latencies.watchList(entry, now, asksEtcd, number)
      : this.latencies.listObject(entry, this.limiter.take(this.population.entryNode[entry], now), number);
    this.syncedAt[entry] = listed.at;
    this.state[entry] = this.isWatched(entry) ? REFLECTOR.RUNNING : REFLECTOR.LISTED_ONCE;
    if (this.state[entry] === REFLECTOR.LISTED_ONCE) return listed.revision;
    const stream = this.streamOf(entry);
    if (this.shared !== null && this.streaming[stream] === 1) return listed.revision;
    if (this.shared !== null) this.streaming[stream] = 1;
    const opens = streams ? now : listed.at;
    if (!streams) this.latencies.watchOpens(stream, opens);
    this.watchStart[stream] = opens;
    this.watchEnd[stream] = opens + this.timeout(stream);
    this.load.watches[this.serverOf(stream)].up(opens);
    return listed.revision;
  }

  /** All of the history is known. */
  protected override writesOf(kind: number): readonly number[] {
    return this.etcd.writesOfKind(kind);
  }

  /** Only counts it: its life is drawn when somebody asks. */
  protected override openStationary(entry: number, now: number): void {
    this.stationaryFrom = now;
    this.load.watches[this.serverOf(entry)].up(now);
  }

  /** Draws the life of a watch that has been open since before the simulation, once. */
  private openDrawn(entry: number): void {
    if (this.watchStart[entry] === this.watchEnd[entry]) this.drawStationary(entry, this.stationaryFrom);
  }

  override stop(entry: number, now: number, state: number): void {
    this.state[entry] = state;
    if (this.shared !== null) return;
    this.openDrawn(entry);
    const end = Math.max(now, this.watchStart[entry]);
    this.advance(entry, end);
    this.countBookmarks(entry, Math.min(end, this.watchEnd[entry]));
    this.load.watches[this.serverOf(entry)].down(end);
  }

  /** At once, or when the next watch has opened. */
  override arrival(entry: number, time: number): number {
    const stream = this.streamOf(entry);
    this.openDrawn(stream);
    if (time < this.watchStart[stream]) return this.watchStart[stream];
    this.advance(stream, time);
    return Math.max(time, this.watchStart[stream]);
  }

  /** Walks the watches of a running reflector up to `time`, counting their ends and successors. */
  private advance(entry: number, time: number): void {
    if (this.watchEnd[entry] > time) return;
    const { latencies, load, population, minWatchTimeoutS } = this;
    const { efficientWatchResumption } = this.behaviours;
    const { watchTimeout } = this.random;
    const { roundTripMedian } = latencies;
    const server = this.serverOf(entry);
    const object = population.entryObject[entry];
    const kind = population.objectKind[object];
    const objectClass = population.objectClass[object];
    const high = latencies.nameHigh(entry);
    const low = latencies.nameLow(entry);
    this.countLife(entry, server);
    let end = this.watchEnd[entry];
    let drawn = this.index[entry];
    for (;;) {
      const start = end + roundTripMedian;
      const seconds = Math.floor(minWatchTimeoutS * (1 + watchTimeout.uniform(high, low, drawn++)));
      end = start + seconds * SECOND_US;
      load.watchOpens(server, start, kind, objectClass);
      if (end <= time && efficientWatchResumption) {
        load.bookmarks.ofLife(server, start, seconds);
        continue;
      }
      this.watchStart[entry] = start;
      this.watchEnd[entry] = end;
      if (end > time) break;
      this.countLife(entry, server);
    }
    this.index[entry] = drawn;
  }

  /** Counts the bookmarks of the current watch, which lives until its deadline. */
  private countLife(entry: number, server: number): void {
    const end = this.watchEnd[entry];
    if (this.behaviours.efficientWatchResumption) {
      this.load.bookmarks.ofLife(
        server,
        this.watchStart[entry],
        Math.round((end - this.watchStart[entry]) / SECOND_US),
      );
      return;
    }
    this.countBookmarks(entry, end - BOOKMARK_BEFORE_DEADLINE_US);
    if (this.bookmarkable(entry, end)) this.load.bookmarks.one(server, end - BOOKMARK_BEFORE_DEADLINE_US);
  }

  override finish(entry: number, end: number): void {
    const streams = this.shared === null ? this.state[entry] === REFLECTOR.RUNNING : this.streaming[entry] === 1;
    if (!streams) return;
    this.openDrawn(entry);
    this.advance(entry, end);
    this.countBookmarks(entry, end);
  }

  protected override serverOf(entry: number): number {
    return this.latencies.serverOf[this.population.entryNode[entry]];
  }
}
