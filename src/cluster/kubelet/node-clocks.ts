import { SECOND_US } from '../../sim/units.js';
import type { PodWorkers } from './pod-workers.js';
import type { VolumeManager } from './volume-manager.js';

/** A second that no run comes to. */
const NEVER = 2 ** 31 - 1;

/**
 * The syncs of one node's pods, walked ahead once: a clock that nothing disturbs is a pure sequence, so what reads
 * at its syncs can be counted without an event for each of them.
 */
export class NodeClocks {
  /** Starts of the syncs, µs: each pod's ascending, with Infinity behind them. */
  starts = new Float64Array(0);
  /** The seconds that they are in; NEVER behind them. */
  seconds = new Int32Array(0);
  private node = 0;
  private firstPod = 0;
  private inItsSecond = false;
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
  ) {
    this.longestWait = volumes.longestWait;
    this.longestInterval = workers.longestInterval;
  }

  /** Walks the clocks of the pods from `firstPod` to `lastPod` (exclusive) of a node from where they stand to `until`, and leaves them there. */
  walk(node: number, firstPod: number, lastPod: number, until: number): void {
    const { workers } = this;
    this.node = node;
    this.firstPod = firstPod;
    this.lastPod = lastPod;
    this.inItsSecond = workers.ticksInSeconds(node) + this.longestWait <= SECOND_US;
    if (this.begins.length < lastPod - firstPod) {
      this.begins = new Int32Array(2 * (lastPod - firstPod));
      this.ends = new Int32Array(2 * (lastPod - firstPod));
      this.drawn = new Int32Array(2 * (lastPod - firstPod));
    }
    let next = 0;
    for (let pod = firstPod; pod < lastPod; pod++) {
      this.begins[pod - firstPod] = next;
      this.drawn[pod - firstPod] = workers.index[pod];
      this.reserve(next + workers.syncsUntil(pod, until) + 1);
      next = workers.writeStarts(pod, until, this.starts, this.seconds, next);
      this.ends[pod - firstPod] = next;
      this.seconds[next] = NEVER;
      this.starts[next++] = Infinity;
    }
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

  /** True where every sync of the node reads in the second in which it starts: all start with its ticks. */
  get readsInItsSecond(): boolean {
    return this.inItsSecond;
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
    if (length <= this.starts.length) return;
    const grown = new Float64Array(2 * length);
    grown.set(this.starts);
    this.starts = grown;
    const seconds = new Int32Array(2 * length);
    seconds.set(this.seconds);
    this.seconds = seconds;
  }
}
