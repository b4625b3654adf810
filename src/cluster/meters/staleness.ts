import type { Memory } from '../../sim/memory.js';
import type { Etcd } from '../etcd/etcd.js';
import { DUE, type Population, UPDATABLE } from '../population/population.js';

/** For how long containers show outdated content: each from its start on, whether an update counts it as due or not. */
export class Staleness {
  /** Pods that started with a revision older than the newest. */
  startedStale = 0;
  /** Consumers that started with old content, and will show new: a drain waits for them. */
  catchingUp = 0;
  /** Consumer-microseconds with outdated content, of periods that have ended. */
  private us = 0;
  /** Consumers that are outdated now. */
  private open = 0;
  /** Since when each consumer's content is outdated; NaN: it is current, or not there. Empty in runs without updates. */
  private readonly since: Float64Array;
  /** 1 for consumers that catch up. */
  private readonly catchesUp: Uint8Array;

  /** `updates`: whether the run has any. */
  constructor(
    private readonly population: Population,
    private readonly etcd: Etcd,
    updates: boolean,
    memory: Memory,
  ) {
    this.since = memory.float64(updates ? population.consumerCount : 0);
    this.catchesUp = memory.uint8(this.since.length);
  }

  /** The content of the consumers from `first` to `last` (exclusive) is current. */
  initialize(first: number, last: number): void {
    this.since.fill(NaN, first, last);
  }

  /**
   * Consumer-microseconds with outdated content. What is outdated still when the simulation ends counts until `end`, µs,
   * of the measured period: for how long the run is continued for others says nothing of it.
   */
  total(end: number): number {
    if (this.open === 0) return this.us;
    let open = 0;
    for (const since of this.since) if (since < end) open += end - since;
    return this.us + open;
  }

  /** A consumer shows what an update that was committed at a time has outdated. */
  outdated(consumer: number, committedAt: number): void {
    if (!Number.isNaN(this.since[consumer])) return;
    this.since[consumer] = committedAt;
    this.open++;
  }

  /** A consumer shows `revision` from `at` on; there may be a newer one. */
  shows(consumer: number, revision: number, at: number): void {
    const { since, etcd, population } = this;
    if (Number.isNaN(since[consumer])) return;
    this.us += at - since[consumer];
    const newest = etcd.revisionAt(population.consumerObject[consumer], at);
    const outdated = newest >= 0 && revision >= 0 && etcd.content[newest] > etcd.content[revision];
    since[consumer] = outdated ? at : NaN;
    if (outdated) return;
    this.open--;
    this.caughtUp(consumer);
  }

  /** A consumer shows the newest revision from `at` on. */
  showsNewest(consumer: number, at: number): void {
    const since = this.since[consumer];
    if (Number.isNaN(since)) return;
    this.us += at - since;
    this.since[consumer] = NaN;
    this.open--;
    this.caughtUp(consumer);
  }

  /**
   * A pod runs from `at` on whose consumer shows content number `shown`, of an object that may have a newer one.
   * `blind`: its kubelet does not watch the object, because the one it knows is immutable.
   * @returns whether it has: the container has started stale
   */
  starts(consumer: number, shown: number, at: number, blind: boolean): boolean {
    const { etcd, population } = this;
    const flags = population.consumerFlags[consumer];
    if (this.since.length === 0 || shown <= 0 || (flags & DUE) === 0) return false;
    const newest = etcd.revisionAt(population.consumerObject[consumer], at);
    if (newest < 0 || etcd.content[newest] <= shown) return false;
    if (Number.isNaN(this.since[consumer])) this.open++;
    this.since[consumer] = at;
    if ((flags & UPDATABLE) !== 0 && !blind) {
      this.catchesUp[consumer] = 1;
      this.catchingUp++;
    }
    return true;
  }

  /** The container of a consumer ends: it shows nothing any more. */
  ends(consumer: number, at: number): void {
    if (this.since.length === 0 || Number.isNaN(this.since[consumer])) return;
    this.us += at - this.since[consumer];
    this.since[consumer] = NaN;
    this.open--;
    this.caughtUp(consumer);
  }

  private caughtUp(consumer: number): void {
    if (this.catchesUp[consumer] === 0) return;
    this.catchesUp[consumer] = 0;
    this.catchingUp--;
  }
}
