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
        // Of 50 at the most, 1 is within reach: the limit lies below where the first value is beyond it.
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

  it('looks downwards, to the smallest value allowed, and upwards where the first value is too small', async () => {
    const down = await findLimit(60, 2, false, (value) => Promise.resolve(value >= 7));
    expect(down.met).to.be.within(7, 7.07);
    expect(down.missed).to.be.within(6.93, 7);
    const up = await findLimit(3, 1, true, (value) => Promise.resolve(value >= 70));
    expect(up).to.deep.equal({ met: 70, missed: 69 });
    expect(await findLimit(60, 2, true, () => Promise.resolve(true))).to.deep.equal({ met: 2, missed: null });
  });

  it('gives up where nothing within a thousand times holds', async () => {
    const asked: number[] = [];
    const none = await findLimit(3, 9, true, (value) => Promise.resolve(asked.push(value) < 0));
    expect([none, asked]).to.deep.equal([{ met: null, missed: 1 }, [3, 1]]);
    const fractions = await findLimit(1, 9, false, () => Promise.resolve(false));
    expect(fractions).to.deep.equal({ met: null, missed: 1 / 1024 });
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
