import { expect } from 'chai';
import { bisector } from 'd3-array';
import fc from 'fast-check';
import { EventQueue } from '../../src/sim/event-queue.js';
import { RandomStream } from '../../src/sim/random.js';
import { HeapQueue } from './heap-queue.js';

interface Event {
  readonly time: number;
  readonly key: number;
  readonly argument: number;
}

const event = fc.record({
  time: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ noNaN: true, min: -1e12, max: 1e12 })),
  key: fc.nat({ max: 2 ** 32 - 1 }),
  argument: fc.nat({ max: 2 ** 30 - 1 }),
});

const compare = (a: Event, b: Event): number => a.time - b.time || a.key - b.key || a.argument - b.argument;

function drain(queue: EventQueue): Event[] {
  const events: Event[] = [];
  while (queue.pop()) events.push({ time: queue.time, key: queue.key, argument: queue.argument });
  return events;
}

/** What is done to a queue for a while: a number of pushes of one kind, or of pops. */
type Phase =
  | { readonly does: 'push'; readonly count: number; readonly from: 'now' | 'start'; readonly exponent: number }
  | { readonly does: 'hold'; readonly count: number; readonly exponent: number }
  | { readonly does: 'pop'; readonly count: number }
  | { readonly does: 'clear' };

const count = fc.nat({ max: 300 });
/** Spans of time from a crowd at one instant over four instants in a few nanoseconds to tens of thousands of years. */
const exponent = fc.oneof(fc.constant(-Infinity), fc.integer({ min: -3, max: 18 }));
const phase: fc.Arbitrary<Phase> = fc.oneof(
  fc.record({ does: fc.constant('push'), count, from: fc.constantFrom('now', 'now', 'start'), exponent }),
  fc.record({ does: fc.constant('hold'), count, exponent }),
  fc.record({ does: fc.constant('pop'), count }),
  { weight: 8, arbitrary: fc.record({ does: fc.constant('pop'), count: fc.nat({ max: 20 }) }) },
  fc.record({ does: fc.constant('clear') }),
);
const stream = RandomStream.fromSeed('phases');

/** Does the same to the queue and to a sorted array; compares each event popped, and that none goes before its time. */
function runPhase(phase: Phase, queue: EventQueue, oracle: Event[]): void {
  if (phase.does === 'clear') {
    queue.clear();
    oracle.length = 0;
    return;
  }
  let now = queue.time;
  for (let i = 0; i < phase.count; i++) {
    if (phase.does !== 'push') {
      const expected = oracle.shift();
      expect(queue.popBefore(expected?.time ?? Infinity)).to.equal(false);
      expect(queue.pop()).to.equal(expected !== undefined);
      if (expected === undefined) return;
      expect({ time: queue.time, key: queue.key, argument: queue.argument }).to.deep.equal(expected);
      now = queue.time;
    }
    if (phase.does !== 'pop') {
      const start = phase.does === 'push' && phase.from === 'start' ? 0 : now;
      const u = stream.uniform(0, phase.count, i);
      const time = start + (phase.exponent < 3 ? Math.round(u * 3) : u) * 10 ** phase.exponent;
      const event = { time, key: Math.floor(stream.uniform(1, phase.count, i) * 4) * 2 ** 30, argument: i };
      queue.push(time, event.key, event.argument);
      oracle.splice(bisector(compare).right(oracle, event), 0, event);
    }
  }
  expect(queue.size).to.equal(oracle.length);
}

