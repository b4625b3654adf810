import { bisectRight } from 'd3-array';
import { GrowableFloat64 } from '../../sim/growable.js';
import type { RandomStream } from '../../sim/random.js';
import type { RunInput } from '../model/model-input.js';

/** To the interval of each stream a share of it is added that is drawn once (`v3rpc/watch.go` GetProgressReportInterval). */
const JITTER = 0.1;

/**
 * What etcd tells the watch caches of API servers of its progress, so that they know how far they are where nothing is
 * written of their resource: each interval, to servers from 1.21 on (`EfficientWatchResumption`), and when it is asked
 * (`RequestProgress`). A version is a time: all that was committed up to then. The streams of a server begin with its
 * process, and each has a ticker of its own.
 * A tick tells nothing where the resource has had an event since the tick before (`v3rpc/watch.go` sendLoop:
 * findings/etcd-progress-skips.sh).
 */
export class ProgressNotifications {
  /** By watch cache: an instant at which a tick comes, and the time between two. */
  private readonly tickAt: Float64Array;
  private readonly intervalUs: Float64Array;
  /** The version of the list that the watch began with. */
  private readonly listed: Float64Array;
  /** When etcd was asked, ascending. */
  private readonly asked: GrowableFloat64[];
  private readonly starts: Uint32Array;
  private readonly meanUs: number;
  private readonly isTold: boolean;

  constructor(
    caches: number,
    { behaviours, etcd }: Pick<RunInput, 'behaviours' | 'etcd'>,
    private readonly random: RandomStream,
  ) {
    this.isTold = behaviours.efficientWatchResumption;
    this.meanUs = etcd.watchProgressNotifyIntervalUs;
    this.tickAt = new Float64Array(caches);
    this.intervalUs = new Float64Array(caches);
    this.listed = new Float64Array(caches).fill(-Infinity);
    this.starts = new Uint32Array(caches);
    this.asked = Array.from({ length: caches }, () => new GrowableFloat64());
    for (let cache = 0; cache < caches; cache++)
      this.tickAt[cache] = Math.floor(this.draws(cache, 1) * this.interval(cache));
  }

  /** A watch cache begins to watch etcd, from the version of a list on. */
  begins(cache: number, listed: number, now: number): void {
    this.starts[cache]++;
    this.listed[cache] = listed;
    this.asked[cache] = new GrowableFloat64();
    this.tickAt[cache] = now + this.interval(cache);
  }

  /** etcd tells a watch cache how far it is, for it has been asked. */
  asks(cache: number, now: number): void {
    const asked = this.asked[cache];
    if (asked.length === 0 || asked.get(asked.length - 1) < now) asked.push(now);
  }

  /**
   * Up to when a watch cache knew its resource at `at`, events aside; −Infinity where it is not told. `writes`: times of the
   * resource's events, ascending.
   */
  toldBefore(cache: number, writes: Float64Array, at: number): number {
    const asked = this.asked[cache];
    const last = asked.length === 0 ? 0 : bisectRight(asked.view(), at);
    const answered = last === 0 ? -Infinity : asked.get(last - 1);
    if (!this.isTold) return answered;
    return Math.max(this.listed[cache], answered, this.tickBefore(cache, writes, at));
  }

  /** The last tick before `at` that tells something. */
  private tickBefore(cache: number, writes: Float64Array, at: number): number {
    const interval = this.intervalUs[cache];
    const first = this.starts[cache] > 0 ? 0 : -Infinity;
    for (let ticks = Math.floor((at - this.tickAt[cache]) / interval); ticks >= first; ticks--) {
      const tick = this.tickAt[cache] + ticks * interval;
      const written = bisectRight(writes, tick);
      if (written === 0 || writes[written - 1] <= tick - interval) return tick;
    }
    return -Infinity;
  }

  /** When a tick tells a watch cache of a version, if the resource has no event until then; Infinity where none does. */
  tellsAt(cache: number, version: number): number {
    if (!this.isTold) return Infinity;
    const interval = this.intervalUs[cache];
    const ticks = Math.ceil((version - this.tickAt[cache]) / interval);
    return this.tickAt[cache] + Math.max(this.starts[cache] > 0 ? 0 : -Infinity, ticks) * interval;
  }

  private interval(cache: number): number {
    this.intervalUs[cache] = Math.round(this.meanUs * (1 + JITTER * this.draws(cache, 0)));
    return this.intervalUs[cache];
  }

  private draws(cache: number, word: number): number {
    return this.random.uniform(cache, this.starts[cache], word);
  }
}
