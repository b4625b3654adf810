import { expect } from 'chai';
import { quantileSorted, range } from 'd3-array';
import fc from 'fast-check';
import {
  clopperPearson,
  placesConfidence,
  quantilePlaces,
  ruleOfThree,
  summarizeShares,
} from '../../../src/experiment/statistics/shares.js';
import { summarize } from '../../../src/experiment/statistics/statistics.js';
import { UniformInterval } from '../../../src/sim/distributions.js';
import { RandomStream } from '../../../src/sim/random.js';

describe('the exact interval of a proportion', () => {
  // Newcombe, Statistics in Medicine 17, 1998, table I, method 5 (Clopper-Pearson, 95 %).
  const NEWCOMBE: readonly (readonly [count: number, n: number, low: number, high: number])[] = [
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ];
  for (const [count, n, low, high] of NEWCOMBE) {
    it(`is ${low} to ${high} for ${count} of ${n}, as published`, () => {
      const interval = clopperPearson(count, n);
      expect(interval.low).to.be.closeTo(low, 5e-5);
      expect(interval.high).to.be.closeTo(high, 5e-5);
    });
  }
});

describe('the rule of three', () => {
  it('bounds what was not seen in 14 trials by 21 %, as Hanley and Lippman-Hand do', () => {
    expect(ruleOfThree(14)).to.be.closeTo(0.214, 0.0005);
  });

  it('is above the exact bound, 1 − 0.05^(1/n), by less than 10 % from 30 trials on', () => {
    for (const n of [1, 10, 30, 100, 1000]) expect(ruleOfThree(n)).to.be.above(1 - 0.05 ** (1 / n));
    for (const n of [30, 100, 1000]) expect(ruleOfThree(n)).to.be.below(1.1 * (1 - 0.05 ** (1 / n)));
  });
});

describe('summarizeShares', () => {
  it('bounds what no replication has, and what none lacks, by the rule of three', () => {
    expect(summarizeShares(new Array<number>(60).fill(0))).to.include({ n: 60, mean: 0, ci95Low: 0, ci95High: 0.05 });
    expect(summarizeShares(new Array<number>(60).fill(1))).to.include({ mean: 1, ci95Low: 0.95, ci95High: 1 });
  });

  it('takes replications that have it wholly or not at all for trials', () => {
    const summary = summarizeShares([...new Array<number>(15).fill(1), ...new Array<number>(133).fill(0)]);
    expect(summary.ci95Low).to.be.closeTo(0.0578, 5e-5);
    expect(summary.ci95High).to.be.closeTo(0.1617, 5e-5);
  });

  it('is the interval of a mean otherwise, and never leaves 0 to 1', () => {
    const values = [0.2, 0.3, 0.25, 0.35];
    expect(summarizeShares(values)).to.deep.equal(summarize(values));
    expect(summarizeShares([0, 0, 0.2])).to.include({ ci95Low: 0 });
    expect(summarizeShares([1, 1, 0.8])).to.include({ ci95High: 1 });
  });

  it('says nothing of no values', () => {
    expect(summarizeShares([null])).to.include({ n: 0, mean: null, ci95High: null });
  });
});

