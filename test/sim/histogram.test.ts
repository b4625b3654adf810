import { expect } from 'chai';
import fc from 'fast-check';
import { PartitionedHistogram } from '../../src/sim/histogram.js';

describe('the histogram', () => {
  it('gives every rank to within 0.1 %', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e11 }), { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = new PartitionedHistogram(0);
        for (const value of values) histogram.add(value);
        const sorted = values.slice().sort((a, b) => a - b);
        sorted.forEach((value, rank) => expect(histogram.atRank(rank) / value).to.be.closeTo(1, 0.001 + 1e-9));
      }),
      { seed: 3 },
    );
  });

  it('averages the parts of the values between two bins', () => {
    const histogram = new PartitionedHistogram(2);
    for (const value of [10, 1000, 1001, 100000]) {
      const bin = histogram.add(value);
      histogram.addPart(0, bin, value / 2);
      histogram.addPart(1, bin, 1);
    }
    const [from, to] = [10, 2000].map((value) => PartitionedHistogram.bin(value));
    expect(histogram.means(from, to)).to.deep.equal([500.25, 1]);
    expect(histogram.means(to, to + 5)).to.equal(null);
  });

  it('knows the least whole number that is above a bin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), (value) => {
        const bin = PartitionedHistogram.bin(value);
        const above = PartitionedHistogram.wholeAbove(bin);
        expect(value).to.be.below(above);
        if (above < Infinity) expect(PartitionedHistogram.bin(above)).to.be.above(bin);
        expect(PartitionedHistogram.bin(Math.min(2e12, above - 1))).to.equal(bin);
      }),
      { seed: 11 },
    );
  });

  it('puts every value into its bin, one after another', () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 2 ** 12 }),
      fc.integer({ min: 0, max: 2 ** 33 }),
      fc.double({ min: 0, max: 1e12, noNaN: true }),
    );
    const histogram = new PartitionedHistogram(0);
    fc.assert(
      fc.property(value, (each) => {
        const bin = PartitionedHistogram.bin(each);
        const edge = PartitionedHistogram.wholeAbove(bin);
        const around = edge < Infinity ? [each, edge - 1, edge] : [each];
        for (const one of around) expect(histogram.add(one)).to.equal(PartitionedHistogram.bin(one));
      }),
      { seed: 17, numRuns: 2000 },
    );
  });

  it('has no value at a rank that it does not have', () => {
    expect(() => new PartitionedHistogram(0).atRank(0)).to.throw(RangeError);
  });

  it('merges without loss', () => {
    const [a, b, both] = [0, 1, 2].map(() => new PartitionedHistogram(0));
    [5, 50, 500].forEach((value, i) => {
      (i % 2 === 0 ? a : b).add(value);
      both.add(value);
    });
    const merged = PartitionedHistogram.merged([a, b]);
    for (const rank of [0, 1, 2]) expect(merged.atRank(rank)).to.equal(both.atRank(rank));
  });
});
