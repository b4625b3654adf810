import { expect } from 'chai';
import { Empirical, ShiftedExponential, UniformInterval } from '../../src/sim/distributions.js';

describe('the shifted exponential law', () => {
  it('has the quantiles that it was given', () => {
    const law = new ShiftedExponential(1500, 6700);
    expect(law.at(0.5)).to.equal(1500);
    expect(law.at(0.99)).to.equal(6700);
    expect(law.at(0)).to.be.above(0);
  });

  it('is a constant where the quantiles are equal, and refuses quantiles that fit no such law', () => {
    expect(new ShiftedExponential(7, 7).at(0.999)).to.equal(7);
    expect(() => new ShiftedExponential(10, 5)).to.throw(RangeError);
    expect(() => new ShiftedExponential(1, 100)).to.throw(RangeError);
  });
});

describe('the law of measured values', () => {
  it('has their quantiles, is uniform between two of them, and ends with the largest', () => {
    const law = new Empirical([100, 200, 1000]);
    expect([0, 0.25, 0.5, 0.75].map((u) => law.at(u))).to.deep.equal([100, 150, 200, 600]);
    expect(law.longest).to.equal(1000);
    expect(new Empirical([7]).at(0.9)).to.equal(7);
    expect(() => new Empirical([])).to.throw(RangeError);
  });

  it('has the mean that it is drawn with', () => {
    const law = new Empirical([3000, 10_000, 10_000, 70_000]);
    const n = 30_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += law.at((i + 0.5) / n);
    // Each value is rounded to whole microseconds.
    expect(sum / n).to.be.closeTo(law.expected, 0.5);
    expect(law.expected).to.be.closeTo((6500 + 10_000 + 40_000) / 3, 1e-9);
  });
});

describe('the residual life of intervals U[60, 90)', () => {
  const law = new UniformInterval(60, 90);

  it('has the quantiles 37.5, 75 and 83.3', () => {
    expect(law.residual(0.5)).to.equal(37.5);
    expect(law.residual(0.8)).to.equal(60);
    expect(law.residual(0.95)).to.be.closeTo(75, 1e-9);
    expect(law.residual(0.99)).to.be.closeTo(83.292, 1e-3);
  });

  it('has the mean E[X²]/2E[X] = 38', () => {
    const n = 100000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += law.residual((i + 0.5) / n);
    expect(sum / n).to.be.closeTo(38, 1e-4);
  });
});
