import { expect } from 'chai';
import fc from 'fast-check';
import { EventQueue } from '../../src/sim/event-queue.js';
import { RandomStream } from '../../src/sim/random.js';
import { FourAryHeap } from './queues/four-ary-heap.js';
import { compare, drain, type Event, event, phase, runPhase } from './queues/phases.js';

describe('the event queue', () => {
  it('gives no event at or after the time up to which it is asked, whatever the order of pushes', () => {
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

  it('does so and knows its size whatever the crowds and the spans of time', () => {
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 25 }), (phases) => {
        const queue = new EventQueue();
        const oracle: Event[] = [];
        const beforePop = (expected: Event | undefined): void => {
          expect(queue.popBefore(expected?.time ?? Infinity)).to.equal(false);
        };
        for (const next of phases) {
          runPhase(next, queue, oracle, { beforePop });
          expect(queue.size).to.equal(oracle.length);
        }
        expect(drain(queue)).to.deep.equal(oracle);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('agrees with a heap over growth, a steady state and shrinking', () => {
    const stream = RandomStream.fromSeed('grow and shrink');
    const queue = new EventQueue();
    const heap = new FourAryHeap();
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
});
