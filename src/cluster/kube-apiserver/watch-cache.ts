import { SECOND_US } from '../../sim/units.js';

/** `defaultLowerBoundCapacity` and `defaultUpperBoundCapacity` (`cacher/watch_cache.go`, ≥1.19). */
export const DEFAULT_LOWER_BOUND_CAPACITY = 100;
export const DEFAULT_UPPER_BOUND_CAPACITY = 102_400;
/** `eventFreshDuration` (`cacher/watch_cache.go`): the history should reach back 75 s, a bookmark's period and a little more. */
export const EVENT_FRESH_DURATION_US = 75 * SECOND_US;
/**
 * The history of one resource in one server's watch cache (`cacher/watch_cache.go`): a ring of the newest events,
 * which grows while they are fresh and shrinks when they are not. A resourceVersion is given as the time of
 * its commit in µs: it stands for the knowledge of everything up to then.
 */
export class WatchCache {
  /** Events that the ring can hold. */
  capacity = DEFAULT_LOWER_BOUND_CAPACITY;
  private committed = new Float64Array(DEFAULT_LOWER_BOUND_CAPACITY);
  private recorded = new Float64Array(DEFAULT_LOWER_BOUND_CAPACITY);
  /** Events ever added since the cache was filled, and the first that the ring still holds. */
  private end = 0;
  private start = 0;
  /** Version of the list that filled the cache (`listResourceVersion`); at first long ago, but a version all the same. */
  private listedAt = Number.MIN_SAFE_INTEGER;

  /** Events that the ring holds. */
  get size(): number {
    return this.end - this.start;
  }

  /** The cache is filled anew from a list at `at`. */
  initialise(at: number): void {
    this.listedAt = at;
    this.start = 0;
    this.end = 0;
    this.resize(DEFAULT_LOWER_BOUND_CAPACITY);
  }

  /** An event of the version `committedAt` reaches the cache at `now`. */
  add(committedAt: number, now: number): void {
    this.adaptCapacity(now);
    if (this.size === this.capacity) this.start++;
    const slot = this.end++ % this.capacity;
    this.committed[slot] = committedAt;
    this.recorded[slot] = now;
  }

  /**
   * True where a WATCH from `version` is answered 410 (`getAllEventsSinceLocked`): while the ring has dropped
   * nothing, it serves everything since its list; then, everything since its oldest event.
   */
  isGone(version: number): boolean {
    const oldest = this.start > 0 ? this.committed[this.start % this.capacity] : this.listedAt;
    return version < oldest;
  }

  /** Up to when the cache knows the resource without being told of etcd's progress: to its last event or its list. */
  get version(): number {
    return this.end > this.start ? this.committed[(this.end - 1) % this.capacity] : this.listedAt;
  }

  /** `resizeCacheLocked`: before an event is added to a full ring. */
  private adaptCapacity(now: number): void {
    if (this.size < this.capacity) return;
    const oldestFresh = now - this.recorded[this.start % this.capacity] < EVENT_FRESH_DURATION_US;
    if (oldestFresh && this.capacity < DEFAULT_UPPER_BOUND_CAPACITY) {
      this.resize(Math.min(this.capacity * 2, DEFAULT_UPPER_BOUND_CAPACITY));
      return;
    }
    const quarter = this.recorded[(this.end - Math.floor(this.capacity / 4)) % this.capacity];
    if (now - quarter > EVENT_FRESH_DURATION_US && this.capacity > DEFAULT_LOWER_BOUND_CAPACITY)
      this.resize(Math.max(Math.floor(this.capacity / 2), DEFAULT_LOWER_BOUND_CAPACITY));
  }

  /** Keeps the newest events that fit. */
  private resize(capacity: number): void {
    const committed = new Float64Array(capacity);
    const recorded = new Float64Array(capacity);
    const first = Math.max(this.start, this.end - capacity);
    for (let event = first; event < this.end; event++) {
      committed[event % capacity] = this.committed[event % this.capacity];
      recorded[event % capacity] = this.recorded[event % this.capacity];
    }
    this.start = first;
    this.capacity = capacity;
    this.committed = committed;
    this.recorded = recorded;
  }
}
