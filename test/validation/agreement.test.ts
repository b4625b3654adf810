import { expect } from 'chai';
import { RandomStream } from '../../src/sim/random.js';
import { holm, kolmogorovSmirnov, LEVEL, standing, standingOfDistance } from '../../src/validation/agreement.js';
import { estimate } from '../../src/validation/expectations.js';

/** Independent values of a bell-shaped law: sums of twelve uniform ones. */
function bell(count: number, seed: string): number[] {
  const stream = RandomStream.fromSeed(seed);
  return Array.from({ length: count }, (_, i) => {
    let sum = -6;
    for (let part = 0; part < 12; part++) sum += stream.uniform(i, part, 0);
    return sum;
  });
}

describe('a measured value among simulated ones', () => {
  const simulated = Array.from({ length: 199 }, (_, i) => i + 1);

  it('has a p value by its rank where it lies among them', () => {
    const inside = standing(100, simulated);
    expect(inside.rank).to.equal(99.5);
    expect(inside.p).to.equal(1);
    // Nine simulated values are smaller, and ten at most as far out as the tenth on this side: 2 · 11 / 200.
    expect(standing(10.5, simulated).p).to.be.closeTo(0.11, 1e-12);
  });

  it('has a p value by Student’s t where it lies beyond them, which is at most what the rank allows', () => {
    const values = bell(200, 'beyond');
    expect(standing(3.6, values).p).to.be.below(0.001);
    expect(standing(-3.6, values).p).to.be.below(0.001);
    expect(standing(Math.max(...values) + 1e-9, values).p).to.be.at.most(2 / 201);
  });

  it('of values that never vary has to be that value', () => {
    expect(standing(12, [12, 12, 12]).p).to.equal(1);
    expect(standing(12.1, [12, 12, 12]).p).to.equal(0);
  });

  it('tells against the model only where it is large, if it is a distance', () => {
    const distances = bell(200, 'distance').map(Math.abs);
    expect(standingOfDistance(0, distances).p).to.be.above(0.99);
    expect(standingOfDistance(6, distances).p).to.be.below(1e-4);
  });

  it('of the same law is rejected as often as the level says', () => {
    const trials = 2000;
    const rejected = Array.from({ length: trials }, (_, trial) => {
      const [value, ...others] = bell(201, `size ${trial}`);
      return standing(value, others).p < LEVEL ? 1 : 0;
    }).reduce<number>((sum, each) => sum + each, 0);
    // 20 expected; three standard deviations of a count of 2,000 at 1 % are 13.
    expect(rejected).to.be.within(7, 33);
  });
});

describe('Holm’s correction', () => {
  it('gives the worked example of R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")', () => {
    const adjusted = holm([0.01, 0.02, 0.03, 0.04, 0.05]);
    [0.05, 0.08, 0.09, 0.09, 0.09].forEach((p, i) => expect(adjusted[i]).to.be.closeTo(p, 1e-12));
  });

  it('keeps the order of the rows, and never passes 1', () => {
    const adjusted = holm([0.9, 0.001, 0.8]);
    expect(adjusted[1]).to.be.closeTo(0.003, 1e-12);
    expect(Math.max(...adjusted)).to.equal(1);
  });
});

describe('the Kolmogorov–Smirnov distance', () => {
  it('is the largest difference of two distribution functions', () => {
    expect(kolmogorovSmirnov([1, 2, 3], [1, 2, 3])).to.equal(0);
    expect(kolmogorovSmirnov([1, 2], [3, 4])).to.equal(1);
    expect(kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6])).to.equal(0.5);
  });

  it('takes ties as one step', () => {
    expect(kolmogorovSmirnov([1, 1, 2, 2], [1, 2])).to.equal(0);
  });
});

describe('an estimate against an expected value', () => {
  const values = bell(100, 'estimate').map((value) => value + 38);

  it('has a t interval around its mean, and rejects a wrong expectation', () => {
    const right = estimate(values, { expected: 38 });
    expect(right.ci95Low).to.be.below(38);
    expect(right.ci95High).to.be.above(38);
    expect(right.p).to.be.above(0.05);
    expect(estimate(values, { expected: 38.6 }).p).to.be.below(1e-5);
  });

  it('agrees with a range that it lies in', () => {
    expect(estimate(values, { expected: [37, 39] }).p).to.equal(1);
    expect(estimate(values, { expected: [39, 40] }).p).to.be.below(1e-5);
  });

  it('holds a median to a sign test', () => {
    expect(estimate(values, { expected: 38, median: true }).p).to.be.above(0.05);
    // P(at most k of 100 below) by the binomial law: 79 to 21 is 5.6 standard deviations.
    expect(estimate(values, { expected: 38.8, median: true }).p).to.be.below(1e-6);
  });

  it('has an interval of the median that order statistics bound: the 40th and the 61st of 100', () => {
    const ranks = Array.from({ length: 100 }, (_, i) => i + 1);
    const { ci95Low, ci95High } = estimate(ranks, { expected: 50, median: true });
    expect([ci95Low, ci95High]).to.deep.equal([40, 61]);
  });
});
