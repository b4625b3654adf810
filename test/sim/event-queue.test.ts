import { expect } from 'chai';
import fc from 'fast-check';
import { EventQueue } from '../../src/sim/event-queue.js';

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
          expect(queue.peekTime()).to.equal(oracle[0]?.time ?? Infinity);
        }
      }),
      { seed: 2 },
    );
  });

  it('forgets everything when it is cleared', () => {
    const queue = new EventQueue();
    queue.push(1, 2, 3);
    queue.clear();
    expect(queue.size).to.equal(0);
    expect(queue.pop()).to.equal(false);
  });
});
