import { expect } from 'chai';
import fc from 'fast-check';
import { quantileR7, summarize, tQuantile, welchDifference } from '../../../src/experiment/statistics/statistics.js';

describe('Student-t quantile', () => {
  // Tables of the t distribution, p = .975; jstat and stdlib give the same digits.
  const TABLE: readonly (readonly [number, number])[] = [
    [1, 12.706205],
    [2, 4.302653],
    [4, 2.776445],
    [9, 2.262157],
    [29, 2.04523],
    [99, 1.984217],
  ];
  for (const [df, expected] of TABLE) {
    it(`is ${expected} for ${df} degrees of freedom at p = .975`, () => {
      expect(tQuantile(0.975, df)).to.be.closeTo(expected, 5e-7);
    });
  }

  it('is that of the Cauchy distribution, tan(π (p − ½)), for one degree of freedom', () => {
    for (const p of [0.6, 0.9, 0.99, 0.9999]) {
      expect(tQuantile(p, 1)).to.be.closeTo(Math.tan(Math.PI * (p - 0.5)), 1e-9 * Math.tan(Math.PI * (p - 0.5)));
    }
  });

  it('has the closed form of two degrees of freedom', () => {
    for (const p of [0.55, 0.8, 0.975, 0.9995]) {
      const expected = ((2 * p - 1) * Math.SQRT2) / Math.sqrt(1 - (2 * p - 1) ** 2);
      expect(tQuantile(p, 2)).to.be.closeTo(expected, 1e-10 * expected);
    }
  });

  it('approaches the normal quantile as the degrees of freedom grow', () => {
    expect(tQuantile(0.975, 1e6)).to.be.closeTo(1.959966, 1e-6);
  });

  it('is odd around the median', () => {
    expect(tQuantile(0.5, 7)).to.equal(0);
    expect(tQuantile(0.025, 7)).to.be.closeTo(-tQuantile(0.975, 7), 1e-12);
  });

  it('grows with p and shrinks with the degrees of freedom', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.51, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 300 }), (p, df) => {
        expect(tQuantile(p + 0.0005, df)).to.be.above(tQuantile(p, df));
        expect(tQuantile(p, df + 1)).to.be.below(tQuantile(p, df));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('refuses what has no quantile', () => {
    expect(() => tQuantile(1, 3)).to.throw(RangeError);
    expect(() => tQuantile(0.9, 0)).to.throw(RangeError);
    expect(() => tQuantile(Number.NaN, 3)).to.throw(RangeError);
  });
});

describe('summarize', () => {
  it('gives mean, sample deviation, interval and range', () => {
    const summary = summarize([2, 4, 6]);
    expect(summary).to.include({ n: 3, mean: 4, stddev: 2, min: 2, max: 6 });
    expect(summary.ci95Low).to.be.closeTo(4 - (4.302653 * 2) / Math.sqrt(3), 1e-6);
    expect(summary.ci95High).to.be.closeTo(4 + (4.302653 * 2) / Math.sqrt(3), 1e-6);
  });

  it('leaves missing values out', () => {
    expect(summarize([null, 3, null, 5])).to.include({ n: 2, mean: 4, min: 3, max: 5 });
  });

  it('has no spread and no interval of a single value', () => {
    expect(summarize([7])).to.deep.equal({
      n: 1,
      mean: 7,
      stddev: null,
      ci95Low: null,
      ci95High: null,
      min: 7,
      max: 7,
    });
  });

  it('has nothing to say about no values', () => {
    expect(summarize([null])).to.deep.equal({
      n: 0,
      mean: null,
      stddev: null,
      ci95Low: null,
      ci95High: null,
      min: null,
      max: null,
    });
  });

  it('gives the value itself, with a width of zero, when all replications agree', () => {
    const summary = summarize(Array.from({ length: 10 }, () => 0.1));
    expect(summary).to.include({ mean: 0.1, stddev: 0, ci95Low: 0.1, ci95High: 0.1 });
  });

  it('has a mean that does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        expect(summarize(values.toReversed()).mean).to.equal(summarize(values).mean);
      }),
      { seed: 1 },
    );
  });
});

describe('quantileR7', () => {
  it('interpolates between the order statistics as R does by default', () => {
    const sorted = [1, 2, 4, 8];
    // R: quantile(c(1, 2, 4, 8), c(0, .1, .25, .5, .9, 1))
    const expected: readonly (readonly [number, number])[] = [
      [0, 1],
      [0.1, 1.3],
      [0.25, 1.75],
      [0.5, 3],
      [0.9, 6.8],
      [1, 8],
    ];
    for (const [p, quantile] of expected) expect(quantileR7(sorted, p)).to.be.closeTo(quantile, 1e-12);
  });

  it('reads typed arrays', () => {
    expect(quantileR7(Float64Array.of(10, 20), 0.5)).to.equal(15);
  });

  it('is null for an empty sample', () => {
    expect(quantileR7([], 0.5)).to.equal(null);
  });
});

describe("Welch's interval", () => {
  it("is that of R's t.test for Student's sleep data (Biometrika 6, 1908)", () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const difference = welchDifference(first, second);
    expect(difference?.mean).to.be.closeTo(1.58, 1e-12);
    expect(difference?.ci95Low).to.be.closeTo(-0.2054832, 1e-7);
    expect(difference?.ci95High).to.be.closeTo(3.3654832, 1e-7);
  });

  it('has no width without spread, and no ends with one value', () => {
    expect(welchDifference([1, 1], [3, 3])).to.deep.equal({ mean: 2, ci95Low: 2, ci95High: 2 });
    expect(welchDifference([1], [3, 4])).to.deep.equal({ mean: 2.5, ci95Low: null, ci95High: null });
    expect(welchDifference([], [3])).to.equal(null);
  });
});
