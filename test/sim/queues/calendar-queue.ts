import { LinkedEvents } from './linked-events.js';
import type { PendingEvents } from './pending-events.js';

const MIN_BUCKETS = 2;
/** Separations are taken from the first events: five and a tenth of all, up to so many. */
const MAX_SAMPLE = 25;
/** A bucket is as wide as so many separations. */
const SEPARATIONS_PER_BUCKET = 3;

/**
 * The calendar queue (Brown, "Calendar queues: a fast O(1) priority queue implementation for the simulation
 * event set problem", CACM 31(10), 1988). Time is divided into days of one width, and day after day falls
 * to the next bucket, a sorted list, until the year is over and the buckets are used again. The number of
 * buckets follows the number of events by doubling and halving; only then the width is estimated anew.
 *
 * So days stay too short or too long for events whose separations change while their number does not, and
 * events at one time are passed one by one to insert another, whatever the width.
 *
 * Brown compares times with the end of the day, a sum that drifts. Here a day is a number, a monotone
 * function of the time, so that the order is total whatever the times and the width.
 */
export class CalendarQueue implements PendingEvents {
  time = 0;
  key = 0;
  argument = 0;

  private count = 0;
  /** Empty days and earlier events passed over since the calendar was made. */
  private steps = 0;
  private readonly events = new LinkedEvents();
  /** The lists of the buckets, of which the first `buckets` are used: a power of two. */
  private lists = new Int32Array(MIN_BUCKETS);
  private buckets = MIN_BUCKETS;
  private daysPerUs = 1;
  /** No event is before this day. */
  private today = Infinity;
  private readonly sample = new Float64Array(MAX_SAMPLE);

  /** @param patience steps per bucket after which the width is estimated anew in between */
  constructor(private readonly patience = Infinity) {}

  clear(): void {
    this.count = 0;
    this.steps = 0;
    this.events.clear();
    this.lists.fill(0, 0, this.buckets);
    this.buckets = MIN_BUCKETS;
    this.today = Infinity;
  }

  push(time: number, key: number, argument: number): void {
    this.insert(this.events.add(time, key, argument));
    if (++this.count > this.buckets * 2) this.resize(this.buckets * 2);
    else if (this.steps > this.patience * this.buckets) this.resize(this.buckets);
  }

  pop(): boolean {
    if (this.count === 0) return false;
    const { events } = this;
    const event = this.takeFirst();
    this.time = events.times[event * 3];
    this.key = events.keys[event * 6 + 2];
    this.argument = events.args[event * 6 + 3];
    events.release(event);
    if (--this.count < this.buckets / 2 - 2) this.resize(this.buckets / 2);
    return true;
  }

  /** Puts an event into its bucket. */
  private insert(event: number): void {
    const { events, lists } = this;
    const { links } = events;
    const day = this.dayOf(event);
    if (day < this.today) this.today = day;
    const bucket = day & (this.buckets - 1);
    let after = lists[bucket];
    if (after === 0 || events.precedes(event, after)) {
      links[event * 6 + 4] = after;
      lists[bucket] = event;
      return;
    }
    let before: number;
    do {
      this.steps++;
      before = after;
      after = links[before * 6 + 4];
    } while (after !== 0 && !events.precedes(event, after));
    links[event * 6 + 4] = after;
    links[before * 6 + 4] = event;
  }

  private dayOf(event: number): number {
    return Math.floor(this.events.times[event * 3] * this.daysPerUs);
  }

  /** Unlinks the first event; there must be one. */
  private takeFirst(): number {
    const bucket = this.firstBucket();
    const event = this.lists[bucket];
    this.lists[bucket] = this.events.links[event * 6 + 4];
    return event;
  }

  /** The bucket of the first event, looked for day by day for a year, then by a direct search. */
  private firstBucket(): number {
    const { lists, buckets } = this;
    let day = this.today;
    let bucket = day & (buckets - 1);
    for (let i = 0; i < buckets; i++) {
      const event = lists[bucket];
      if (event !== 0 && this.dayOf(event) <= day) {
        this.today = day;
        this.steps += i;
        return bucket;
      }
      day++;
      bucket = (bucket + 1) & (buckets - 1);
    }
    return this.searchYear();
  }

  private searchYear(): number {
    const { events, lists, buckets } = this;
    this.steps += 2 * buckets;
    let first = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const event = lists[bucket];
      if (event !== 0 && (first === 0 || events.precedes(event, first))) first = event;
    }
    this.today = this.dayOf(first);
    return this.today & (buckets - 1);
  }

  /** Makes a calendar with another number of buckets, and of a width for the events that come first. */
  private resize(buckets: number): void {
    const { events, lists, sample } = this;
    const { links, times } = events;
    // Lists are reversed on the way, so that events of a crowd are put back each before the other.
    let chain = 0;
    const sampled = Math.min(this.count, 5 + Math.floor(this.count / 10), MAX_SAMPLE);
    for (let i = 0; i < sampled; i++) {
      const event = this.takeFirst();
      sample[i] = times[event * 3];
      links[event * 6 + 4] = chain;
      chain = event;
    }
    for (let bucket = 0; bucket < this.buckets; bucket++) {
      for (let event = lists[bucket]; event !== 0;) {
        const after = links[event * 6 + 4];
        links[event * 6 + 4] = chain;
        chain = event;
        event = after;
      }
    }
    this.estimateWidth(sampled);
    if (buckets > lists.length) this.lists = new Int32Array(buckets);
    else lists.fill(0, 0, Math.max(buckets, this.buckets));
    this.buckets = buckets;
    this.today = Infinity;
    while (chain !== 0) {
      const event = chain;
      chain = links[event * 6 + 4];
      this.insert(event);
    }
    this.steps = 0;
  }

  /** Sets the width by the mean separation in the sample, without separations of twice the mean or more. */
  private estimateWidth(sampled: number): void {
    const { sample } = this;
    const limit = (2 * (sample[sampled - 1] - sample[0])) / (sampled - 1);
    let sum = 0;
    let separations = 0;
    for (let i = 1; i < sampled; i++) {
      const separation = sample[i] - sample[i - 1];
      if (!(separation < limit)) continue;
      sum += separation;
      separations++;
    }
    const daysPerUs = separations / (sum * SEPARATIONS_PER_BUCKET);
    // Events of one time tell nothing of the width, and no scale may lose days to overflow.
    if (daysPerUs > 0 && daysPerUs < Infinity) this.daysPerUs = daysPerUs;
  }
}
