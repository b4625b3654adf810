import { SECOND_US } from '../../sim/units.js';
import { BATCH_SIZE, LIST_ENDS, type RandomBatch } from '../../sim/random-batch.js';
import type { PodWorkers } from './pod-workers.js';
import type { VolumeManager } from './volume-manager.js';

/** A second that no run comes to. */
const NEVER = 2 ** 30;

/**
 * The syncs of one node's pods, walked ahead once: a clock that nothing disturbs is a pure sequence, so what reads
 * at its syncs can be counted without an event for each of them.
 */
export class NodeClocks {
  /** Starts of the syncs, µs: each pod's ascending, with Infinity behind them. */
  starts: Float64Array;
  /** The seconds that they are in; behind them one that never comes. */
  seconds: Int32Array;
  /** Where they are written where they are not those of a batch. */
  private ownStarts = new Float64Array(0);
  private ownSeconds = new Int32Array(0);
  /** Places of each pod in the batch; 0: they are not there. */
  private room = 0;
  private node = 0;
  private firstPod = 0;
  /** The seconds in which the syncs read, where they are not those in which they start; drawn when they are asked for. */
  private reads: Int32Array = new Int32Array(0);
  private ownReads = this.reads;
  private readsDrawn = false;
  private lastPod = 0;
  /** Intervals that had been drawn where each pod's clock stood. */
  private drawn = new Int32Array(2 ** 6);
  private begins = new Int32Array(2 ** 6);
  private ends = new Int32Array(2 ** 6);
  /** From a sync's start to its first reads, and to the start of the next sync, at the most, µs. */
  readonly longestWait: number;
  readonly longestInterval: number;

  constructor(
    private readonly workers: PodWorkers,
    private readonly volumes: VolumeManager,
    private readonly batch: RandomBatch,
  ) {
    this.starts = this.ownStarts;
    this.seconds = this.ownSeconds;
    this.longestWait = volumes.longestWait;
    this.longestInterval = workers.longestInterval;
  }

  /** Walks the clocks of the pods from `firstPod` to `lastPod` (exclusive) of a node from where they stand to `until`, and leaves them there. */
  walk(node: number, firstPod: number, lastPod: number, until: number): void {
    const { workers } = this;
    this.node = node;
    this.firstPod = firstPod;
    this.lastPod = lastPod;
    if (this.begins.length < lastPod - firstPod) {
      this.begins = new Int32Array(2 * (lastPod - firstPod));
      this.ends = new Int32Array(2 * (lastPod - firstPod));
      this.drawn = new Int32Array(2 * (lastPod - firstPod));
    }
    for (let pod = firstPod; pod < lastPod; pod++) this.drawn[pod - firstPod] = workers.index[pod];
    this.room = this.listStarts(until);
    if (this.room > 0) {
      this.takeLists(this.room);
      this.volumes.waitLike(node, workers.ticksInSeconds(node));
    } else {
      this.writeStarts(until);
    }
    this.readsDrawn = false;
  }

  /**
   * Lists the starts before `until` in the batch (`listRenewals`). Returns how many places each pod has; 0: nothing was
   * done, since there is no room, no kernel, or a clock that does not stand at a tick.
   */
  private listStarts(until: number): number {
    const { workers, batch, node, firstPod, lastPod } = this;
    const { high, low, index, seconds } = batch;
    const { podNameHigh, podNameLow } = workers.population;
    const phase = workers.ticksInSeconds(node);
    if (!workers.inSeconds || lastPod - firstPod > BATCH_SIZE) return 0;
    let most = 0;
    for (let pod = firstPod; pod < lastPod; pod++) {
      const second = (workers.syncStart[pod] - phase) / SECOND_US;
      if (second !== (second | 0)) return 0;
      high[pod - firstPod] = podNameHigh[pod];
      low[pod - firstPod] = podNameLow[pod];
      index[pod - firstPod] = workers.index[pod];
      seconds[pod - firstPod] = second;
      most = Math.max(most, workers.syncsUntil(pod, until));
    }
    const room = most + LIST_ENDS;
    const { least, scale } = workers.inTicks;
    // Written out: engines copy what is spread property by property, by calls.
    const law = { least, scale, phase };
    const pods = lastPod - firstPod;
    return batch.listRenewals(workers.random.resync, pods, law, this.firstSecondFrom(until), room) ? room : 0;
  }

  /** The starts are listed in the batch, each pod's in `room` places. */
  private takeLists(room: number): void {
    const { batch, begins, ends, drawn } = this;
    this.starts = batch.listedTimes;
    this.seconds = batch.listedSeconds;
    for (let i = 0; i < this.lastPod - this.firstPod; i++) {
      begins[i] = i * room + (drawn[i] & 1);
      ends[i] = i * room + batch.seconds[i];
    }
  }

  /** Writes the starts before `until`, one pod's behind another's. */
  private writeStarts(until: number): void {
    const { workers, firstPod, lastPod } = this;
    let next = 0;
    for (let pod = firstPod; pod < lastPod; pod++) {
      this.begins[pod - firstPod] = next;
      this.reserve(next + workers.syncsUntil(pod, until) + 1);
      next = workers.writeStarts(pod, until, this.ownStarts, this.ownSeconds, next);
      this.ends[pod - firstPod] = next;
      this.ownSeconds[next] = NEVER;
      this.ownStarts[next++] = Infinity;
    }
    this.starts = this.ownStarts;
    this.seconds = this.ownSeconds;
  }

