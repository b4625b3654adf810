import { expect } from 'chai';
import fc from 'fast-check';
import { getBorderCharacters, table } from 'table';
import { plainTable } from '../../src/report/plain-table.js';

describe('a table without borders', () => {
  it('is the one that the library for tables lays out, whatever stands in its cells', () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom(...Array.from(' a-1.%')), maxLength: 6 }),
      fc.string({ unit: fc.constantFrom(...Array.from('é宽😀 \u001b[32m')), maxLength: 4 }),
    );
    const alignment = fc.constantFrom('left' as const, 'right' as const, 'center' as const);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 }),
        fc.tuple(alignment, alignment, alignment),
        (rows, alignments) => {
          const columns = alignments.map((each) => ({ alignment: each }));
          const laidOut = table(rows, {
            border: getBorderCharacters('void'),
            drawHorizontalLine: () => false,
            columnDefault: { paddingLeft: 0, paddingRight: 3 },
            columns,
          });
          const expected = laidOut.trimEnd().split('\n').map((line) => line.trimEnd()); // prettier-ignore
          expect(plainTable(rows, columns)).to.deep.equal(expected);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});
