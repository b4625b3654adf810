import { expect } from 'chai';
import { range } from 'd3-array';
import { clusteredQuantile } from '../../../src/experiment/statistics/clustered-quantiles.js';
import { quantilePlaces, valuesForQuantile } from '../../../src/experiment/statistics/shares.js';
import { RandomStream } from '../../../src/sim/random.js';

/** Replications of `k` uniform values each, of which the share `alike` is one and the same value. */
function replications(trial: number, count: number, k: number, alike: number): Float64Array[] {
  const stream = RandomStream.fromSeed('clusters', trial);
  return range(count).map((replication) =>
    Float64Array.from({ length: k }, (_, i) => stream.uniform(replication, 0, i < alike * k ? 0 : 1 + i)),
  );
}

/** Share of the trials in which the interval holds the quantile of U[0, 1), which is p itself. */
function coverage(trials: number, p: number, sample: (trial: number) => Float64Array[]): number {
  const held = range(trials).filter((trial) => {
    const { low, high } = clusteredQuantile(sample(trial), p);
    return low !== null && high !== null && low <= p && p <= high;
  });
  return held.length / trials;
}

describe('the quantile of values from several replications', () => {
  it('has the order statistics of all values around it where each replication has one', () => {
    const values = range(400).map((index) => Float64Array.of((index * 7) % 400));
    const { low, high, independent } = clusteredQuantile(values, 0.9);
    const places = quantilePlaces(400, 0.9);
    expect([low, high]).to.deep.equal([(places.low ?? 0) - 1, (places.high ?? 0) - 1]);
    expect(independent).to.equal(400);
  });

  it('counts values that are alike within each replication once', () => {
    const { independent, high } = clusteredQuantile(replications(1, 200, 10, 1), 0.99);
    expect(independent).to.equal(200);
    expect(high, 'it takes 368').to.equal(null);
  });

  it('counts independent values in full, or nearly', () => {
    const numbers = range(20).map((trial) => clusteredQuantile(replications(trial, 200, 10, 0), 0.9).independent);
    for (const independent of numbers) expect(independent).to.be.within(1300, 2000);
  });

  // 400 trials: ± 0.02 is 1.8 standard errors of a coverage of 0.95, and more than that is no fault.
  for (const [what, alike] of [
    ['independent', 0],
    ['half alike', 0.5],
    ['all alike', 1],
  ] as const) {
    it(`is held by its interval in 95 % of the cases, values of a replication being ${what}`, () => {
      expect(coverage(400, 0.9, (trial) => replications(trial, 120, 6, alike))).to.be.above(0.93);
    });
  }

  it('is held in 95 % of the cases in the tail, too', () => {
    expect(coverage(300, 0.99, (trial) => replications(trial, 150, 10, 0.3))).to.be.above(0.93);
  });

  it('has a lower end that holds, and that is no larger than it, from few replications, too', () => {
    for (const p of [0.5, 0.9, 0.99, 0.999]) {
      for (const count of [2, 3, 5, 10]) {
        const quantiles = range(200).map((trial) => clusteredQuantile(replications(trial, count, 20, 0), p));
        for (const { low, value } of quantiles) if (low !== null) expect(low, `${p} of ${count}`).to.be.at.most(value);
        const held = quantiles.filter(({ low }) => low === null || low <= p);
        // 200 trials: 0.95 is 2.3 standard errors below 0.975.
        expect(held.length / 200, `${p} of ${count}`).to.be.at.least(0.95);
      }
    }
  });

  it('has no interval from one replication', () => {
    const { value, low, high } = clusteredQuantile(replications(1, 1, 40, 0), 0.99);
    expect(value).to.be.above(0.9);
    expect([low, high]).to.deep.equal([null, null]);
  });

  it('has no upper end from ten replications that are alike in part, of which it cannot be known how much', () => {
    const ends = range(100).filter((trial) => clusteredQuantile(replications(trial, 10, 20, 0.5), 0.9).high !== null);
    expect(ends).to.have.length.below(10);
  });

  it('is told of as infinite where values are', () => {
    const { value, low, high } = clusteredQuantile(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, Infinity].map((each) => Float64Array.of(each)),
      0.99,
    );
    expect(value).to.equal(Infinity);
    expect([low, high]).to.deep.equal([quantilePlaces(10, 0.99).low, null]);
  });
});

describe('the number of values that a quantile takes', () => {
  for (const [p, n] of [
    [0.5, 6],
    [0.05, 72],
    [0.9, 36],
    [0.99, 368],
    [0.999, 3688],
  ] as const) {
    it(`is ${n} for ${p}: one less has no interval with two ends`, () => {
      expect(valuesForQuantile(p)).to.equal(n);
      const ends = (count: number) => Object.values(quantilePlaces(count, p)).filter((place) => place !== null).length;
      expect(ends(n - 1)).to.be.below(2);
      expect(ends(n)).to.equal(2);
    });
  }
});
