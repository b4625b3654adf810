import { expect } from 'chai';
import fc from 'fast-check';
import { sortNumbers } from '../../src/sim/sort.js';

const LONG = { minLength: 1024, maxLength: 1400 };
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Property: the same as by comparison. */
const sortsAsByComparison = (values: fc.Arbitrary<number[]>): void => {
  fc.assert(
    fc.property(values, (numbers) => {
      const compared = [...numbers].sort((a, b) => a - b);
      expect(Array.from(sortNumbers(Float64Array.from(numbers)))).to.deep.equal(compared);
    }),
    { seed: 5, numRuns: 50 },
  );
};

describe('sorting numbers', () => {
  it('orders whole numbers below 2^32 by their digits', () => {
    sortsAsByComparison(fc.array(uint32, LONG));
    sortsAsByComparison(fc.array(fc.nat(3), LONG));
    sortsAsByComparison(fc.array(fc.nat(2 ** 22), LONG));
  });

  it('orders fractions, negative numbers, large ones and infinities among them by comparison', () => {
    const other = fc.oneof(fc.constantFrom(0.5, -1, 2 ** 32, Infinity, -Infinity), uint32);
    sortsAsByComparison(fc.array(other, LONG));
  });

  it('orders few numbers', () => {
    sortsAsByComparison(fc.array(uint32, { maxLength: 20 }));
  });

  it('sorts in place', () => {
    const values = Float64Array.from({ length: 5000 }, (_, i) => 5000 - i);
    expect(sortNumbers(values)).to.equal(values);
    expect(values[0]).to.equal(1);
  });
});
