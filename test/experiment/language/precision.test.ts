import { expect } from 'chai';
import fc from 'fast-check';
import {
  judgePrecision,
  lookAhead,
  type Precision,
  type PrecisionVerdict,
} from '../../../src/experiment/language/precision.js';
import { MEAN, type Over } from '../../../src/experiment/language/values/statistic.js';
import { quantilePlaces } from '../../../src/experiment/statistics/shares.js';
import { quantileR7, relativeHalfWidth, summarize } from '../../../src/experiment/statistics/statistics.js';
import { RandomStream } from '../../../src/sim/random.js';

const PRECISION: Precision = {
  metric: 'delay_p99_s',
  subject: 'delay_p99_s',
  over: MEAN,
  relative: 0.1,
  min: 5,
  max: 200,
};

function noise(seed: string, count: number, spread: number): number[] {
  const stream = RandomStream.fromSeed(seed, 'precision');
  return Array.from({ length: count }, (_, index) => 10 + spread * (stream.uniform(0, 0, index) - 0.5));
}

/** Hands over as many values as each judgement wants, as the runner does. */
function judged(values: readonly number[], precision: Precision): PrecisionVerdict {
  let known = 0;
  for (;;) {
    const judgement = judgePrecision(values.slice(0, known), precision);
    if (judgement.decided) return judgement.verdict;
    expect(judgement.wanted).to.be.above(known);
    known = judgement.wanted;
  }
}

describe('the relative half-width', () => {
  // Law, Simulation Modeling and Analysis, 5th ed., section 9.4.1: average delays of ten days of the bank model.
  const BANK = [1.53, 1.66, 1.24, 2.34, 2.0, 1.69, 2.69, 2.86, 1.7, 2.6];

  it('is that of the bank model: 2.03 ± 0.32 with 90 % confidence', () => {
    const { n, mean, stddev } = summarize(BANK);
    expect(mean).to.be.closeTo(2.03, 0.005);
    expect((stddev ?? 0) ** 2).to.be.closeTo(0.31, 0.005);
    const width = relativeHalfWidth(n, mean ?? 0, (stddev ?? 0) ** 2, 0.9) ?? 0;
    expect(width * (mean ?? 0)).to.be.closeTo(0.32, 0.005);
  });

  it('needs 27 days of the bank for a relative error of 10 % with 90 % confidence, as the book says', () => {
    const days = Array.from({ length: 100 }, (_, index) => index + 10);
    const enough = days.find((n) => (relativeHalfWidth(n, 2.03, 0.31, 0.9) ?? 1) <= 0.1 / 1.1);
    expect(enough).to.equal(27);
  });

  it('is zero for values that are all alike, and undefined about a mean of zero', () => {
    expect(relativeHalfWidth(3, 0, 0)).to.equal(0);
    expect(relativeHalfWidth(3, 0, 1)).to.equal(null);
    expect(relativeHalfWidth(1, 5, 0)).to.equal(null);
  });
});

