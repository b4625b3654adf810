import { BATCH_SIZE, type RandomBatch } from '../../sim/random-batch.js';
import { SECOND_US } from '../../sim/units.js';
import type { Etcd } from '../etcd/etcd.js';
import type { WatchLaws, WatchLives } from '../meters/watch-lives.js';
import { writeNames } from '../world/entry-names.js';
import type { World } from '../world/world.js';
import type { ReadTally } from '../meters/read-tally.js';
import type { RateLimiter } from '../model/rate-limiter.js';
import { classKindCount, shapeFacts } from '../population/shape-facts.js';
import { BOOKMARK_BEFORE_DEADLINE_US } from '../kube-apiserver/bookmarks.js';
import { Reflectors, REFLECTOR } from './reflector.js';

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
  /** Class and kind of each entry's object. */
  private readonly classKinds: Int32Array;
  /** What a WATCH that opens is to the tally, by class and kind of its object; −1: nobody has asked yet. */
  private readonly openKinds: Int32Array;
  /** Where they are counted, by server and class and kind (`opensOf`); 0: nobody has asked yet. */
  private readonly opensByKey: Int32Array;
  /** The reflectors whose watches are walked together. */
  private readonly walked: Int32Array;
  /** 1 for those of which a watch has been drawn: of the others nothing is known yet. */
  private readonly isDrawn: Uint8Array;
  private readonly batch: RandomBatch;
  private readonly lives: WatchLives;
  private readonly laws: WatchLaws;

  constructor(world: World) {
    super(world);
    this.limiter = world.limiter;
    this.etcd = world.etcd;
    this.tally = world.tally;
    this.batch = world.batch;
    this.lives = world.lives;
    this.laws = { minWatchTimeoutS: this.minWatchTimeoutS, gapUs: this.latencies.roundTripMedian };
    this.walked = world.memory.int32(BATCH_SIZE);
    this.isDrawn = world.memory.uint8(this.population.entryCount);
    this.starts = world.memory.uint32(this.population.entryCount);
    this.classKinds = shapeFacts(this.population).classKinds;
    this.openKinds = new Int32Array(classKindCount(this.population)).fill(-1);
    this.opensByKey = new Int32Array(world.load.servers * this.openKinds.length);
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
    this.isDrawn[stream] = 1;
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

  /** Does the same for as many reflectors of a node, each with a watch of its own. */
  openAllStationary(node: number, now: number, reflectors: number): void {
    this.stationaryFrom = now;
    this.load.watches[this.latencies.serverOf[node]].up(now, reflectors);
  }

  override stop(entry: number, now: number, state: number): void {
    this.state[entry] = state;
    if (this.shared !== null) return;
    this.choose(entry);
    const end = Math.max(now, this.watchStart[entry]);
    this.walk(1, end);
    this.countBookmarks(entry, Math.min(end, this.watchEnd[entry]));
    this.load.watches[this.serverOf(entry)].down(end);
  }

  /** At once, or when the next watch has opened. */
  override arrival(entry: number, time: number): number {
    const stream = this.streamOf(entry);
    this.choose(stream);
    this.walk(1, time);
    return Math.max(time, this.watchStart[stream]);
  }

  override finish(first: number, last: number, end: number): void {
    for (let from = first; from < last; from += BATCH_SIZE) {
      const to = Math.min(last, from + BATCH_SIZE);
      const handed = this.handOver(from, to);
      if (handed >= 0) this.lives.walk(handed, this.serverOf(from), this.stationaryFrom);
      else this.end(from, to, end);
    }
  }

  /** Walks the watches of the entries from `first` to `last` (exclusive) of a node to the end, and counts the bookmarks of those that are open then. */
  private end(first: number, last: number, end: number): void {
    const { walked, streams } = this;
    let count = 0;
    for (let entry = first; entry < last; entry++) if (streams[entry] === REFLECTOR.RUNNING) walked[count++] = entry;
    if (count === 0) return;
    this.drawOpen(count);
    this.walk(count, end);
    for (let i = 0; i < count; i++) this.countBookmarks(walked[i], end);
  }

  /**
   * Hands the entries from `first` to `last` (exclusive) of a node that hold a watch over to those whose lives are walked at
   * once; returns how many they are, −1: that cannot be.
   */
  private handOver(first: number, last: number): number {
    const { lives, walked, opensByKey, classKinds, streams, isDrawn } = this;
    if (!this.behaviours.efficientWatchResumption || !lives.begin(this.laws)) return -1;
    const server = this.serverOf(first);
    const ofServer = server * this.openKinds.length;
    const { opens, drawn, life } = lives;
    let count = 0;
    for (let entry = first; entry < last; entry++) {
      if (streams[entry] !== REFLECTOR.RUNNING) continue;
      const at = opensByKey[ofServer + classKinds[entry]];
      // Nobody has asked yet: now it has a place, and the columns may be others, where the memory had to grow.
      if (at === 0) return this.opensOf(entry, server) < 0 ? -1 : this.handOver(first, last);
      if (at < 0) return -1;
      opens[count] = at;
      drawn[count] = 0;
      life[count] = 0;
      // Few have been drawn.
      if (isDrawn[entry] === 1) this.writeWatch(entry, count);
      walked[count++] = entry;
    }
    if (count > 0) writeNames(this.population, walked, count, lives.high, lives.low);
    return count;
  }

  /** Writes down in a row where the watch of a reflector stands that has been drawn. */
  private writeWatch(entry: number, row: number): void {
    const { drawn, second, micros, life } = this.lives;
    const start = this.watchStart[entry];
    drawn[row] = this.index[entry];
    life[row] = (this.watchEnd[entry] - start) / SECOND_US;
    second[row] = Math.floor(start / SECOND_US);
    micros[row] = start - second[row] * SECOND_US;
  }

  /** `RUNNING` for entries that hold a watch. */
  private get streams(): Uint8Array {
    return this.shared === null ? this.state : this.streaming;
  }

  /** Where the WATCHes of an entry are counted that open at a server, as `WatchLives` has it; −1: not by whole seconds. */
  private opensOf(entry: number, server: number): number {
    const place = server * this.openKinds.length + this.classKinds[entry];
    if (this.opensByKey[place] === 0) {
      const kind = this.openKindOf(entry);
      this.opensByKey[place] = this.tally.countsSeconds(kind) ? this.lives.opensOf(kind, server) : -1;
    }
    return this.opensByKey[place];
  }

  /** One reflector is to be walked. */
  private choose(entry: number): void {
    this.walked[0] = entry;
    this.drawOpen(1);
  }

  /**
   * Walks the watches of the first `count` reflectors of `walked` up to `time`, counting their ends and successors: to
   * the watch that is open then, or is the next to open.
   */
  private walk(count: number, time: number): void {
    const { batch, walked, watchEnd, index, latencies } = this;
    const walking = batch.entities;
    let left = 0;
    for (let i = 0; i < count; i++) {
      const entry = walked[i];
      if (watchEnd[entry] > time) continue;
      batch.high[left] = latencies.nameHigh(entry);
      batch.low[left] = latencies.nameLow(entry);
      walking[left++] = entry;
      this.countLife(entry, this.serverOf(entry));
    }
    while (left > 0) {
      for (let i = 0; i < left; i++) batch.index[i] = index[walking[i]] >>> 1;
      batch.draw(this.random.watchTimeout, left);
      let next = 0;
      for (let i = 0; i < left; i++) {
        const entry = walking[i];
        if (this.live(entry, time, 2 * i + (index[entry] & 1), 2 * i + 2)) continue;
        batch.high[next] = batch.high[i];
        batch.low[next] = batch.low[i];
        walking[next++] = entry;
      }
      left = next;
    }
  }

  /** Draws the lives of those watches among the first `count` of `walked` that have been open since before the simulation, once. */
  private drawOpen(count: number): void {
    const { batch, walked, isDrawn, latencies } = this;
    let undrawn = 0;
    for (let i = 0; i < count; i++) {
      const entry = walked[i];
      if (isDrawn[entry] === 1) continue;
      isDrawn[entry] = 1;
      batch.high[undrawn] = latencies.nameHigh(entry);
      batch.low[undrawn] = latencies.nameLow(entry);
      batch.index[undrawn] = 0;
      batch.entities[undrawn++] = entry;
    }
    batch.draw(this.random.watchResidual, undrawn);
    for (let i = 0; i < undrawn; i++)
      this.openSince(batch.entities[i], this.stationaryFrom, batch.uniform(2 * i), batch.uniform(2 * i + 1));
  }

  /** Lets one watch of a reflector follow the other, by the words of the batch from `from` to `to`; true where `time` is reached. */
  private live(entry: number, time: number, from: number, to: number): boolean {
    const { batch, tally, minWatchTimeoutS } = this;
    const { roundTripMedian } = this.latencies;
    const server = this.serverOf(entry);
    const kind = this.openKindOf(entry);
    let end = this.watchEnd[entry];
    for (let word = from; word < to; word++) {
      const start = end + roundTripMedian;
      end = start + Math.floor(minWatchTimeoutS * (1 + batch.uniform(word))) * SECOND_US;
      tally.count(kind, server, start);
      this.watchStart[entry] = start;
      this.watchEnd[entry] = end;
      this.index[entry]++;
      if (end > time) return true;
      this.countLife(entry, server);
    }
    return false;
  }

  /** What a WATCH of an entry that opens is to the tally. */
  private openKindOf(entry: number): number {
    const key = this.classKinds[entry];
    if (this.openKinds[key] < 0) {
      const { objectKind, objectClass, entryObject } = this.population;
      const object = entryObject[entry];
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

  protected override serverOf(entry: number): number {
    return this.latencies.serverOf[this.population.entryNode[entry]];
  }
}
