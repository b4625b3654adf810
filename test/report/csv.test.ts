import { expect } from 'chai';
import fc from 'fast-check';
import { csvLines, csvPreamble, seconds } from '../../src/report/csv.js';
import { plainNumber } from '../../src/report/plain-number.js';

const plain = { excel: false };
const excel = { excel: true };

describe('CSV numbers', () => {
  it('prints whole microseconds as seconds with at most six decimals, exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), (us) => {
        const [whole, fraction = ''] = plainNumber(seconds(us)).split('.');
        expect(fraction.length).to.be.at.most(6);
        expect(BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))).to.equal(BigInt(us));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('prints 37950123 µs as 37.950123', () => {
    expect(plainNumber(seconds(37_950_123))).to.equal('37.950123');
  });

  it('reads back as the same number to 15 digits, without an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
        const text = plainNumber(value);
        expect(text).to.match(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).to.equal(value === 0 ? 0 : Number(value.toPrecision(15)));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('prints the mean of 36.6359287 and 36.6359289 as 36.6359288', () => {
    expect(plainNumber(36.635928799999995)).to.equal('36.6359288');
  });

  it('refuses NaN and infinities', () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      expect(() => csvLines([[value]], plain)).to.throw(RangeError);
    }
  });
});

describe('CSV text', () => {
  it('is quoted as RFC 4180 says, with a line feed after each row', () => {
    expect(csvLines([['a', 'b,c', 'd"e', 'f\ng', null, 1.5]], plain)).to.equal('a,"b,c","d""e","f\ng",,1.5\n');
  });

  it('is made harmless where a spreadsheet would take it for a formula', () => {
    for (const text of [
      '=1+2',
      '+1',
      '-1',
      '@SUM(A1)',
      '  =1+2',
      '\u00a0=1',
      '\uff1d1',
      '\uff0b1',
      '\uff0d1',
      '\uff20x',
    ]) {
      expect(csvLines([[text]], plain)).to.equal(`'${text}\n`);
      expect(csvLines([[text]], excel)).to.equal(`'${text}\n`);
    }
    expect(csvLines([['\t=1']], plain)).to.equal(`"'\t=1"\n`);
    expect(csvLines([['\r=1']], plain)).to.equal(`"'\r=1"\n`);
    expect(csvLines([['\nx']], plain)).to.equal(`"'\nx"\n`);
  });

  it('is harmless behind a separator of another dialect too', () => {
    expect(csvLines([['a;=1+2']], plain)).to.equal(`"a;'=1+2"\n`);
    expect(csvLines([['a,=1+2']], plain)).to.equal('"a,=1+2"\n');
    expect(csvLines([['a, =1+2', 'b,-1', 'c\n@d']], excel)).to.equal(`a, '=1+2;b,'-1;"c\n'@d"\n`);
    expect(csvLines([['1-2, 3+4']], excel)).to.equal('1-2, 3+4\n');
  });

  it('keeps its minus signs inside, and numbers theirs in front', () => {
    expect(csvLines([['a-b', -5, -0.25]], plain)).to.equal('a-b,-5,-0.25\n');
  });

  it('has nothing in front', () => {
    expect(csvPreamble(plain)).to.equal('');
  });
});

describe('CSV with --excel', () => {
  it('has semicolons between cells and commas in numbers only', () => {
    expect(csvLines([['v1.33', 1.5, -2.25, 3, null, 'a;b']], excel)).to.equal('v1.33;1,5;-2,25;3;;"a;b"\n');
  });

  it('begins with a byte-order mark', () => {
    expect(Buffer.from(csvPreamble(excel))).to.deep.equal(Buffer.from([0xef, 0xbb, 0xbf]));
  });
});
