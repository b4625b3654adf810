import type { ApiServers } from './api-server.js';
import type { Load } from './load.js';
import type { Randomness } from './randomness.js';
import type { Topology } from './topology.js';
import type { Behaviours } from './versions.js';

const SECOND = 1e6;
/** `defaultBookmarkFrequency` (`cacher.go`, ≥1.19): a bookmark per watch and minute … */
export const BOOKMARK_FREQUENCY_US = 60 * SECOND;
/** … and one 2 s before the watch's deadline (`cacheWatcher.nextBookmarkTime`). */
export const BOOKMARK_BEFORE_DEADLINE_US = 2 * SECOND;

/** States of a reflector. */
export const NONE = 0;
export const RUNNING = 1;
/** Stopped for good while a pod of the node references the object: it was found immutable. */
export const STOPPED_IMMUTABLE = 2;
export const STOPPED_IDLE = 3;

/**
 * The reflectors of the Watch strategy (`client-go/tools/cache/reflector.go`), one per node and object:
 * LIST at resourceVersion=0, then WATCHes, each for minWatchTimeout × U[1, 2) and followed at once by
 * the next.
 */
export abstract class Reflectors {
  readonly state: Uint8Array;
  /** When the first LIST has answered; −Infinity in a reflector that has long been running, Infinity before it has. */
  readonly syncedAt: Float64Array;
  /** Start and end of the current watch, µs. */
  protected readonly watchStart: Float64Array;
  protected readonly watchEnd: Float64Array;
  /** Watch timeouts drawn so far, per entry. */
  private readonly index: Uint32Array;
  /** Reflector starts so far, per entry. */
  protected readonly starts: Uint8Array;
  private readonly minWatchTimeoutS: number;
  /** Times of the writes of Secrets and of ConfigMaps: bookmarks of ≤1.20 need one. */
  private readonly writes: readonly number[][] = [[], []];

  constructor(
    protected readonly topology: Topology,
    protected readonly servers: ApiServers,
    protected readonly load: Load,
    protected readonly behaviours: Behaviours,
    protected readonly random: Randomness,
  ) {
    const { entryCount } = topology;
    this.state = new Uint8Array(entryCount);
    this.syncedAt = new Float64Array(entryCount).fill(-Infinity);
    this.watchStart = new Float64Array(entryCount);
    this.watchEnd = new Float64Array(entryCount);
    this.index = new Uint32Array(entryCount);
    this.starts = new Uint8Array(entryCount);
    this.minWatchTimeoutS = behaviours.minWatchTimeout;
  }

  /** Starts the reflector of an object that a pod of the node is the first to reference; −1, or the revision that it lists. */
  abstract start(entry: number, now: number): number;

  /** Stops the reflector: the object is immutable, idle, or not referenced any more. */
  abstract stop(entry: number, now: number, state: number): void;

  /** Takes stock of a reflector at the end of the simulation. */
  abstract finish(entry: number, end: number): void;

  /** When an event that is sent at `time` arrives. */
  abstract arrival(entry: number, time: number): number;

  /** The server that the entry's watch is open at. */
  protected abstract serverOf(entry: number): number;

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

  /** An object of a kind (0: Secret, 1: ConfigMap) was written. */
  written(kind: number, at: number): void {
    this.writes[kind].push(at);
  }

  protected countBookmarks(entry: number, end: number): void {
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
  protected bookmarkable(entry: number, time: number): boolean {
    return this.behaviours.efficientWatchResumption || this.firstWriteAfter(entry, this.watchStart[entry]) < time;
  }

  /** The last write of the entry's resource in [from, to]; −Infinity where there is none. */
  protected lastWriteBetween(entry: number, from: number, to: number): number {
    const writes = this.writes[this.topology.objectKind[this.topology.entryObject[entry]]];
    const last = writes.findLast((write) => write <= to) ?? -Infinity;
    return last >= from ? last : -Infinity;
  }

  private firstWriteAfter(entry: number, time: number): number {
    const writes = this.writes[this.topology.objectKind[this.topology.entryObject[entry]]];
    return writes.find((write) => write >= time) ?? Infinity;
  }

  /** The reflector asks for whole seconds: int64(minWatchTimeout.Seconds() × (rand.Float64() + 1)). */
  protected timeout(entry: number): number {
    const u = this.random.watchTimeout.uniform(
      this.servers.nameHigh(entry),
      this.servers.nameLow(entry),
      this.index[entry]++,
    );
    return Math.floor(this.minWatchTimeoutS * (1 + u)) * SECOND;
  }
}
