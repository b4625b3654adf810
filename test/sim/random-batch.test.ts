import { expect } from 'chai';
import fc from 'fast-check';
import { BATCH_SIZE, RandomBatch } from '../../src/sim/random-batch.js';
import { RandomStream } from '../../src/sim/random.js';
import { randomKernel } from '../../src/sim/random-kernel.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const entity = fc.tuple(word, word, fc.nat(2 ** 31 - 1));

describe('random numbers of many entities at once', () => {
  it('are those of each entity alone, with WebAssembly and without', () => {
    expect(randomKernel(), 'this host has WebAssembly with SIMD').not.to.equal(null);
    const batches = [new RandomBatch(), new RandomBatch(null)];
    const entities = fc.array(entity, { maxLength: 40 });
    fc.assert(
      fc.property(word, word, entities, (k0, k1, drawn) => {
        const stream = new RandomStream(k0, k1);
        for (const batch of batches) {
          drawn.forEach(([high, low, index], i) => {
            [batch.high[i], batch.low[i], batch.index[i]] = [high, low, index];
          });
          const before = stream.draws;
          batch.draw(stream, drawn.length);
          expect(stream.draws - before, 'draws counted').to.equal(drawn.length);
          const alone = new RandomStream(k0, k1);
          drawn.forEach(([high, low, index], i) => {
            alone.pair(high, low, index);
            expect([batch.uniform(2 * i), batch.uniform(2 * i + 1)]).to.deep.equal([alone.first(), alone.second()]);
          });
        }
      }),
    );
  });

  it('come for as many entities as a batch has room for', () => {
    const stream = new RandomStream(1, 2);
    const batch = new RandomBatch();
    const last = BATCH_SIZE - 1;
    [batch.high[last], batch.low[last], batch.index[last]] = [7, 8, 9];
    batch.draw(stream, BATCH_SIZE);
    stream.pair(7, 8, 9);
    expect([batch.uniform(2 * last), batch.uniform(2 * last + 1)]).to.deep.equal([stream.first(), stream.second()]);
  });
});
