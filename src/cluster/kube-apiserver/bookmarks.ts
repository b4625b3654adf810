import type { RandomStream } from '../../sim/random.js';
import { SECOND_US } from '../../sim/units.js';
import type { BookmarkSchedule } from '../meters/bookmark-counts.js';

/** `defaultBookmarkFrequency` (`staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go`, ≥1.19): a bookmark per watch and minute … */
export const BOOKMARK_FREQUENCY_S = 60;
/** … and one 2 s before the watch's deadline (`cacheWatcher.nextBookmarkTime`, same package). */
export const BOOKMARK_BEFORE_DEADLINE_S = 2;
export const BOOKMARK_FREQUENCY_US = BOOKMARK_FREQUENCY_S * SECOND_US;
export const BOOKMARK_BEFORE_DEADLINE_US = BOOKMARK_BEFORE_DEADLINE_S * SECOND_US;

/** When a watch gets them, as they are counted: to the second, without the dispatcher's timer. */
export const BOOKMARKS: BookmarkSchedule = {
  frequencyS: BOOKMARK_FREQUENCY_S,
  beforeDeadlineS: BOOKMARK_BEFORE_DEADLINE_S,
};

/** The timer's period: a second and up to a quarter of it (`dispatchEvents`: `wait.Jitter(time.Second, 0.25)`). */
const JITTER = 0.25;
/** Share of the instants that are less than a second before the timer's next tick. */
const WITHIN_A_SECOND = 1 / (1 + JITTER / 2);
/** Buckets of times before the clock starts: watches may have been opened two hours before. */
const BUCKETS_BEFORE = 2 ** 16;
const PHASE_WORD = 2 ** 32 - 1;

/**
 * When watchers are sent bookmarks. A watch cache keeps them in buckets of a second, by when the next one is due
 * (`watcherBookmarkTimeBuckets`); a timer takes out those whose second has begun, and the next one is due a minute after
 * that. So a bookmark comes up to a second before its time, or up to 1.25 s after it, with all others of its bucket.
 *
 * From the start of a second to the timer's next tick it takes what it does in a process of renewals in the long run,
 * drawn anew for each second.
 */
export class BookmarkTimer {
  /** By server and kind: counts the watch caches that there were, and where in a second the clock of the present one begins, µs. */
  private readonly starts: Uint32Array;
  private readonly phase: Float64Array;

  constructor(
    caches: number,
    private readonly random: RandomStream,
  ) {
    this.starts = new Uint32Array(caches);
    this.phase = new Float64Array(this.starts.length);
    for (let cache = 0; cache < this.phase.length; cache++)
      this.phase[cache] = Math.floor(random.uniform(cache, 0, PHASE_WORD) * SECOND_US);
  }

  /** A watch cache is made anew. */
  begins(cache: number, now: number): void {
    this.starts[cache]++;
    this.phase[cache] = now % SECOND_US;
  }

  /** The last bookmark that a watch from `start` on, until `deadline`, is sent before `end`, µs; −Infinity: none. */
  lastBefore(cache: number, start: number, deadline: number, end: number): number {
    const beforeDeadline = deadline - BOOKMARK_BEFORE_DEADLINE_US;
    let last = -Infinity;
    let now = start;
    while (now <= beforeDeadline) {
      const at = this.sentAt(cache, Math.min(now + BOOKMARK_FREQUENCY_US, beforeDeadline), now);
      if (at >= end) return last;
      last = at;
      now = at;
    }
    return last;
  }

  /** When the bookmark is sent that is due at `due`, of those after `now`. */
  private sentAt(cache: number, due: number, now: number): number {
    const phase = this.phase[cache];
    // What is due within the second that has just been taken out comes with the next.
    const bucket = Math.max(Math.floor((due - phase) / SECOND_US), Math.floor((now - phase) / SECOND_US) + 1);
    return bucket * SECOND_US + phase + this.untilTick(cache, bucket);
  }

  private untilTick(cache: number, bucket: number): number {
    const u = this.random.uniform(cache, this.starts[cache], bucket + BUCKETS_BEFORE);
    const seconds =
      u < WITHIN_A_SECOND ? u / WITHIN_A_SECOND : 1 + JITTER - Math.sqrt(((1 - u) * 2 * JITTER) / WITHIN_A_SECOND);
    return Math.round(seconds * SECOND_US);
  }
}
