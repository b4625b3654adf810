import type { ApiServers } from './api-server.js';
import type { Etcd } from './etcd.js';
import type { Load } from './load.js';
import type { Behaviours } from './versions.js';
import type { Randomness } from './randomness.js';
import type { RateLimiter } from './rate-limiter.js';
import type { Topology } from './topology.js';

const SECOND = 1e6;
/** `defaultBookmarkFrequency` (`cacher.go`, ≥1.19): a bookmark per watch and minute … */
const BOOKMARK_FREQUENCY_US = 60 * SECOND;
/** … and one 2 s before the watch's deadline (`cacheWatcher.nextBookmarkTime`). */
const BOOKMARK_BEFORE_DEADLINE_US = 2 * SECOND;

/** States of a reflector. */
export const NONE = 0;
export const RUNNING = 1;
/** Stopped for good while a pod of the node references the object: it was found immutable. */
export const STOPPED_IMMUTABLE = 2;
export const STOPPED_IDLE = 3;

/**
 * The reflectors of the Watch strategy (`client-go/tools/cache/reflector.go`), one per node and object:
 * LIST at resourceVersion=0, then WATCHes, each for minWatchTimeout × U[1, 2) and followed at once by
 * the next. What a watch does between its events is only counted, so it is walked when somebody asks.
 */
export class Reflectors {
  readonly state: Uint8Array;
  /** When the first LIST has answered; −Infinity in a reflector that has long been running. */
  readonly syncedAt: Float64Array;
  /** Start and end of the current watch, µs. */
  private readonly watchStart: Float64Array;
  private readonly watchEnd: Float64Array;
  /** Watch timeouts drawn so far, per entry. */
  private readonly index: Uint32Array;
  /** Reflector starts so far, per entry. */
  private readonly starts: Uint8Array;
  private readonly minWatchTimeoutS: number;
  /** Times of the writes of Secrets and of ConfigMaps: bookmarks of ≤1.20 need one. */
  private readonly writes: readonly (readonly number[])[];

  constructor(
    private readonly topology: Topology,
    private readonly servers: ApiServers,
    private readonly limiter: RateLimiter,
    private readonly load: Load,
    private readonly behaviours: Behaviours,
    private readonly random: Randomness,
    etcd: Etcd,
  ) {
    const { entryCount } = topology;
    this.state = new Uint8Array(entryCount);
    this.syncedAt = new Float64Array(entryCount).fill(-Infinity);
    this.watchStart = new Float64Array(entryCount);
    this.watchEnd = new Float64Array(entryCount);
    this.index = new Uint32Array(entryCount);
    this.starts = new Uint8Array(entryCount);
    this.minWatchTimeoutS = behaviours.minWatchTimeout;
    this.writes = [0, 1].map((kind) =>
      Array.from(etcd.committedAt.subarray(0, etcd.revisions)).filter(
        (_, revision) => topology.objectKind[etcd.object[revision]] === kind,
      ),
    );
  }

  /** A reflector that has been running for ever: its watch's remaining life follows the residual law. */
  startStationary(entry: number, now: number): void {
    const high = this.servers.nameHigh(entry);
    const low = this.servers.nameLow(entry);
    const { watchResidual } = this.random;
    watchResidual.pair(high, low, 0);
    // Length-biased U[1, 2): density proportional to the length.
    const life = Math.floor(this.minWatchTimeoutS * Math.sqrt(1 + 3 * watchResidual.first())) * SECOND;
    const age = Math.floor(watchResidual.second() * life);
    this.state[entry] = RUNNING;
    this.watchStart[entry] = now - age;
    this.watchEnd[entry] = now - age + life;
    this.load.watches[this.serverOf(entry)].up(now);
  }

  /** Starts the reflector of an object that a pod of the node is the first to reference. Returns the revision it lists. */
  start(entry: number, now: number): number {
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

  /** Stops the reflector: the object is immutable, idle, or not referenced any more. */
  stop(entry: number, now: number, state: typeof STOPPED_IMMUTABLE | typeof STOPPED_IDLE): void {
    const end = Math.max(now, this.watchStart[entry]);
    this.advance(entry, end);
    this.countBookmarks(entry, Math.min(end, this.watchEnd[entry]));
    this.load.watches[this.serverOf(entry)].down(end);
    this.state[entry] = state;
  }

  /** When an event that is sent at `time` arrives: at once, or when the next watch has opened. */
  arrival(entry: number, time: number): number {
    if (time < this.watchStart[entry]) return this.watchStart[entry];
    this.advance(entry, time);
    return Math.max(time, this.watchStart[entry]);
  }

  /** Walks the watches of a running reflector up to `time`, counting their ends and successors. */
  advance(entry: number, time: number): void {
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

  /** Walks a reflector to the end of the simulation and counts the bookmarks of its last watch. */
  finish(entry: number, end: number): void {
    if (this.state[entry] !== RUNNING) return;
    this.advance(entry, end);
    this.countBookmarks(entry, end);
  }

  private countBookmarks(entry: number, end: number): void {
    const start = this.watchStart[entry];
    const first = start + BOOKMARK_FREQUENCY_US;
    if (first >= end) return;
    if (this.behaviours.efficientWatchResumption) {
      this.load.bookmarkRun(this.serverOf(entry), first, end);
      return;
    }
    const write = this.firstWriteAfter(entry, start);
    const skipped = Math.max(0, Math.ceil((write - first) / BOOKMARK_FREQUENCY_US));
    if (write < end) this.load.bookmarkRun(this.serverOf(entry), first + skipped * BOOKMARK_FREQUENCY_US, end);
  }

  /** True where the resource's version has moved since the watch began, so that a bookmark says something new. */
  private bookmarkable(entry: number, time: number): boolean {
    return this.behaviours.efficientWatchResumption || this.firstWriteAfter(entry, this.watchStart[entry]) < time;
  }

  private firstWriteAfter(entry: number, time: number): number {
    const writes = this.writes[this.topology.objectKind[this.topology.entryObject[entry]]];
    return writes.find((write) => write >= time) ?? Infinity;
  }

  /** The reflector asks for whole seconds: int64(minWatchTimeout.Seconds() × (rand.Float64() + 1)). */
  private timeout(entry: number): number {
    const u = this.random.watchTimeout.uniform(
      this.servers.nameHigh(entry),
      this.servers.nameLow(entry),
      this.index[entry]++,
    );
    return Math.floor(this.minWatchTimeoutS * (1 + u)) * SECOND;
  }

  private serverOf(entry: number): number {
    return this.servers.serverOf[this.topology.entryNode[entry]];
  }
}
