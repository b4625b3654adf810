import { expect } from 'chai';
import fc from 'fast-check';
import { ChunkedNumbers } from '../../src/sim/growable.js';
import { orderStatistics, type Stretches } from '../../src/sim/order-statistics.js';

/** Property: what sorting all numbers of the stretches tells. */
const looksUpAsSorted = (value: fc.Arbitrary<number>, count: number): void => {
  const scenario = fc.record({
    some: fc.array(value, { minLength: 5, maxLength: 50 }),
    bounds: fc.array(fc.oneof(value, fc.constantFrom(-1, 0.5, 2 ** 32, 2 ** 40)), { maxLength: 5 }),
    ranks: fc.array(fc.oneof(fc.integer({ min: -1, max: count + 1 }), fc.constantFrom(0, count - 1)), { maxLength: 5 }),
    left: fc.nat(100),
  });
  fc.assert(
    fc.property(scenario, ({ some, bounds, ranks, left }) => {
      const numbers = new ChunkedNumbers();
      const all = Array.from({ length: count + left }, (_, i) => some[(i * i) % some.length]);
      for (const each of all) numbers.push(each);
      // Two stretches, and numbers between them that are not meant.
      const middle = Math.floor(count / 2);
      const stretches: Stretches = (visit) => {
        visit(0, middle);
        visit(middle + left, count + left);
      };
      const sorted = [...all.slice(0, middle), ...all.slice(middle + left)].sort((a, b) => a - b);
      const { atMost, ranked } = orderStatistics(numbers, stretches, bounds, ranks);
      expect(atMost).to.deep.equal(bounds.map((bound) => sorted.filter((each) => each <= bound).length));
      expect(ranked).to.deep.equal(ranks.map((rank) => sorted[rank] ?? NaN));
    }),
    { seed: 20261129, numRuns: count > 1000 ? 10 : 50 },
  );
};

describe('numbers in their order', () => {
  const whole = fc.oneof(fc.nat(2 ** 17), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

  it('are looked up among few', () => {
    looksUpAsSorted(whole, 100);
    looksUpAsSorted(fc.constant(7), 0);
  });

  it('are looked up among many whole ones without sorting all', () => {
    looksUpAsSorted(whole, 70_000);
    looksUpAsSorted(fc.constantFrom(0, 2 ** 16 - 1, 2 ** 16, 2 ** 32 - 1), 70_000);
  });

  it('are looked up among many of any size', () => {
    looksUpAsSorted(fc.oneof(whole, fc.constantFrom(0.5, -1, 2 ** 40)), 70_000);
  });
});