describe('judgePrecision', () => {
  it('asks for the first judgement and its look-ahead, and is content with values that are all alike', () => {
    expect(judgePrecision([], PRECISION)).to.deep.equal({ decided: false, wanted: 10 });
    expect(judgePrecision(new Array<number>(10).fill(7), PRECISION)).to.deep.equal({
      decided: true,
      verdict: { replications: 10, needed: 5, relativeHalfWidth: 0, stoppedBy: 'precision' },
    });
  });

  it('stops at the first number of replications that suffices and goes on sufficing', () => {
    const values = noise('first', 200, 8);
    const { needed, replications } = judged(values, PRECISION);
    const holds = (n: number): boolean => {
      const { mean, ci95High } = summarize(values.slice(0, n));
      return ((ci95High ?? Infinity) - (mean ?? 0)) / (mean ?? 0) <= 0.1 / 1.1;
    };
    expect(needed).to.be.above(PRECISION.min);
    const last = needed ?? 0;
    expect(replications).to.equal(last + lookAhead(last));
    for (let n = last; n <= replications; n++) expect(holds(n), String(n)).to.equal(true);
    for (let n = PRECISION.min; n < last; n++) {
      const ahead = Array.from({ length: lookAhead(n) + 1 }, (_, index) => n + index);
      expect(ahead.every(holds), String(n)).to.equal(false);
    }
  });

  it('is not misled by a lucky start', () => {
    const lucky = [10, 10, 10, 10.1, 9.9, 2, 18, 5, 15, 10, 10];
    expect(judgePrecision(lucky, PRECISION)).to.deep.include({ decided: false });
  });

  it('looks further ahead where it took many replications', () => {
    expect([10, 100, 101, 160, 400].map(lookAhead)).to.deep.equal([5, 5, 5, 8, 20]);
  });

  it('gives a verdict that values beyond it do not change', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 20, noNaN: true }), fc.nat(50), (seed, spread, surplus) => {
        const values = noise(seed, 200, spread);
        const verdict = judged(values, PRECISION);
        const further = values.slice(0, verdict.replications + surplus);
        expect(judgePrecision(further, PRECISION)).to.deep.equal({ decided: true, verdict });
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('gives up at the maximum, and says how wide the interval is then', () => {
    const {
      stoppedBy,
      needed,
      replications,
      relativeHalfWidth: width,
    } = judged(noise('far', 40, 15), { ...PRECISION, relative: 0.01, max: 40 });
    expect({ stoppedBy, needed, replications }).to.deep.equal({ stoppedBy: 'max', needed: null, replications: 40 });
    // A uniform of width 15 around 10 has the standard deviation 4.33; t(39) = 2.02.
    expect(width).to.be.closeTo((2.02 * 4.33) / Math.sqrt(40) / 10, 0.03);
  });

  it('goes on while a share was not seen at all, unlike with other metrics that are zero', () => {
    const zeros = new Array<number>(12).fill(0);
    expect(judgePrecision(zeros, { ...PRECISION, metric: 'rejected_429' })).to.deep.include({ decided: true });
    expect(judgePrecision(zeros, { ...PRECISION, metric: 'delay_over_60s_share' }).decided).to.equal(false);
  });

  it('adds replications until a quantile is between two order statistics that are near enough', () => {
    const precision: Precision = { ...PRECISION, over: { kind: 'quantile', p: 0.9 }, relative: 0.05, max: 2000 };
    const values = noise('tail', 2000, 8);
    const { needed } = judged(values, precision);
    // Below 36 values the interval of p90 has no upper end.
    expect(needed).to.be.above(36);
    const sorted = values.slice(0, needed ?? 0).toSorted((a, b) => a - b);
    const { low, high } = quantilePlaces(sorted.length, 0.9);
    const width = sorted[(high ?? NaN) - 1] - sorted[(low ?? NaN) - 1];
    expect(width / 2 / (quantileR7(sorted, 0.9) ?? NaN)).to.be.at.most(0.05 / 1.05);
  });

  it('adds replications until the share of those in which something holds is known', () => {
    const share = (limit: number): Over => ({ kind: 'share', operator: '<', limit });
    const values = noise('share', 2000, 8);
    const half = judged(values, { ...PRECISION, over: share(10), max: 2000 });
    // Clopper and Pearson: about 1.96 √(0.25 / n) / 0.5 ≤ 0.1 / 1.1 from 465 on.
    expect(half.needed).to.be.within(400, 560);
    const none = judged(values, { ...PRECISION, over: share(1), max: 60 });
    expect(none).to.include({ stoppedBy: 'max', needed: null, relativeHalfWidth: null });
  });

  it('leaves runs without a value out, and stops where there is none at all', () => {
    expect(judgePrecision([null, null, null, null, null], PRECISION)).to.deep.equal({
      decided: true,
      verdict: { replications: 5, needed: null, relativeHalfWidth: null, stoppedBy: 'no value' },
    });
    const gaps = [7, null, 7, null, 7, 7, 7, 7, 7, 7];
    expect(judgePrecision(gaps, PRECISION)).to.deep.include({ decided: true });
  });
});
