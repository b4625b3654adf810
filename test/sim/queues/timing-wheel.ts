import { EventChunks } from '../../../src/sim/event-chunks.js';
import { EventHeap } from '../../../src/sim/event-heap.js';
import type { PendingEvents } from './pending-events.js';

/** Length of a tick in microseconds, a power of two. */
const TICK_US = 2 ** 10;
const LEVELS = 4;
const SLOT_BITS = 8;
const SLOTS = 2 ** SLOT_BITS;
/** Ticks of a turn of the coarsest wheel: 51 days. */
const TURN = SLOTS ** LEVELS;
/** So few events of a slot are not worth a way through the finer wheels: the heap orders them at once. */
const FEW = 16;

/** The tick of a time, a monotone function, by which the first turn reaches from 25 days before time 0 to 25 days after. */
function tickOf(time: number): number {
  return Math.floor(time / TICK_US) + TURN / 2;
}

/**
 * The hierarchical timing wheel (Varghese and Lauck, "Hashed and hierarchical timing wheels", SOSP 1987):
 * four wheels of 256 slots, by the bytes of the tick. An event is in the wheel of the highest byte in which
 * its tick differs from the present one; when the present comes to its slot, it moves to a finer wheel. A
 * slot is an unordered list in chunks.
 *
 * A wheel orders by ticks only. So events of the present tick and of ticks before are in a heap, which makes
 * the order total, and events after this turn of the coarsest wheel are in another one until it is over.
 */
export class TimingWheel implements PendingEvents {
  time = 0;
  key = 0;
  argument = 0;

  private readonly present = new EventHeap();
  private readonly overflow = new EventHeap();
  private readonly chunks = new EventChunks();
  /** The lists of the slots, wheel after wheel from the finest. */
  private readonly slots = new Int32Array(LEVELS * SLOTS);
  /** A bit for each slot, set when there are events in it. */
  private readonly occupied = new Int32Array((LEVELS * SLOTS) / 32);
  /** The present tick. */
  private tick = 0;
  /** The tick after this turn. */
  private end = TURN;

  clear(): void {
    this.present.count = 0;
    this.overflow.count = 0;
    this.chunks.clear();
    this.slots.fill(0);
    this.occupied.fill(0);
    this.tick = 0;
    this.end = TURN;
  }

  push(time: number, key: number, argument: number): void {
    const tick = tickOf(time);
    if (tick <= this.tick) {
      this.present.push(time, key, argument);
    } else if (tick >= this.end) {
      this.overflow.push(time, key, argument);
    } else {
      const level = (31 - Math.clz32(tick ^ this.tick)) >> 3;
      const slot = level * SLOTS + ((tick >>> (level * SLOT_BITS)) & (SLOTS - 1));
      this.slots[slot] = this.chunks.add(this.slots[slot], time, key, argument);
      this.occupied[slot >> 5] |= 1 << (slot & 31);
    }
  }

  pop(): boolean {
    const { present } = this;
    while (present.count === 0) {
      const slot = this.nextSlot();
      if (slot >= 0) this.turnTo(slot);
      else if (this.overflow.count > 0) this.turnToOverflow();
      else return false;
    }
    this.time = present.times[0];
    this.key = present.keys[2];
    this.argument = present.args[3];
    present.shift();
    return true;
  }

  /** The slot of the events that come next: a finer wheel's before a coarser one's. -1 when all are empty. */
  private nextSlot(): number {
    const { occupied } = this;
    for (let word = 0; word < occupied.length; word++) {
      const bits = occupied[word];
      if (bits !== 0) return word * 32 + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }

  /**
   * Makes the first tick of a slot the present one and moves the slot's events to finer wheels, or the last
   * one with an event and moves all to the heap.
   */
  private turnTo(slot: number): void {
    const { chunks, slots } = this;
    const shift = (slot >> SLOT_BITS) * SLOT_BITS;
    const digits = (((this.tick >>> shift) & -SLOTS) | (slot & (SLOTS - 1))) << shift;
    this.tick = this.end - TURN + (digits >>> 0);
    const list = slots[slot];
    if (chunks.isSingle(list) && list - chunks.chunkOf(list) - 1 <= FEW) this.tick = this.lastTick(list);
    slots[slot] = 0;
    this.occupied[slot >> 5] &= ~(1 << (slot & 31));
    for (let rest = list; rest !== 0;) {
      const chunk = chunks.chunkOf(rest);
      for (let record = chunk + 1; record < rest; record++) {
        this.push(chunks.times[record * 2], chunks.keys[record * 4 + 2], chunks.args[record * 4 + 3]);
      }
      rest = chunks.release(chunk);
    }
  }

  /** The last tick of the events of one chunk. */
  private lastTick(list: number): number {
    const { times } = this.chunks;
    let last = -Infinity;
    for (let record = this.chunks.chunkOf(list) + 1; record < list; record++) {
      last = Math.max(last, tickOf(times[record * 2]));
    }
    return last;
  }

  /** Makes the first tick of the overflow the present one, and moves the events of its turn to the wheels. */
  private turnToOverflow(): void {
    const { overflow } = this;
    this.tick = tickOf(overflow.times[0]);
    this.end = (Math.floor(this.tick / TURN) + 1) * TURN;
    do {
      this.push(overflow.times[0], overflow.keys[2], overflow.args[3]);
      overflow.shift();
    } while (overflow.count > 0 && this.isOfThisTurn(tickOf(overflow.times[0])));
  }

  private isOfThisTurn(tick: number): boolean {
    return tick <= this.tick || tick < this.end;
  }
}
