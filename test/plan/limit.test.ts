import { expect } from 'chai';
import fc from 'fast-check';
import { findLimit } from '../../src/plan/limit.js';
import { formatQuantity, parseNumberWithUnit } from '../../src/plan/quantity.js';

describe('the search for a limit', () => {
  it('finds the last whole number that holds, to within 1 %, asking each value once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 40_000 }), async (first, limit) => {
        const asked: number[] = [];
        const { met, missed } = await findLimit(first, 1e6, true, (value) => {
          asked.push(value);
          return Promise.resolve(value <= limit);
        });
        expect(new Set(asked).size).to.equal(asked.length);
        if (first > limit) {
          expect([met, missed]).to.deep.equal([null, first]);
          return;
        }
        expect(met).to.be.at.most(limit);
        expect(missed).to.be.above(limit);
        expect((missed ?? 0) - (met ?? 0)).to.be.at.most(Math.max(1, 0.01 * (met ?? 0)));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('stops at the largest value allowed', async () => {
    const asked: number[] = [];
    const limit = await findLimit(3, 20, true, (value) => Promise.resolve(asked.push(value) > 0));
    expect(limit).to.deep.equal({ met: 20, missed: null });
    expect(asked).to.deep.equal([3, 6, 12, 20]);
  });

  it('tries fractions of values with a unit', async () => {
    const { met, missed } = await findLimit(10, 1000, false, (value) => Promise.resolve(value < 43.3));
    expect(met).to.be.within(42.8, 43.3);
    expect(missed).to.be.within(43.3, 43.8);
  });
});

describe('quantities', () => {
  it('keep their units', () => {
    expect(parseNumberWithUnit('60s')).to.deep.equal({ ok: true, value: { value: 60, unit: 's' } });
    expect(parseNumberWithUnit('4Ki')).to.deep.equal({ ok: true, value: { value: 4, unit: 'Ki' } });
    expect(formatQuantity(43.4375, 's')).to.equal('43.438s');
  });

  it('are above 0 and no durations of several units', () => {
    for (const text of ['0', '-1s', '1m30s', 'many', '']) expect(parseNumberWithUnit(text).ok, text).to.equal(false);
  });
});
