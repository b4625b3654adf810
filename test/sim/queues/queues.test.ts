import { expect } from 'chai';
import { bisector } from 'd3-array';
import fc from 'fast-check';
import { RandomStream } from '../../../src/sim/random.js';
import type { PendingEvents } from './pending-events.js';
import { compare, drain, type Event, event, phase, runPhase } from './phases.js';
import { QUEUES, type QueueName } from './queues.js';

/** Events that a structure grows to. What the event queue is only compared with has a quarter of them to agree on. */
const GROWN: Readonly<Record<QueueName, number>> = {
  'event queue': 20_000,
  'binary heap': 5000,
  '4-ary heap': 5000,
  'calendar queue': 5000,
  'dynamic calendar': 5000,
  'timing wheel': 5000,
};

/** A delay in microseconds, by two uniform variates of [0, 1). */
type Delay = (u: number, choice: number) => number;

const DELAYS: Readonly<Record<'exponential' | 'mixed' | 'crowded', Delay>> = {
  exponential: (u) => -Math.log(1 - u) * 60e6,
  mixed: (u, choice) => (choice < 0.3 ? 60e6 * (1 + u) : choice < 0.6 ? u : 5e6 * u),
  crowded: (u) => Math.floor(u * 10) * 1e6,
};

const stream = RandomStream.fromSeed('growth');

/** An event after a delay, with one of few keys so that these are alike, too. */
function delayed(delay: Delay, now: number, index: number): Event {
  const time = now + delay(stream.uniform(0, 0, index), stream.uniform(1, 0, index));
  return { time, key: Math.floor(stream.uniform(2, 0, index) * 8), argument: index };
}

function push(queue: PendingEvents, { time, key, argument }: Event): void {
  queue.push(time, key, argument);
}

/** Pops and compares; assertions on each of many events would take longer than the events. */
function popAndCompare(queue: PendingEvents, expected: Event): void {
  const popped = queue.pop();
  const { time, key, argument } = queue;
  if (popped && time === expected.time && key === expected.key && argument === expected.argument) return;
  expect(popped && { time, key, argument }).to.deep.equal(expected);
}

/** Does the same to a queue and to a sorted array, from its end the next event. */
function growHoldAndDrain(queue: PendingEvents, delay: Delay, start: number, grown: number, holds: number): void {
  const oracle = Array.from({ length: grown }, (_, i) => delayed(delay, start, i));
  for (const each of oracle) push(queue, each);
  oracle.sort(compare).reverse();
  for (let i = 0; i < holds; i++) {
    const expected = oracle.pop();
    if (expected === undefined) break;
    popAndCompare(queue, expected);
    const next = delayed(delay, queue.time, grown + i);
    push(queue, next);
    oracle.splice(bisector<Event, Event>((a, b) => compare(b, a)).left(oracle, next), 0, next);
  }
  for (const expected of oracle.reverse()) popAndCompare(queue, expected);
  expect(queue.pop()).to.equal(false);
}

/** Bytes of the typed arrays of a structure and its parts. */
function bytesOf(structure: object, buffers = new Set<ArrayBufferLike>()): number {
  let bytes = 0;
  for (const part of Object.values(structure) as readonly unknown[]) {
    if (ArrayBuffer.isView(part)) {
      if (!buffers.has(part.buffer)) bytes += part.buffer.byteLength;
      buffers.add(part.buffer);
    } else if (typeof part === 'object' && part !== null) bytes += bytesOf(part, buffers);
  }
  return bytes;
}

