import { expect } from 'chai';
import fc from 'fast-check';
import {
  BytewiseBrackets,
  jsonBrackets,
  type JsonBrackets,
} from '../../../../src/experiment/language/values/json-brackets.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Where elements end that follow one another in some pieces, in bytes, and what is known of each. */
function elementsOf(brackets: JsonBrackets, pieces: readonly Uint8Array[], squares: readonly boolean[]): unknown[] {
  const found: unknown[] = [];
  let before = 0;
  for (const piece of pieces) {
    for (let at = 0; at >= 0 && at < piece.length;) {
      const square = squares[found.length % squares.length];
      at = square ? brackets.afterSquare(piece, at) : brackets.afterClosing(piece, at);
      found.push([at < 0 ? at : before + at, brackets.lines, brackets.deepest]);
      if (at >= 0 && !square) brackets.reset();
    }
    before += piece.length;
  }
  return found;
}

/** Text that is made of what matters, in runs and alone, and now and then of what does not. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('{', '}', '[', ']', '"', '\\', '\n', '\\"', '{}', 'a', ';', '\u00fb'),
      fc.nat({ max: 130 }).map((length) => ' '.repeat(length)),
      fc.nat({ max: 130 }).map((length) => '\\'.repeat(length)),
      fc.json().map((json) => json.replaceAll(',', ',\n')),
    ),
    { maxLength: 60 },
  )
  .map((parts) => bytesOf(parts.join('')));

describe('JsonBrackets', () => {
  it('finds where an element ends, whatever its strings have in them', () => {
    const element = '{"a": "}\\"]", "b": [{}, "\\\\"], "c": "[{"}';
    for (const before of [0, 1, 30, 63, 64, 100, 65_530]) {
      const piece = bytesOf(`${' '.repeat(before)}${element}, {}`);
      expect(jsonBrackets().afterClosing(piece, 0), `after ${before}`).to.equal(before + element.length);
    }
  });

  it('finds where a list begins, counts lines, and how deep brackets are', () => {
    const brackets = jsonBrackets();
    const piece = bytesOf('{"[": {\n"a": {}, "b\n":\n[[');
    expect(brackets.afterSquare(piece, 0)).to.equal(piece.length - 1);
    expect([brackets.lines, brackets.deepest]).to.deep.equal([2, 3]);
  });

  it('takes 64 bytes at a time for the same as one by one, wherever pieces end', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
        (bytes, cuts, squares) => {
          const ends = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          const pieces = ends.slice(1).map((end, i) => bytes.subarray(ends[i], end));
          expect(elementsOf(jsonBrackets(), pieces, squares)).to.deep.equal(
            elementsOf(new BytewiseBrackets(), pieces, squares),
          );
        },
      ),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('takes 64 bytes at a time here', () => {
    expect(jsonBrackets(), 'this host has WebAssembly with SIMD').not.to.be.instanceOf(BytewiseBrackets);
  });

  it('reads a piece anew that has been written over', () => {
    const piece = bytesOf('[ ]');
    const brackets = jsonBrackets();
    expect(brackets.afterClosing(piece, 0)).to.equal(3);
    piece.set(bytesOf('[] '));
    expect(brackets.afterClosing(piece, 0)).to.equal(2);
  });
});
