import { expect } from 'chai';
import { bisector } from 'd3-array';
import fc from 'fast-check';
import { RandomStream } from '../../../src/sim/random.js';
import type { PendingEvents } from './pending-events.js';

/** An event as a queue gives it back. */
export interface Event {
  readonly time: number;
  readonly key: number;
  readonly argument: number;
}

/** What is done to a queue for a while: a number of pushes of one kind, or of pops. */
export type Phase =
  | { readonly does: 'push'; readonly count: number; readonly from: 'now' | 'start'; readonly exponent: number }
  | { readonly does: 'hold'; readonly count: number; readonly exponent: number }
  | { readonly does: 'pop'; readonly count: number }
  | { readonly does: 'clear' };

const count = fc.nat({ max: 300 });
/** Spans of time from a crowd at one instant over four instants in a few nanoseconds to tens of thousands of years. */
const exponent = fc.oneof(fc.constant(-Infinity), fc.integer({ min: -3, max: 18 }));
/** Any phase, at most 300 events long. */
export const phase: fc.Arbitrary<Phase> = fc.oneof(
  fc.record({ does: fc.constant('push'), count, from: fc.constantFrom('now', 'now', 'start'), exponent }),
  fc.record({ does: fc.constant('hold'), count, exponent }),
  fc.record({ does: fc.constant('pop'), count }),
  { weight: 8, arbitrary: fc.record({ does: fc.constant('pop'), count: fc.nat({ max: 20 }) }) },
  fc.record({ does: fc.constant('clear') }),
);

/** Any event. */
export const event: fc.Arbitrary<Event> = fc.record({
  time: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ noNaN: true, min: -1e12, max: 1e12 })),
  key: fc.nat({ max: 2 ** 32 - 1 }),
  argument: fc.nat({ max: 2 ** 30 - 1 }),
});

/** The total order of events. */
export const compare = (a: Event, b: Event): number => a.time - b.time || a.key - b.key || a.argument - b.argument;

/** Takes all events out. */
export function drain(queue: PendingEvents): Event[] {
  const events: Event[] = [];
  while (queue.pop()) events.push({ time: queue.time, key: queue.key, argument: queue.argument });
  return events;
}

const stream = RandomStream.fromSeed('phases');

/**
 * Does the same to a queue and to a sorted array, and compares each event popped. Time starts at `start`,
 * and again with phases that push from the start. `beforePop` is called with the event to be popped.
 */
export function runPhase(
  phase: Phase,
  queue: PendingEvents,
  oracle: Event[],
  { start = 0, beforePop }: { start?: number; beforePop?: (expected: Event | undefined) => void } = {},
): void {
  if (phase.does === 'clear') {
    queue.clear();
    oracle.length = 0;
    return;
  }
  let now = queue.time;
  for (let i = 0; i < phase.count; i++) {
    if (phase.does !== 'push') {
      const expected = oracle.shift();
      beforePop?.(expected);
      expect(queue.pop()).to.equal(expected !== undefined);
      if (expected === undefined) return;
      expect({ time: queue.time, key: queue.key, argument: queue.argument }).to.deep.equal(expected);
      now = queue.time;
    }
    if (phase.does !== 'pop') {
      const from = phase.does === 'push' && phase.from === 'start' ? start : now;
      const u = stream.uniform(0, phase.count, i);
      const time = from + (phase.exponent < 3 ? Math.round(u * 3) : u) * 10 ** phase.exponent;
      const event = { time, key: Math.floor(stream.uniform(1, phase.count, i) * 4) * 2 ** 30, argument: i };
      queue.push(time, event.key, event.argument);
      oracle.splice(bisector(compare).right(oracle, event), 0, event);
    }
  }
}
