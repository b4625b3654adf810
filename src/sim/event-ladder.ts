import type { EventChunks } from './event-chunks.js';

const MAX_RUNGS = 8;
const MAX_BUCKETS = 4096;
/** Of more events than this all rungs have fewer buckets: the ends of their lists shall stay in the cache that the events fill. */
const MANY_EVENTS = 2 ** 18;
const BUCKETS_OF_MANY = 1024;
const MIN_BUCKETS = 16;
/** A rung has a bucket for every so many events, up to MAX_BUCKETS. */
const EVENTS_PER_BUCKET = 1;

/**
 * The events that are not among the next ones, as a ladder queue (Tang, Goh and Thng, 2005) whose buckets
 * are lists of chunks. Events beyond the horizon lie unsorted. When all others are gone, they are spread
 * over the buckets of a rung, and the last of them becomes the horizon. Then bucket after bucket is
 * taken; one of more than a chunk is spread over the buckets of another rung below. An event is moved
 * once per rung, from a list that is read in sequence to lists whose ends are in the cache.
 *
 * An event's bucket is a monotone function of its time, and the ladder has an event only if its bucket
 * comes after the one taken last, on some rung. So all events of one time are in one place, and events
 * outside the ladder come before all events in it.
 */
export class EventLadder {
  /** Events later than this are in `far`. */
  private horizon = Infinity;
  /** The list of events beyond the horizon. */
  private far = 0;
  private rungs = 0;
  private mostBuckets = MAX_BUCKETS;
  /** Events of the list last surveyed, and their first and last time. */
  private count = 0;
  private min = Infinity;
  private max = -Infinity;
  /** Of each rung: the time at which its buckets start, and the buckets per microsecond. */
  private readonly starts = new Float64Array(MAX_RUNGS);
  private readonly scales = new Float64Array(MAX_RUNGS);
  /** Of each rung: the bucket after the one taken last, and the last bucket. */
  private readonly nexts = new Int32Array(MAX_RUNGS);
  private readonly lasts = new Int32Array(MAX_RUNGS);
  /** The lists of the buckets, MAX_BUCKETS for each rung. */
  private readonly lists = new Int32Array(MAX_RUNGS * MAX_BUCKETS);

  constructor(private readonly chunks: EventChunks) {}

  /** True when there are no events in the ladder. May be false when there are none on the rungs. */
  get empty(): boolean {
    return this.rungs === 0 && this.far === 0;
  }

  /** Takes an event in; false when it belongs to the next ones. */
  put(time: number, key: number, argument: number): boolean {
    if (time > this.horizon) {
      this.far = this.chunks.add(this.far, time, key, argument);
      return true;
    }
    for (let rung = 0; rung < this.rungs; rung++) {
      const position = (time - this.starts[rung]) * this.scales[rung];
      if (position >= this.nexts[rung]) {
        const last = this.lasts[rung];
        const bucket = rung * MAX_BUCKETS + (position < last ? position | 0 : last);
        this.lists[bucket] = this.chunks.add(this.lists[bucket], time, key, argument);
        return true;
      }
    }
    return false;
  }

  /** Takes a list over into an empty ladder, to be spread when the next events are asked for. */
  postpone(list: number): void {
    this.far = list;
    this.horizon = -Infinity;
  }

  /**
   * Takes the list of the next events out of a ladder that is not empty: those of one chunk, or more
   * that cannot be told apart by their times.
   */
  take(): number {
    for (;;) {
      const list = this.rungs > 0 ? this.takeBucket(this.rungs - 1) : this.takeFar();
      if (list !== 0 && (this.chunks.isSingle(list) || !this.spread(list))) return list;
    }
  }

  /** Spreads a list over the buckets of a new lowest rung. False when its events have one time or the rungs run out. */
  spread(list: number): boolean {
    const { rungs } = this;
    this.survey(list);
    const { count, min, max } = this;
    if (rungs === 0) {
      this.horizon = max;
      this.mostBuckets = count > MANY_EVENTS ? BUCKETS_OF_MANY : MAX_BUCKETS;
    }
    if (rungs === MAX_RUNGS) return false;
    let buckets = MIN_BUCKETS;
    while (buckets < this.mostBuckets && buckets * EVENTS_PER_BUCKET < count) buckets *= 2;
    const scale = buckets / (max - min);
    if (!(scale > 0 && scale < Infinity)) return false;
    this.starts[rungs] = min;
    this.scales[rungs] = scale;
    this.nexts[rungs] = 0;
    this.lasts[rungs] = buckets - 1;
    this.rungs++;
    this.distribute(list, rungs);
    return true;
  }

  /** Forgets all events. */
  clear(): void {
    if (this.rungs > 0) this.lists.fill(0, 0, this.rungs * MAX_BUCKETS);
    this.rungs = 0;
    this.far = 0;
    this.horizon = Infinity;
  }

  /**
   * Counts the events of a list, and finds the first and the last time. Each chunk in a call of its own: V8 compiles a long
   * loop while it runs, without the code behind it, and had to come back to the interpreter for that at each list.
   */
  private survey(list: number): void {
    const { chunks } = this;
    this.count = 0;
    this.min = Infinity;
    this.max = -Infinity;
    for (let rest = list; rest !== 0;) {
      const chunk = chunks.chunkOf(rest);
      this.surveyChunk(chunk, rest);
      rest = chunks.before(chunk);
    }
  }

  private surveyChunk(chunk: number, end: number): void {
    const { times } = this.chunks;
    let { min, max } = this;
    for (let record = chunk + 1; record < end; record++) {
      const time = times[record * 2];
      if (time < min) min = time;
      if (time > max) max = time;
    }
    this.count += end - chunk - 1;
    this.min = min;
    this.max = max;
  }

  private distribute(list: number, rung: number): void {
    const { chunks, lists } = this;
    const first = rung * MAX_BUCKETS;
    const start = this.starts[rung];
    const scale = this.scales[rung];
    const last = this.lasts[rung];
    for (let rest = list; rest !== 0;) {
      const chunk = chunks.chunkOf(rest);
      for (let record = chunk + 1; record < rest; record++) {
        const time = chunks.times[record * 2];
        const position = (time - start) * scale;
        const bucket = first + (position < last ? position | 0 : last);
        lists[bucket] = chunks.add(lists[bucket], time, chunks.keys[record * 4 + 2], chunks.args[record * 4 + 3]);
      }
      rest = chunks.release(chunk);
    }
  }

  /** The next bucket's list, 0 when there is none; the rung goes with its last bucket. */
  private takeBucket(rung: number): number {
    const lists = this.lists;
    const end = rung * MAX_BUCKETS + this.lasts[rung];
    let bucket = rung * MAX_BUCKETS + this.nexts[rung];
    while (bucket < end && lists[bucket] === 0) bucket++;
    const list = lists[bucket];
    lists[bucket] = 0;
    this.nexts[rung] = bucket - rung * MAX_BUCKETS + 1;
    if (bucket === end) this.rungs--;
    return list;
  }

  private takeFar(): number {
    const list = this.far;
    this.far = 0;
    this.horizon = Infinity;
    return list;
  }
}