describe('the event queue', () => {
  it('gives events back in the total order of time, kind, entity and argument, however they were put in', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), (events) => {
        const queue = new EventQueue();
        for (const { time, key, argument } of events) queue.push(time, key, argument);
        expect(queue.size).to.equal(events.length);
        expect(drain(queue)).to.deep.equal(events.slice().sort(compare));
      }),
      { seed: 1 },
    );
  });

  it('agrees with a sorted array when pushes and pops are mixed', () => {
    const step = fc.oneof(event, fc.constant(null));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new EventQueue();
        const oracle: Event[] = [];
        for (const next of steps) {
          if (next !== null) {
            queue.push(next.time, next.key, next.argument);
            oracle.push(next);
            oracle.sort(compare);
          } else {
            const expected = oracle.shift();
            expect(queue.pop()).to.equal(expected !== undefined);
            if (expected !== undefined) {
              expect({ time: queue.time, key: queue.key, argument: queue.argument }).to.deep.equal(expected);
            }
          }
          expect(queue.popBefore(oracle[0]?.time ?? Infinity)).to.equal(false);
        }
      }),
      { seed: 2 },
    );
  });

  it('agrees with a sorted array whatever the crowds, the spans of time and the order of pushes', () => {
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 25 }), (phases) => {
        const queue = new EventQueue();
        const oracle: Event[] = [];
        for (const next of phases) runPhase(next, queue, oracle);
        expect(drain(queue)).to.deep.equal(oracle);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('agrees with a heap over growth, a steady state and shrinking', () => {
    const stream = RandomStream.fromSeed('grow and shrink');
    const queue = new EventQueue();
    const heap = new HeapQueue();
    let now = 0;
    let draws = 0;
    const push = (): void => {
      const u = stream.uniform(0, 0, draws);
      const delay = draws % 3 === 0 ? 60e6 * (1 + u / 2) : draws % 3 === 1 ? 5e3 * u : 60e6 * -Math.log(1 - u);
      const time = now + Math.floor(delay);
      queue.push(time, draws % 1000, draws);
      heap.push(time, draws % 1000, draws);
      draws++;
    };
    const popAndCompare = (): void => {
      const found = queue.pop();
      if (found !== heap.pop() || queue.time !== heap.time || queue.argument !== heap.argument) {
        expect([queue.time, queue.key, queue.argument]).to.deep.equal([heap.time, heap.key, heap.argument]);
      }
      now = queue.time;
    };
    for (const [pushes, pops] of [
      [3, 1],
      [1, 1],
      [1, 2],
    ]) {
      for (let round = 0; round < 100_000; round++) {
        for (let i = 0; i < pushes; i++) push();
        for (let i = 0; i < pops; i++) popAndCompare();
      }
    }
    expect(queue.size).to.equal(100_000);
    while (queue.size > 0) popAndCompare();
    expect(heap.pop()).to.equal(false);
  });

  it('takes events at the time of the one just popped, before all later ones', () => {
    const queue = new EventQueue();
    for (let i = 0; i < 1000; i++) queue.push(i, 0, i);
    for (let i = 0; i < 1000; i++) {
      queue.pop();
      expect([queue.time, queue.argument]).to.deep.equal([i, i]);
      for (let j = 0; j < 70; j++) queue.push(i, 1, j);
      const crowd = Array.from({ length: 70 }, () => queue.pop() && queue.time === i && queue.argument);
      expect(crowd).to.deep.equal(Array.from({ length: 70 }, (_, j) => j));
    }
  });

  it('agrees with a sorted array on clusters of events within clusters, a thousandth of the span each', () => {
    const queue = new EventQueue();
    const oracle: Event[] = [];
    for (let exponent = 18; exponent >= -30; exponent -= 3) {
      for (let i = 0; i < 100; i++) oracle.push({ time: i * 10 ** exponent, key: 0, argument: i });
    }
    for (const { time, key, argument } of oracle) queue.push(time, key, argument);
    expect(drain(queue)).to.deep.equal(oracle.sort(compare));
  });

  it('keeps events at Infinity for last', () => {
    const queue = new EventQueue();
    for (let i = 0; i < 200; i++) queue.push(i % 2 === 0 ? Infinity : i, 0, i);
    for (let i = 1; i < 200; i += 2) {
      queue.pop();
      expect([queue.time, queue.argument]).to.deep.equal([i, i]);
      queue.push(i, 1, 0);
      queue.pop();
      expect(queue.key).to.equal(1);
    }
    expect(queue.size).to.equal(100);
    queue.pop();
    expect([queue.time, queue.argument]).to.deep.equal([Infinity, 0]);
  });

  it('forgets everything when it is cleared', () => {
    const queue = new EventQueue();
    for (const events of [1, 100, 10_000, 50, 5000]) {
      for (let i = 0; i < events; i++) queue.push(i * events, 2, i);
      for (let i = 0; i < events / 2; i++) queue.pop();
      expect([queue.time, queue.argument]).to.deep.equal([
        Math.floor((events - 1) / 2) * events,
        Math.floor((events - 1) / 2),
      ]);
      queue.clear();
      expect(queue.size).to.equal(0);
      expect(queue.pop()).to.equal(false);
    }
  });
});
