import { SECOND_US } from '../../sim/units.js';
import type { Etcd } from '../etcd/etcd.js';
import type { World } from '../world/world.js';
import type { ReadTally } from '../meters/read-tally.js';
import { OBJECT_KINDS } from '../model/kinds.js';
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
  private readonly tally: ReadTally;
  /** What a WATCH that opens is to the tally, by class and kind of its object; −1: nobody has asked yet. */
  private readonly openKinds: Int32Array;

  constructor(world: World) {
    super(world);
    this.limiter = world.limiter;
    this.etcd = world.etcd;
    this.tally = world.tally;
    this.starts = world.memory.uint32(this.population.entryCount);
    this.openKinds = new Int32Array(this.population.classNames.length * OBJECT_KINDS.length).fill(-1);
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
    if (!streams) this.tally.count(this.openKindOf(stream), this.serverOf(stream), opens);
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
    let end = this.watchEnd[entry];
    if (end > time) return;
    const { latencies, tally, minWatchTimeoutS } = this;
    const { bookmarks } = this.load;
    const { efficientWatchResumption } = this.behaviours;
    const { watchTimeout } = this.random;
    const { roundTripMedian } = latencies;
    const server = this.serverOf(entry);
    const kind = this.openKindOf(entry);
    const high = latencies.nameHigh(entry);
    const low = latencies.nameLow(entry);
    this.countLife(entry, server);
    let drawn = this.index[entry];
    for (;;) {
      const start = end + roundTripMedian;
      const seconds = Math.floor(minWatchTimeoutS * (1 + watchTimeout.uniform(high, low, drawn++)));
      end = start + seconds * SECOND_US;
      tally.count(kind, server, start);
      if (end <= time && efficientWatchResumption) {
        bookmarks.ofLife(server, start, seconds);
        continue;
      }
      this.watchStart[entry] = start;
      this.watchEnd[entry] = end;
      if (end > time) break;
      this.countLife(entry, server);
    }
    this.index[entry] = drawn;
  }

  /** What a WATCH of an entry that opens is to the tally. */
  private openKindOf(entry: number): number {
    const { objectKind, objectClass, entryObject } = this.population;
    const object = entryObject[entry];
    const key = objectClass[object] * OBJECT_KINDS.length + objectKind[object];
    if (this.openKinds[key] < 0) {
      this.tally.begin();
      this.tally.addWatch(objectKind[object], objectClass[object]);
      this.openKinds[key] = this.tally.end();
    }
    return this.openKinds[key];
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

  override finish(first: number, last: number, end: number): void {
    const { state, streaming, shared } = this;
    for (let entry = first; entry < last; entry++) {
      const streams = shared === null ? state[entry] === REFLECTOR.RUNNING : streaming[entry] === 1;
      if (!streams) continue;
      this.openDrawn(entry);
      this.advance(entry, end);
      this.countBookmarks(entry, end);
    }
  }

  protected override serverOf(entry: number): number {
    return this.latencies.serverOf[this.population.entryNode[entry]];
  }
}
