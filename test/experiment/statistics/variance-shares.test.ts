import { expect } from 'chai';
import { mean, range } from 'd3-array';
import {
  levelMeans,
  meanRanks,
  rankCorrelation,
  varianceShare,
  varianceShareInterval,
} from '../../../src/experiment/statistics/variance-shares.js';
import { RandomStream } from '../../../src/sim/random.js';

describe('main effects', () => {
  // Montgomery, Design and Analysis of Experiments, the 2^2 example: yields of reactant concentration (15, 25 %)
  // and catalyst (1, 2 lb), three replications. A = 8.33, B = −5.00; SS A = 208.33, B = 75.00, AB = 8.33.
  const YIELDS = [
    [28, 25, 27],
    [36, 32, 32],
    [18, 19, 23],
    [31, 30, 29],
  ];
  const MEANS = YIELDS.map((each) => mean(each) ?? NaN);
  const CONCENTRATION = { of: [0, 1, 0, 1], count: 2 };
  const CATALYST = { of: [0, 0, 1, 1], count: 2 };

  it('are the published ones of a 2² factorial', () => {
    const [low, high] = levelMeans(CONCENTRATION, MEANS);
    expect(high - low).to.be.closeTo(8.33, 0.005);
    const [one, two] = levelMeans(CATALYST, MEANS);
    expect(two - one).to.be.closeTo(-5, 1e-12);
  });

  it('explain the shares of the published sums of squares', () => {
    const total = 208.33 + 75 + 8.33;
    expect(varianceShare(CONCENTRATION, MEANS, false)).to.be.closeTo(208.33 / total, 1e-4);
    expect(varianceShare(CATALYST, MEANS, false)).to.be.closeTo(75 / total, 1e-4);
  });

  it('have an interval around their share, which shrinks to nothing where replications agree', () => {
    const { low, high } = varianceShareInterval(CONCENTRATION, YIELDS, false);
    expect(low).to.be.within(0.3, 208.33 / 291.66);
    expect(high).to.be.within(208.33 / 291.66, 1);
    const agreeing = MEANS.map((each) => [each, each, each]);
    const share = varianceShare(CONCENTRATION, MEANS, false) ?? NaN;
    expect(varianceShareInterval(CONCENTRATION, agreeing, false).low).to.be.closeTo(share, 1e-9);
    expect(varianceShareInterval(CONCENTRATION, [[1], [2], [1], [2]], false)).to.deep.equal({ low: null, high: null });
  });

  it('are none where scenarios do not differ, be it for rounding', () => {
    expect(varianceShare(CONCENTRATION, [3, 3, 3, 3], false)).to.equal(null);
    expect(varianceShare(CONCENTRATION, [0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2], false)).to.equal(null);
  });

  describe('of a sample', () => {
    // y = 4 x₁ + 2 x₂ + x₃ of uniform x: first-order indices 16/21, 4/21, 1/21; x₄ has no part in it.
    const POINTS = 400;
    const LEVELS = 8;
    const sample = (seed: string) => {
      const stream = RandomStream.fromSeed(seed, 'sample');
      const x = range(4).map((factor) => range(POINTS).map((point) => stream.uniform(0, factor, point)));
      const y = range(POINTS).map((point) => [4 * x[0][point] + 2 * x[1][point] + x[2][point]]);
      const levels = x.map((column) => ({ of: column.map((each) => Math.floor(each * LEVELS)), count: LEVELS }));
      return { x, y, levels };
    };
    const INDICES = [16 / 21, 4 / 21, 1 / 21, 0];

    it('are the indices of the formula, but for what the bins hide (1/64 of each)', () => {
      const { y, levels } = sample('one');
      const flat = y.map(([value]) => value);
      INDICES.forEach((index, factor) => {
        const share = varianceShare(levels[factor], flat, true) ?? NaN;
        // Standard error of a correlation ratio of 400 points: about 2 √(s (1 − s)² / 400) ≤ 0.04.
        expect(share, String(factor)).to.be.closeTo((index * 63) / 64, 0.1);
      });
    });

    it('lie in their intervals in about 95 % of samples', () => {
      const held = range(100).filter((seed) => {
        const { y, levels } = sample(`sample ${seed}`);
        const { low, high } = varianceShareInterval(levels[0], y, true);
        return (low ?? 1) <= (INDICES[0] * 63) / 64 && (INDICES[0] * 63) / 64 <= (high ?? 0);
      });
      // 95 ± 3 binomial standard errors of 2.2.
      expect(held.length).to.be.within(88, 100);
    });
  });
});

describe('the rank correlation', () => {
  it('is that of the published example', () => {
    // Wikipedia, Spearman's rank correlation coefficient: IQ and hours of television of ten people, −29/165.
    const iq = [86, 97, 99, 100, 101, 103, 106, 110, 112, 113];
    const hours = [2, 20, 28, 27, 50, 29, 7, 17, 6, 12];
    expect(rankCorrelation(meanRanks(iq), meanRanks(hours))).to.be.closeTo(-29 / 165, 1e-12);
  });

  it('is 1 for any growing relation, ties sharing their mean rank, and none for a constant', () => {
    expect(rankCorrelation(meanRanks([1, 10, 100, 1000]), meanRanks([0, 1, 2, 7]))).to.be.closeTo(1, 1e-12);
    expect(rankCorrelation(meanRanks([1, 1, 2, 2]), meanRanks([1, 1, 5, 5]))).to.be.closeTo(1, 1e-12);
    expect(rankCorrelation(meanRanks([1, 2, 3]), meanRanks([4, 4, 4]))).to.equal(null);
  });
});
