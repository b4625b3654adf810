import { expect } from 'chai';
import fc from 'fast-check';
import { BATCH_SIZE, LIST_ENDS, RandomBatch } from '../../src/sim/random-batch.js';
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

  it('walk renewal sequences as word by word, and stay where they are without WebAssembly', () => {
    const sequence = fc.tuple(word, word, fc.nat(1000), fc.integer({ min: -2000, max: 2000 }));
    const law = fc.record({ least: fc.integer({ min: 1_000_000, max: 100_000_000 }), span: fc.nat(90_000_000) });
    const batch = new RandomBatch();
    const without = new RandomBatch(null);
    fc.assert(
      fc.property(
        word,
        law,
        fc.array(sequence, { maxLength: 9 }),
        fc.integer({ min: -500, max: 1500 }),
        (key, law, sequences, until) => {
          const stream = new RandomStream(key, 5);
          const scale = law.span * 2 ** -32;
          for (const each of [batch, without]) {
            sequences.forEach(([high, low, drawn, second], i) => {
              [each.high[i], each.low[i], each.index[i], each.seconds[i]] = [high, low, drawn, second];
            });
          }
          expect(without.renew(stream, sequences.length, { least: law.least, scale }, until)).to.equal(false);
          expect(batch.renew(stream, sequences.length, { least: law.least, scale }, until)).to.equal(true);
          sequences.forEach(([high, low, first, second], i) => {
            let [drawn, at] = [first, second];
            while (at < until) {
              at += Math.floor((law.least + Math.floor(stream.uint32(high, low, drawn) * scale)) / 1e6);
              drawn++;
            }
            expect([batch.index[i], batch.seconds[i]]).to.deep.equal([drawn, at]);
            expect([without.index[i], without.seconds[i]]).to.deep.equal([first, second]);
          });
        },
      ),
    );
  });

  it('list the renewals of sequences before a second as word by word, each behind the end of the one before', () => {
    const sequence = fc.tuple(word, word, fc.nat(1000), fc.integer({ min: -300, max: 700 }));
    const laws = fc.record({
      least: fc.integer({ min: 1_000_000, max: 100_000_000 }),
      span: fc.nat(90_000_000),
      phase: fc.nat(999_999),
    });
    const batch = new RandomBatch();
    const sequences = fc.array(sequence, { maxLength: 9 });
    fc.assert(
      fc.property(
        word,
        laws,
        sequences,
        fc.integer({ min: -500, max: 900 }),
        (key, { least, span, phase }, all, until) => {
          const stream = new RandomStream(key, 5);
          const scale = span * 2 ** -32;
          const expected = all.map(([high, low, first, second]) => {
            const seconds: number[] = [];
            for (let [drawn, at] = [first, second]; at < until; drawn++) {
              seconds.push(at);
              at += Math.floor((least + Math.floor(stream.uint32(high, low, drawn) * scale)) / 1e6);
            }
            return seconds;
          });
          all.forEach(([high, low, drawn, second], i) => {
            [batch.high[i], batch.low[i], batch.index[i], batch.seconds[i]] = [high, low, drawn, second];
          });
          const room = Math.max(0, ...expected.map((seconds) => seconds.length)) + LIST_ENDS;
          expect(batch.listRenewals(stream, all.length, { least, scale, phase }, until, room)).to.equal(true);
          expected.forEach((seconds, i) => {
            const [begin, end] = [i * room + (all[i][2] & 1), i * room + batch.seconds[i]];
            expect([...batch.listedSeconds.subarray(begin, end)]).to.deep.equal(seconds);
            expect([...batch.listedTimes.subarray(begin, end)]).to.deep.equal(seconds.map((at) => at * 1e6 + phase));
            expect(batch.listedSeconds[end], 'never comes').to.equal(2 ** 30);
            expect(batch.listedTimes[end]).to.equal(Infinity);
          });
        },
      ),
    );
  });

  it('list no renewals without WebAssembly, nor where there is no room for them', () => {
    const law = { least: 1_000_000, scale: 0, phase: 0 };
    const stream = new RandomStream(1, 2);
    expect(new RandomBatch(null).listRenewals(stream, 1, law, 10, 20)).to.equal(false);
    expect(new RandomBatch().listRenewals(stream, 1000, law, 10, 20)).to.equal(true);
    expect(new RandomBatch().listRenewals(stream, 1000, law, 100, 110)).to.equal(false);
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