describe('the order statistics around a quantile', () => {
  it('are those of the tables for the median', () => {
    // Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, and other tables of the sign test.
    expect(quantilePlaces(6, 0.5)).to.deep.equal({ low: 1, high: 6 });
    expect(quantilePlaces(10, 0.5)).to.deep.equal({ low: 2, high: 9 });
    expect(quantilePlaces(20, 0.5)).to.deep.equal({ low: 6, high: 15 });
    expect(quantilePlaces(5, 0.5)).to.deep.equal({ low: null, high: null });
  });

  it('hold it with at least the confidence: two of 64 series of six coin throws are all alike', () => {
    expect(placesConfidence(6, 0.5)).to.be.closeTo(62 / 64, 1e-12);
    expect(placesConfidence(10, 0.5)).to.be.closeTo(1 - 22 / 1024, 1e-12);
    // Of five it has no end, and an interval without ends cannot fail.
    expect(placesConfidence(5, 0.5)).to.equal(1);
    for (const [n, p] of [
      [110, 0.95],
      [9000, 0.999],
      [10_000, 0.999],
    ])
      expect(placesConfidence(n, p)).to.be.within(0.95, 0.976);
  });

  it('have an upper end for 99 % from 368 values on, with 90 % confidence from 299 on', () => {
    expect(quantilePlaces(367, 0.99).high).to.equal(null);
    expect(quantilePlaces(368, 0.99).high).to.equal(368);
    expect(quantilePlaces(298, 0.99, 0.9).high).to.equal(null);
    expect(quantilePlaces(299, 0.99, 0.9).high).to.equal(299);
  });

  it('are mirrored with the quantile', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, p) => {
        const { low, high } = quantilePlaces(n, p);
        const mirrored = quantilePlaces(n, 1 - p);
        expect(mirrored.low).to.equal(high === null ? null : n + 1 - high);
        expect(mirrored.high).to.equal(low === null ? null : n + 1 - low);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('the 95 % intervals of 1,000 independent experiments', () => {
  // Each experiment: the wait for a pod's next sync, U[60, 90) apart, as its residual life; closed forms below.
  const EXPERIMENTS = 1000;
  const interval = new UniformInterval(60, 90);
  const stream = RandomStream.fromSeed('coverage', 'residual');
  const waits = (experiment: number, n: number): number[] =>
    range(n).map((index) => interval.residual(stream.uniform(0, experiment, index)));
  const coverage = (holds: (experiment: number) => boolean): number =>
    range(EXPERIMENTS).filter(holds).length / EXPERIMENTS;
  const within = (value: number, low: number | null, high: number | null): boolean =>
    (low ?? -Infinity) <= value && value <= (high ?? Infinity);

  it('hold the mean residual life, E[X²] / 2E[X] = 38 s', () => {
    const share = coverage((experiment) => {
      const { ci95Low, ci95High } = summarize(waits(experiment, 10));
      return within(38, ci95Low, ci95High);
    });
    expect(share).to.be.within(0.93, 0.97);
  });

  it('hold the mean time until the last of ten pods', () => {
    // P(wait ≤ x) = x / 75 up to 60 s and 1 − (90 − x)² / 4500 from there; the largest of ten waits has the mean
    // ∫ 1 − F(x)^10 dx.
    const below = (x: number): number => (x <= 60 ? x / 75 : 1 - (90 - x) ** 2 / 4500);
    const expected = range(0, 90, 0.001).reduce((sum, x) => sum + (1 - below(x + 0.0005) ** 10) * 0.001, 0);
    const share = coverage((experiment) => {
      const largest = range(10).map((r) => Math.max(...waits(experiment, 100).slice(10 * r, 10 * r + 10)));
      const { ci95Low, ci95High } = summarize(largest);
      return within(expected, ci95Low, ci95High);
    });
    expect(share).to.be.within(0.93, 0.97);
  });

  it('hold the difference of two strategies that meet the same chance', () => {
    // The second waits half as long, plus a second of its own: 38 − (19 + 1) = 18 s.
    const share = coverage((experiment) => {
      const differences = waits(experiment, 10).map((wait) => wait - (wait / 2 + 1));
      const { ci95Low, ci95High } = summarize(differences);
      return within(18, ci95Low, ci95High);
    });
    expect(share).to.be.within(0.93, 0.97);
  });

  it('hold the quantile whose order statistics they are, with at least their confidence', () => {
    // F(x) = 1 − (90 − x)² / 4500 beyond 60 s: the 90 % quantile is 90 − √450. With n = 200 the places have the
    // confidence 95 to 97 %; the binomial standard error of the coverage is 0.7 %.
    const { low, high } = quantilePlaces(200, 0.9);
    const share = coverage((experiment) => {
      const sorted = waits(experiment, 200).sort((a, b) => a - b);
      return within(90 - Math.sqrt(450), sorted[(low ?? 0) - 1], sorted[(high ?? 0) - 1]);
    });
    expect(share).to.be.within(0.93, 0.98);
    expect(
      quantileSorted(
        waits(0, 200).sort((a, b) => a - b),
        0.9,
      ),
    ).to.be.closeTo(90 - Math.sqrt(450), 5);
  });

  it('hold the probability of a delay, and at least as often as they say', () => {
    // One pod a replication, later than 80 s with probability 1 / 45; exact intervals hold it more often than 95 %.
    const share = coverage((experiment) => {
      const { ci95Low, ci95High } = summarizeShares(waits(experiment, 200).map((wait) => (wait > 80 ? 1 : 0)));
      return within(1 / 45, ci95Low, ci95High);
    });
    expect(share).to.be.within(0.94, 1);
  });
});
