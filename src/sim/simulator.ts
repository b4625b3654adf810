import { ENTITY_BITS, EventQueue, MAX_ARGUMENT, MAX_ENTITIES, MAX_KINDS } from './event-queue.js';

/** What a model does with an event: one method, dispatching on the kind. */
export interface EventHandler {
  /** Called with the clock at the event's time. */
  handle(kind: number, entity: number, argument: number): void;
}

/**
 * Clock and pending events. Time is a whole number of microseconds in a double (exact for 285 years).
 * There is no cancel: an event carries what its handler needs to see that it is outdated (an epoch, or
 * the planned time), which costs nothing on the hot path and keeps the queue's order free of history.
 */
export class Simulator {
  /** Simulated time in microseconds. */
  now = 0;
  /** Events handled so far. */
  handled = 0;
  /** End of the present run (exclusive), µs; −Infinity between two. */
  private until = -Infinity;
  private readonly queue = new EventQueue();

  /** Pending events. */
  get pending(): number {
    return this.queue.size;
  }

  /** Forgets the pending events and sets the clock. */
  reset(now: number): void {
    this.queue.clear();
    this.now = now;
  }

  /**
   * Schedules an event at an absolute time. Throws a RangeError for a time in the past or not a number,
   * which is always a mistake of the model.
   */
  schedule(time: number, kind: number, entity: number, argument = 0): void {
    if (!(time >= this.now)) throw new RangeError(`event of kind ${kind} at ${time} µs, before now (${this.now} µs)`);
    if (!(argument >= 0 && argument < MAX_ARGUMENT)) throw new RangeError(`event argument ${argument}`);
    this.queue.push(time, kind * MAX_ENTITIES + entity, argument);
  }

  /** True where an event of that time, kind and entity, had it been scheduled, would have been handled by now. */
  hasPassed(time: number, kind: number, entity: number): boolean {
    if (time !== this.now) return time < this.now;
    // Between two runs the clock is at an instant of which no event has been handled.
    return this.queue.time === time && kind * MAX_ENTITIES + entity < this.queue.key;
  }

  /**
   * True where an event would be the next one, had the one that is handled now scheduled it as the last thing that it
   * does: it need not be scheduled then, counts as handled, and the clock is at it.
   */
  comesNext(time: number, kind: number, entity: number, argument: number): boolean {
    if (!(time < this.until) || !this.queue.popUnadded(time, kind * MAX_ENTITIES + entity, argument)) return false;
    this.now = time;
    this.handled++;
    return true;
  }

  /** Handles all events before `until` (exclusive) in order, then sets the clock to `until`. */
  run(until: number, handler: EventHandler): void {
    const queue = this.queue;
    this.until = until;
    while (queue.popBefore(until)) {
      this.now = queue.time;
      this.handled++;
      const key = queue.key;
      const kind = key >>> ENTITY_BITS;
      handler.handle(kind, key & (MAX_ENTITIES - 1), queue.argument);
    }
    this.until = -Infinity;
    if (until > this.now) this.now = until;
  }
}

/** Throws a RangeError where a model needs more kinds or entities than an event key can hold. */
export function checkKeySpace(kinds: number, entities: number): void {
  if (kinds > MAX_KINDS) throw new RangeError(`${kinds} event kinds; at most ${MAX_KINDS}`);
  if (entities > MAX_ENTITIES) throw new RangeError(`${entities} entities; at most ${MAX_ENTITIES}`);
}
