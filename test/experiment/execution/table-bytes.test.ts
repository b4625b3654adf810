import { expect } from 'chai';
import fc from 'fast-check';
import { CONSUMPTION_MODES } from '../../../src/cluster/model/kinds.js';
import { packTables, unpackTables } from '../../../src/experiment/execution/table-bytes.js';
import { fakeRecord } from '../fakes.js';

const row = fc.record({
  name: fc.string({ maxLength: 2 }),
  number: fc.oneof(fc.nat(3), fc.nat(300), fc.nat(70_000), fc.integer()),
  time: fc.oneof(fc.nat(), fc.integer({ min: 2 ** 31, max: 2 ** 40 }), fc.constant(-1)),
  as: fc.constantFrom(...CONSUMPTION_MODES),
});

describe("a run's tables", () => {
  it('are the same once they were packed and unpacked, whatever numbers and names their samples hold', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const { updates, load } = fakeRecord(0, 1);
        const numbers = Int32Array.from(rows, ({ number }) => number);
        const times = Float64Array.from(rows, ({ time }) => time);
        const names = rows.map(({ name }) => name);
        const samples = {
          ...{
            update: numbers,
            object: names,
            version: numbers,
            node: names,
            pod: names,
            owner: names,
            as: rows.map(({ as }) => as),
          },
          ...{ writtenAtUs: times, cacheDelayUs: times, syncWaitUs: times, refreshUs: times },
          projectedAtUs: times.map((time) => 4 * time),
        };
        expect({ ...unpackTables(packTables({ updates, load, samples })) }).to.deep.equal({ updates, load, samples });
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
