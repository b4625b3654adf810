import { bisectLeft, bisectRight } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import type { Latencies } from '../world/latencies.js';
import { BOOKMARK_BEFORE_DEADLINE_US, BOOKMARK_FREQUENCY_US } from '../kube-apiserver/bookmarks.js';
import type { Load } from '../meters/load.js';
import type { Randomness } from '../model/randomness.js';
import type { World } from '../world/world.js';
import type { WhatIf } from '../model/model-input.js';
import { MODE, OBJECT_KINDS } from '../model/kinds.js';
import { type Population, UPDATABLE } from '../population/population.js';
import type { Behaviours } from '../model/versions.js';

/** States of a reflector. */
export const REFLECTOR = {
  NONE: 0,
  RUNNING: 1,
  /** Stopped for good while a pod of the node references the object: it was found immutable. */
  STOPPED_IMMUTABLE: 2,
  STOPPED_IDLE: 3,
  /** Listed once, and not watched, because no pod of the node would see a change (a what-if). */
  LISTED_ONCE: 4,
} as const;

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
  protected readonly index: Uint32Array;
  protected readonly minWatchTimeoutS: number;
  /** One watch per node and kind: the entry that holds it; null: each entry has its own. */
  protected readonly shared: Int32Array | null;
  /** 1 for entries that hold a shared stream. */
  protected readonly streaming: Uint8Array;
  /** Times of the writes of each kind of object, ascending: bookmarks of ≤1.20 need one. */
  private readonly writes: readonly number[][] = OBJECT_KINDS.map(() => []);

  protected readonly population: Population;
  protected readonly latencies: Latencies;
  protected readonly load: Load;
  protected readonly behaviours: Behaviours;
  protected readonly random: Randomness;
  private readonly whatIf: WhatIf;

  /** `shared`: the entry whose stream brings each entry's events, where that is not always its own. */
  constructor(world: World, shared: Int32Array | null = streamsPerNode(world)) {
    const { input, population } = world;
    const { behaviours } = input;
    const { whatIf } = input.kubelet;
    this.population = population;
    this.latencies = world.latencies;
    this.load = world.load;
    this.behaviours = behaviours;
    this.random = world.random;
    this.whatIf = whatIf;
    const { entryCount } = population;
    const { memory } = world;
    this.state = memory.uint8(entryCount);
    this.syncedAt = memory.float64(entryCount);
    this.watchStart = memory.float64(entryCount);
    this.watchEnd = memory.float64(entryCount);
    this.index = memory.uint32(entryCount);
    this.minWatchTimeoutS = behaviours.minWatchTimeout;
    this.shared = shared;
    this.streaming = memory.uint8(this.shared === null ? 0 : entryCount);
  }

  /** The reflectors of the entries from `first` to `last` (exclusive) have long been running, unless they are started. */
  initialize(first: number, last: number): void {
    this.syncedAt.fill(-Infinity, first, last);
  }

  /** True where every reflector has a watch of its own, whoever uses its object. */
  get eachWatches(): boolean {
    return this.shared === null && !this.whatIf.watchOnlyWhatUpdates;
  }

  /** True where a change of the entry's object can reach a pod of the node, so that it is worth a watch. */
  isWatched(entry: number): boolean {
    if (!this.whatIf.watchOnlyWhatUpdates) return true;
    const { entryConsumerStart, entryConsumers, consumerFlags, consumerMode } = this.population;
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      const consumer = entryConsumers[i];
      if ((consumerFlags[consumer] & UPDATABLE) !== 0 || consumerMode[consumer] === MODE.imagePullSecret) return true;
    }
    return false;
  }

  /** The entry that holds the stream by which an entry learns of events: its own, or that of its node and kind. */
  protected streamOf(entry: number): number {
    return this.shared === null ? entry : this.shared[entry];
  }

  /** Starts the reflector of an object that a pod of the node is the first to reference; −1, or the revision that it lists. */
  abstract start(entry: number, now: number): number;

  /** Stops the reflector: the object is immutable, idle, or not referenced any more. */
  abstract stop(entry: number, now: number, state: number): void;

  /** Takes stock of the reflectors of the entries from `first` to `last` (exclusive) at the end of the simulation. */
  abstract finish(first: number, last: number, end: number): void;

  /** When an event that is sent at `time` arrives. */
  abstract arrival(entry: number, time: number): number;

  /** The server that the entry's watch is open at. */
  protected abstract serverOf(entry: number): number;

  /** A reflector that has been running for ever. */
  startStationary(entry: number, now: number): void {
    this.state[entry] = REFLECTOR.RUNNING;
    const stream = this.streamOf(entry);
    if (this.shared !== null && this.streaming[stream] === 1) return;
    if (this.shared !== null) this.streaming[stream] = 1;
    this.openStationary(stream, now);
  }

  /** Opens a watch as if long ago. */
  protected abstract openStationary(entry: number, now: number): void;

  /** Draws the life of a watch that was opened long before `now`: what remains of it follows the residual law. */
  protected drawStationary(entry: number, now: number): void {
    const high = this.latencies.nameHigh(entry);
    const low = this.latencies.nameLow(entry);
    const { watchResidual } = this.random;
    watchResidual.pair(high, low, 0);
    this.openSince(entry, now, watchResidual.first(), watchResidual.second());
  }

  /** Does the same with two uniforms. */
  protected openSince(entry: number, now: number, first: number, second: number): void {
    // Length-biased U[1, 2): density proportional to the length.
    const life = Math.floor(this.minWatchTimeoutS * Math.sqrt(1 + 3 * first)) * SECOND_US;
    const age = Math.floor(second * life);
    this.watchStart[entry] = now - age;
    this.watchEnd[entry] = now - age + life;
  }

  /** An object of a kind was written. */
  written(kind: number, at: number): void {
    this.writes[kind].push(at);
  }

  /** Times of the writes of a kind of object that are known, ascending. */
  protected writesOf(kind: number): readonly number[] {
    return this.writes[kind];
  }

  protected countBookmarks(entry: number, end: number): void {
    const start = this.watchStart[entry];
    const first = start + BOOKMARK_FREQUENCY_US;
    if (first >= end || end <= 0) return;
    if (this.behaviours.efficientWatchResumption) {
      this.load.bookmarks.run(this.serverOf(entry), first, end);
      return;
    }
    const write = this.firstWriteAfter(entry, start);
    const skipped = Math.max(0, Math.ceil((write - first) / BOOKMARK_FREQUENCY_US));
    if (write < end) this.load.bookmarks.run(this.serverOf(entry), first + skipped * BOOKMARK_FREQUENCY_US, end);
  }

  /**
   * True where a watch that lives until `end` has a bookmark before that deadline: it is open by then (`cache_watcher.go`
   * nextBookmarkTime), and the resource's version has moved since it began, so that the bookmark says something new.
   */
  protected bookmarkable(entry: number, end: number): boolean {
    const start = this.watchStart[entry];
    if (end - BOOKMARK_BEFORE_DEADLINE_US <= start) return false;
    return this.behaviours.efficientWatchResumption || this.firstWriteAfter(entry, start) < end;
  }

  /** The last write of the entry's resource in [from, to]; −Infinity where there is none. */
  protected lastWriteBetween(entry: number, from: number, to: number): number {
    const writes = this.writesOf(this.population.objectKind[this.population.entryObject[entry]]);
    const last = writes[bisectRight(writes, to) - 1] ?? -Infinity;
    return last >= from ? last : -Infinity;
  }

  private firstWriteAfter(entry: number, time: number): number {
    const writes = this.writesOf(this.population.objectKind[this.population.entryObject[entry]]);
    return writes[bisectLeft(writes, time)] ?? Infinity;
  }

  /** The reflector asks for whole seconds: int64(minWatchTimeout.Seconds() × (rand.Float64() + 1)). */
  protected timeout(entry: number): number {
    const u = this.random.watchTimeout.uniform(
      this.latencies.nameHigh(entry),
      this.latencies.nameLow(entry),
      this.index[entry]++,
    );
    return Math.floor(this.minWatchTimeoutS * (1 + u)) * SECOND_US;
  }
}

/** The first entry of each node and kind of object, for each entry (a what-if); null: each entry has its own stream. */
function streamsPerNode({ input, population }: World): Int32Array | null {
  if (!input.kubelet.whatIf.watchPerNode) return null;
  const leader = new Int32Array(population.entryCount);
  for (let node = 0; node < population.nodeCount; node++) {
    const first = OBJECT_KINDS.map(() => -1);
    for (let entry = population.nodeEntryStart[node]; entry < population.nodeEntryStart[node + 1]; entry++) {
      const kind = population.objectKind[population.entryObject[entry]];
      if (first[kind] < 0) first[kind] = entry;
      leader[entry] = first[kind];
    }
  }
  return leader;
}
