import { expect } from 'chai';
import fc from 'fast-check';
import { RandomBatch } from '../../src/sim/random-batch.js';
import { RandomStream } from '../../src/sim/random.js';
import { WordRun } from '../../src/sim/word-run.js';

/** Both words of a block as hexadecimal text. */
const block = (key: readonly [number, number], low: number, index: number): string => {
  const stream = new RandomStream(...key);
  stream.pair(0, low, index);
  return [stream.first(), stream.second()].map((u) => (u * 2 ** 32).toString(16).padStart(8, '0')).join(' ');
};

/** Chi-square of 32-bit words over 64 cells. */
function chiSquare(words: readonly number[]): number {
  const cells = new Array<number>(64).fill(0);
  for (const word of words) cells[Math.floor(word / 2 ** 26)]++;
  const expected = words.length / 64;
  return cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** 99.9 % quantile of chi-square with 63 degrees of freedom. */
const CHI_SQUARE_63 = 103.4;

describe('random streams', () => {
  // Known answers of Threefry-2x32, 20 rounds (Random123, kat_vectors).
  it('agree with the published known answers', () => {
    expect(block([0, 0], 0, 0)).to.equal('6b200159 99ba4efe');
    expect(block([-1, -1], -1, -1)).to.equal('1cb996fc bb002be7');
    expect(block([0x13198a2e, 0x03707344], 0x243f6a88, 0x85a308d3)).to.equal('c4923a9c 483df7a0');
  });

  it('are the same word by word, in blocks and in runs, with WebAssembly and without, wherever these begin and however many are expected', () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const expected = fc.integer({ min: 0, max: 200 });
    const batches = [new RandomBatch(), new RandomBatch(null)];
    fc.assert(
      fc.property(
        word,
        word,
        word,
        word,
        fc.nat(99),
        expected,
        fc.nat(150),
        (k0, k1, high, low, first, many, taken) => {
          const stream = new RandomStream(k0, k1);
          const words = new Int32Array(16);
          stream.blocks(high, low, first, 8, words);
          words.forEach((each, i) => {
            expect(each >>> 0).to.equal(stream.uint32(high, low, 2 * first + i));
          });
          for (const batch of batches) {
            const run = new WordRun(stream, batch);
            run.begin(high, low, first, many);
            for (let i = 0; i < taken; i++) {
              if (run.at === run.end) run.more();
              expect(run.words[run.at++] >>> 0).to.equal(stream.uint32(high, low, first + i));
            }
          }
        },
      ),
      { numRuns: 100, seed: 20261128 },
    );
  });

  it('are uniform over indices, over entities, and over neighbouring seeds', () => {
    const stream = RandomStream.fromSeed('seed', 1);
    const n = 64000;
    const samples = [
      Array.from({ length: n }, (_, i) => stream.uint32(7, 11, i)),
      Array.from({ length: n }, (_, i) => stream.uint32(i, 11, 0)),
      Array.from({ length: n }, (_, i) => stream.uint32(7, i, 0)),
      Array.from({ length: 6400 }, (_, i) => RandomStream.fromSeed('seed', i).uint32(0, 0, 0)),
    ];
    for (const sample of samples) expect(chiSquare(sample)).to.be.below(CHI_SQUARE_63);
  });

  it('are uncorrelated between neighbouring indices and entities', () => {
    const stream = RandomStream.fromSeed('seed', 'correlation');
    const n = 40000;
    for (const draw of [(i: number) => stream.uniform(1, 2, i), (i: number) => stream.uniform(1, i, 0)]) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (draw(i) - 0.5) * (draw(i + 1) - 0.5);
      // 12 · mean product is a correlation with deviation 1/√n.
      expect(Math.abs((12 * sum) / n)).to.be.below(3.3 / Math.sqrt(n));
    }
  });

  it('are the same for the same names and differ for others', () => {
    const draw = (...names: (string | number)[]): number => RandomStream.fromSeed('s', ...names).uint32(1, 2, 3);
    expect(draw(1, 'a')).to.equal(draw(1, 'a'));
    expect(draw(1, 'a')).not.to.equal(draw(2, 'a'));
    expect(draw(1, 'a')).not.to.equal(draw('1', 'a'));
    expect(draw(1, 'a')).not.to.equal(draw(1, 'b'));
  });
});