  /** Walks a pod's clock to its first sync that starts at or after `time`, as its workers do, where it has been walked ahead. */
  walkTo(pod: number, time: number): void {
    const { workers, firstPod, lastPod } = this;
    if (workers.syncStart[pod] >= time) return;
    if (pod >= firstPod && pod < lastPod) {
      const begin = this.beginOf(pod);
      const place = this.placeFrom(pod, begin, time);
      if (place < this.endOf(pod)) {
        workers.syncStart[pod] = this.starts[place];
        workers.index[pod] = this.drawn[pod - firstPod] + place - begin;
        return;
      }
    }
    workers.walkTo(pod, time);
  }

  /** Does the same with the first `count` pods of the batch, all of one node. */
  walkAllTo(count: number, time: number): void {
    const { batch, workers, firstPod, lastPod } = this;
    const { entities } = batch;
    if (!(entities[0] >= firstPod && entities[0] < lastPod)) workers.walkAll(batch, count, time);
    else for (let i = 0; i < count; i++) this.walkTo(entities[i], time);
  }

  /** Where the syncs of a pod of the node begin in `starts`. */
  beginOf(pod: number): number {
    return this.begins[pod - this.firstPod];
  }

  /** Where they end: the place of the Infinity behind them. */
  endOf(pod: number): number {
    return this.ends[pod - this.firstPod];
  }

  /** The place of a pod's first sync at or after `from` that starts at `time` or later, or the one behind its last. */
  placeFrom(pod: number, from: number, time: number): number {
    const { starts } = this;
    let low = from;
    let high = this.endOf(pod);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** When the sync at a position of `starts` reads its volumes, µs. */
  readAt(position: number): number {
    return this.readOf(this.starts[position]);
  }

  /** When a sync of the node that starts at `start` reads its volumes, µs. */
  readOf(start: number): number {
    return this.volumes.readTime(this.node, start);
  }

  /** True where every sync of the node starts with a tick of its sync loop, which has one in every second. */
  get ticksInSeconds(): boolean {
    return this.workers.ticksInSeconds(this.node) < Infinity;
  }

  /** The seconds in which the syncs read their volumes, by place; where `ticksInSeconds`. */
  get readSeconds(): Int32Array {
    if (this.readsInItsSecond) return this.seconds;
    if (!this.readsDrawn) this.drawReads();
    return this.reads;
  }

  /** True where every sync of the node starts with a tick, and reads in the same second. */
  get readsInItsSecond(): boolean {
    return this.workers.ticksInSeconds(this.node) + this.longestWait <= SECOND_US;
  }

  /** True where the syncs are listed in the batch. */
  get areListed(): boolean {
    return this.room > 0;
  }

  /** The most syncs of the node that start in one of `length` seconds from `from` on, and in `listedCounts` those in each; NaN: not counted. */
  countSyncs(from: number, length: number): number {
    return this.room === 0 ? NaN : this.batch.countListed(this.chooseLists(), from, length);
  }

  /** Tells the batch of the lists of all pods; returns how many they are. */
  private chooseLists(): number {
    const { batch, begins, ends } = this;
    const pods = this.lastPod - this.firstPod;
    for (let i = 0; i < pods; i++) {
      batch.high[i] = begins[i];
      batch.low[i] = ends[i];
    }
    return pods;
  }

  /** Does the same with those of `count` pods of the node. */
  countSyncsOf(pods: Int32Array, count: number, from: number, length: number): number {
    const { batch } = this;
    if (this.room === 0 || count > BATCH_SIZE) return NaN;
    for (let i = 0; i < count; i++) {
      batch.high[i] = this.beginOf(pods[i]);
      batch.low[i] = this.endOf(pods[i]);
    }
    return batch.countListed(count, from, length);
  }

  private drawReads(): void {
    const { volumes, node, seconds, begins, ends } = this;
    this.readsDrawn = true;
    const pods = this.lastPod - this.firstPod;
    if (this.room > 0) {
      this.batch.waitListed(this.chooseLists());
      this.reads = this.batch.waitedSeconds;
      return;
    }
    if (pods === 0) return;
    if (this.ownReads.length < ends[pods - 1]) this.ownReads = new Int32Array(2 * ends[pods - 1]);
    this.reads = this.ownReads;
    const phase = this.workers.ticksInSeconds(node);
    for (let i = 0; i < pods; i++) volumes.readSeconds(node, phase, seconds, [begins[i], ends[i]], this.reads);
  }

  /** The start of a sync at the tick of a second, µs; where `ticksInSeconds`. */
  startIn(second: number): number {
    return second * SECOND_US + this.workers.ticksInSeconds(this.node);
  }

  /** The second in which that sync reads. */
  readSecondOf(second: number): number {
    return this.readsInItsSecond ? second : Math.floor(this.readOf(this.startIn(second)) / SECOND_US);
  }

  /** The first second whose tick comes at or after a time; where `ticksInSeconds`. */
  firstSecondFrom(time: number): number {
    return Math.ceil((time - this.workers.ticksInSeconds(this.node)) / SECOND_US);
  }

  /** The second in which a sync that starts at `start` reads where that tells, −1 where it may be the next one. */
  secondOf(start: number): number {
    const second = Math.floor(start / SECOND_US);
    return start + this.longestWait <= (second + 1) * SECOND_US ? second : -1;
  }

  private reserve(length: number): void {
    if (length <= this.ownStarts.length) return;
    const starts = new Float64Array(2 * length);
    starts.set(this.ownStarts);
    this.ownStarts = starts;
    const seconds = new Int32Array(2 * length);
    seconds.set(this.ownSeconds);
    this.ownSeconds = seconds;
  }
}
