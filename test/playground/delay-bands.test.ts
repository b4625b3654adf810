import { expect } from 'chai';
import fc from 'fast-check';
import { delayBands } from '../../src/playground/delay-bands.js';

const STAGE = fc.integer({ min: 0, max: 1_000_000_000 });

describe('the bands of delays', () => {
  it('ascend from the shortest delay to the longest, in share and in time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(STAGE, STAGE, STAGE), { minLength: 1, maxLength: 200 }), (rows) => {
        const stage = (index: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[index]);
        const none = new Int32Array(rows.length);
        const texts = rows.map(() => '');
        const bands = delayBands({
          ...{
            update: none,
            version: none,
            object: texts,
            node: texts,
            pod: texts,
            owner: texts,
            as: rows.map(() => 'volume'),
          },
          ...{ writtenAtUs: stage(0), projectedAtUs: stage(0) },
          ...{ cacheDelayUs: stage(0), syncWaitUs: stage(1), refreshUs: stage(2) },
        });
        const delays = bands.map(({ cacheDelayS, syncWaitS, refreshS }) => cacheDelayS + syncWaitS + refreshS);
        const sums = rows.map(([cache, wait, refresh]) => (cache + wait + refresh) / 1e6);
        expect(delays[0]).to.be.closeTo(Math.min(...sums), 1e-6);
        expect(delays[delays.length - 1]).to.be.closeTo(Math.max(...sums), 1e-6);
        for (let i = 1; i < bands.length; i++) {
          expect(delays[i]).to.be.at.least(delays[i - 1] - 1e-6);
          expect(bands[i].share).to.be.at.least(bands[i - 1].share);
        }
      }),
      { seed: 1 },
    );
  });
});
