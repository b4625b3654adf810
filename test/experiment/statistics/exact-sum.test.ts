import { expect } from 'chai';
import { fsum } from 'd3-array';
import fc from 'fast-check';
import { exactSum } from '../../../src/experiment/statistics/exact-sum.js';

/** Numbers of all sizes, and such as nearly cancel. */
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e290, max: 1e290 }),
  fc.integer(),
  fc.tuple(fc.integer({ min: -1060, max: 900 }), fc.constantFrom(-1, 1)).map(([power, sign]) => sign * 2 ** power),
);

describe('the exact sum', () => {
  it('is that of d3, which rounds once, too', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 40 }), (values) => {
        expect(exactSum(values)).to.equal(fsum(values));
      }),
      { seed: 1, numRuns: 5000 },
    );
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 40 }), (values) => {
        expect(exactSum(values.toSorted((a, b) => a - b))).to.equal(exactSum(values));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('rounds half to even, unless there is more', () => {
    expect(exactSum([2 ** 53, 1, 0])).to.equal(2 ** 53);
    expect(exactSum([2 ** 53, 1, 2 ** -60])).to.equal(2 ** 53 + 2);
  });
});