for (const [name, Queue] of Object.entries(QUEUES)) {
  const grown = GROWN[name as QueueName];

  describe(`the ${name}`, () => {
    it('gives events in the order of time, key and argument, however they were put in', () => {
      fc.assert(
        fc.property(fc.array(event, { maxLength: 300 }), (events) => {
          const queue = new Queue();
          for (const each of events) push(queue, each);
          expect(drain(queue)).to.deep.equal(events.slice().sort(compare));
        }),
        { seed: 1 },
      );
    });

    it('agrees with a sorted array whatever the crowds, the spans of time, the order of pushes and where time starts', () => {
      const start = fc.constantFrom(0, -1, -3e8, -1e15);
      fc.assert(
        fc.property(fc.array(phase, { maxLength: 25 }), start, (phases, start) => {
          const queue = new Queue();
          const oracle: Event[] = [];
          for (const next of phases) runPhase(next, queue, oracle, { start });
          expect(drain(queue)).to.deep.equal(oracle);
        }),
        { seed: 2, numRuns: 150 },
      );
    });

    for (const [law, delay] of Object.entries(DELAYS)) {
      it(`agrees with a sorted array as it grows to ${grown} events, holds and loses them: ${law} delays`, () => {
        const queue = new Queue();
        for (const start of [-40e6, 0]) growHoldAndDrain(queue, delay, start, grown, grown / 4);
      });
    }

    it('agrees with a sorted array so far from time 0 that doubles are 16 ms apart', () => {
      const queue = new Queue();
      for (const start of [-1e20, 1e20]) growHoldAndDrain(queue, DELAYS.exponential, start, 100, 10_000);
    });

    it('takes events at the time of the one just popped, before all later ones', () => {
      const queue = new Queue();
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
      const queue = new Queue();
      const oracle: Event[] = [];
      for (let exponent = 18; exponent >= -30; exponent -= 3) {
        for (let i = -50; i < 50; i++) oracle.push({ time: i * 10 ** exponent, key: 0, argument: i + 50 });
      }
      for (const each of oracle) push(queue, each);
      expect(drain(queue)).to.deep.equal(oracle.sort(compare));
    });

    it('gives and takes events in order at powers of two, next to them and at Infinity', () => {
      const powers = Array.from({ length: 96 }, (_, exponent) => 2 ** exponent);
      const near = powers.flatMap((power) => [-1024, -1, 0, 1, 1024].map((distance) => power + distance));
      const times = [...new Set([...near, ...near.map((time) => -time), Infinity])];
      const queue = new Queue();
      times.forEach((time, i) => {
        queue.push(time, 1, i);
        queue.push(time, 0, i);
      });
      for (const time of times.slice().sort((a, b) => a - b)) {
        const argument = times.indexOf(time);
        popAndCompare(queue, { time, key: 0, argument });
        queue.push(time, 2, argument);
        popAndCompare(queue, { time, key: 1, argument });
        popAndCompare(queue, { time, key: 2, argument });
      }
      expect(queue.pop()).to.equal(false);
    });

    it('keeps events at Infinity for last', () => {
      const queue = new Queue();
      for (let i = 0; i < 200; i++) queue.push(i % 2 === 0 ? Infinity : i, 0, i);
      for (let i = 1; i < 200; i += 2) {
        queue.pop();
        expect([queue.time, queue.argument]).to.deep.equal([i, i]);
        queue.push(i, 1, 0);
        queue.pop();
        expect(queue.key).to.equal(1);
      }
      for (let i = 0; i < 200; i += 2) {
        queue.pop();
        expect([queue.time, queue.argument]).to.deep.equal([Infinity, i]);
        queue.push(i, 1, 0);
        queue.pop();
        expect(queue.time).to.equal(i);
      }
      expect(queue.pop()).to.equal(false);
    });

    it('forgets everything when it is cleared', () => {
      const queue = new Queue();
      for (const events of [1, 100, 10_000, 50, 5000]) {
        for (let i = 0; i < events; i++) queue.push((i - 20) * events, 2, i);
        const popped = Math.ceil(events / 2);
        for (let i = 0; i < popped; i++) queue.pop();
        expect([queue.time, queue.argument]).to.deep.equal([(popped - 21) * events, popped - 1]);
        queue.clear();
        expect(queue.pop()).to.equal(false);
      }
    });

    it('takes no more memory while as many events are put in as taken out', () => {
      const queue = new Queue();
      let index = 0;
      const next = (now: number): void => push(queue, delayed(DELAYS.exponential, now, index++));
      const hold = (): void => {
        for (let i = 0; i < 50_000; i++) {
          queue.pop();
          next(queue.time);
        }
      };
      for (let i = 0; i < 5000; i++) next(0);
      hold();
      const bytes = bytesOf(queue);
      hold();
      expect(bytesOf(queue)).to.equal(bytes);
    });
  });
}
