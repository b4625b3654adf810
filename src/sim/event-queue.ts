import { EventChunks } from './event-chunks.js';
import { EventHeap } from './event-heap.js';
import { EventLadder } from './event-ladder.js';
import type { EventRecords } from './event-records.js';
import { EventRing, RING_EVENTS } from './event-ring.js';

/** Bits of a key that say the kind of an event; the others say its entity. */
const KIND_BITS = 6;
export const ENTITY_BITS = 32 - KIND_BITS;
/** Number of event kinds that fit a key, and of entities that each of them can address. */
export const MAX_KINDS = 2 ** KIND_BITS;
export const MAX_ENTITIES = 2 ** ENTITY_BITS;
/** Arguments lie in [0, 2^30): a record's second half is moved as a double, which must never look like a NaN. */
export const MAX_ARGUMENT = 2 ** 30;

/**
 * The pending-event set. An event is (time, kind, entity, argument). The order is total and does not
 * depend on the order of insertion: time first, then kind (a smaller kind goes first), then entity, then
 * argument. Events alike in all four are interchangeable. So two ways of computing the same model, which
 * schedule the same events at different moments, also handle them in the same order.
 *
 * The next events are in a sorted ring, all others in a ladder, from which the ring is filled when it
 * is empty. A queue of some dozens is a ring only. Where too many events have one time for a ring, a
 * heap takes its place until it is empty. Push and pop are O(1) amortised, in a heap O(log n); nothing is
 * allocated per event. Events at Infinity are allowed, but hold the others in the heap, too.
 */
export class EventQueue {
  /** Time of the event last popped. */
  time = 0;
  /** Kind and entity of the event last popped, as `kind * MAX_ENTITIES + entity`. */
  key = 0;
  /** Argument of the event last popped. */
  argument = 0;

  private count = 0;
  private readonly chunks = new EventChunks();
  private readonly ladder = new EventLadder(this.chunks);
  private readonly ring = new EventRing();
  /** Empty while there are events in the ring. */
  private readonly heap = new EventHeap();
  /** Events in the heap at which it is tried again to divide them: twice as many as could not be divided. */
  private heapLimit = 0;

  /** Pending events. */
  get size(): number {
    return this.count;
  }

  /** Forgets all pending events. */
  clear(): void {
    this.count = 0;
    this.ring.count = 0;
    this.heap.count = 0;
    this.ladder.clear();
    this.chunks.clear();
  }

  /** Adds an event. `key` is `kind * MAX_ENTITIES + entity` as an unsigned 32-bit number. */
  push(time: number, key: number, argument: number): void {
    this.count++;
    this.place(time, key, argument);
  }

  /** Takes the first event out into `time`, `key` and `argument`. False when there is none. */
  pop(): boolean {
    return this.popBefore(NaN);
  }

  /** Takes the first event out, as `pop` does, unless its time is `until` or later (NaN: whatever its time). */
  popBefore(until: number): boolean {
    const { ring } = this;
    if (ring.count === 0) return this.count > 0 && this.popBehindRing(until);
    const record = ring.head;
    const time = ring.times[record * 2];
    if (time >= until) return false;
    this.time = time;
    this.key = ring.keys[record * 4 + 2];
    this.argument = ring.args[record * 4 + 3];
    ring.shift();
    this.count--;
    return true;
  }

  /** Takes an event that has not been added for the first one, into `time`, `key` and `argument`; false where another comes before it. */
  popUnadded(time: number, key: number, argument: number): boolean {
    const { ring, heap } = this;
    if (ring.count === 0 && heap.count === 0 && this.count > 0) this.refill();
    const records = ring.count > 0 ? ring : heap;
    const first = ring.count > 0 ? ring.head : 0;
    if (records.count > 0 && !precedes(time, key, argument, records, first)) return false;
    this.time = time;
    this.key = key;
    this.argument = argument;
    return true;
  }

  private popBehindRing(until: number): boolean {
    const { heap } = this;
    if (heap.count === 0) {
      this.refill();
      if (this.ring.count > 0) return this.popBefore(until);
    }
    if (heap.times[0] >= until) return false;
    this.time = heap.times[0];
    this.key = heap.keys[2];
    this.argument = heap.args[3];
    heap.shift();
    this.count--;
    return true;
  }

  private place(time: number, key: number, argument: number): void {
    if (this.ladder.put(time, key, argument)) return;
    if (this.heap.count === 0 && this.ring.count < RING_EVENTS) this.ring.push(time, key, argument);
    else this.placeCrowded(time, key, argument);
  }

  /** Adds an event to the next ones when they fill the ring or are in the heap; a crowd goes to the ladder, which may divide it. */
  private placeCrowded(time: number, key: number, argument: number): void {
    const { heap, ring, ladder, chunks } = this;
    if (heap.count > 0 && heap.count < this.heapLimit) {
      heap.push(time, key, argument);
      return;
    }
    const list = heap.count > 0 ? chunks.addAll(heap, heap.count) : chunks.addAll(ring, RING_EVENTS);
    heap.count = 0;
    ring.count = 0;
    if (ladder.empty) ladder.postpone(list);
    else if (!ladder.spread(list)) this.fillHeap(list);
    this.place(time, key, argument);
  }

  private refill(): void {
    const list = this.ladder.take();
    if (this.chunks.isSingle(list)) this.fillRing(list);
    else this.fillHeap(list);
  }

  private fillRing(list: number): void {
    const { chunks, ring } = this;
    const chunk = chunks.chunkOf(list);
    for (let record = chunk + 1; record < list; record++) {
      ring.insertFromTail(chunks.times[record * 2], chunks.keys[record * 4 + 2], chunks.args[record * 4 + 3]);
    }
    chunks.release(chunk);
  }

  private fillHeap(list: number): void {
    const { chunks, heap } = this;
    for (let rest = list; rest !== 0;) {
      const chunk = chunks.chunkOf(rest);
      for (let record = chunk + 1; record < rest; record++) {
        heap.push(chunks.times[record * 2], chunks.keys[record * 4 + 2], chunks.args[record * 4 + 3]);
      }
      rest = chunks.release(chunk);
    }
    this.heapLimit = 2 * heap.count;
  }
}

/** True where an event comes before the one of a record, or is alike. */
function precedes(time: number, key: number, argument: number, records: EventRecords, record: number): boolean {
  const other = records.times[record * 2];
  if (time !== other) return time < other;
  const otherKey = records.keys[record * 4 + 2];
  return key < otherKey || (key === otherKey && argument <= records.args[record * 4 + 3]);
}
