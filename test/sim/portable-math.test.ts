import { expect } from 'chai';
import fc from 'fast-check';
import { exp, ln, lnOnePlus, power, wholePower } from '../../src/sim/portable-math.js';

/** The distance of two doubles in units of the last place of the second. */
function units(found: number, expected: number): number {
  if (Object.is(found, expected)) return 0;
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(expected))));
  return Math.abs(found - expected) / 2 ** (exponent - 52);
}

const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });
const uniform = fc.integer({ min: 1, max: 2 ** 32 - 1 }).map((word) => word / 2 ** 32);

describe('logarithm and exponential that are the same everywhere', () => {
  it('are those of the engine, to two units in the last place', () => {
    fc.assert(
      fc.property(fc.oneof(positive, uniform), (x) => {
        expect(units(ln(x), Math.log(x))).to.be.at.most(2);
      }),
      { numRuns: 20_000, seed: 1 },
    );
    fc.assert(
      fc.property(fc.double({ min: -740, max: 709, noNaN: true }), (x) => {
        expect(units(exp(x), Math.exp(x))).to.be.at.most(2);
      }),
      { numRuns: 20_000, seed: 2 },
    );
    fc.assert(
      fc.property(fc.double({ min: -0.999, max: 1e6, noNaN: true }), (x) => {
        expect(units(lnOnePlus(x), Math.log1p(x))).to.be.at.most(6);
      }),
      { numRuns: 5000, seed: 3 },
    );
  });

  it('have known answers, to the last bit', () => {
    expect(ln(1)).to.equal(0);
    expect(ln(2)).to.equal(Math.LN2);
    expect(ln(10)).to.equal(Math.LN10);
    expect(ln(0.5)).to.equal(-Math.LN2);
    expect(ln(3)).to.equal(1.0986122886681096);
    expect(ln(1e-310)).to.equal(-713.8013788281542);
    expect(exp(0)).to.equal(1);
    expect(exp(1)).to.equal(Math.E);
    expect(exp(-1)).to.equal(0.36787944117144233);
    expect(exp(10)).to.equal(22026.465794806718);
    expect(exp(-740)).to.equal(4.2e-322);
  });

  it('end where doubles end', () => {
    expect([ln(0), ln(-1), ln(NaN), ln(Infinity)]).to.deep.equal([-Infinity, NaN, NaN, Infinity]);
    expect([exp(710), exp(-746), exp(NaN), exp(-Infinity), exp(Infinity)]).to.deep.equal([
      Infinity,
      0,
      NaN,
      0,
      Infinity,
    ]);
  });

  it('grow with their argument', () => {
    fc.assert(
      fc.property(positive, positive, (x, y) => {
        const [low, high] = x < y ? [x, y] : [y, x];
        expect(ln(low)).to.be.at.most(ln(high));
      }),
      { numRuns: 5000, seed: 4 },
    );
  });
});

describe('powers', () => {
  it('are exact where whole numbers are multiplied', () => {
    for (let n = 0; n < 30; n++) {
      expect(wholePower(3, n)).to.equal(Number(3n ** BigInt(n)));
      expect(wholePower(2, n)).to.equal(2 ** n);
    }
  });

  it('are those of the engine, to the error of the exponent', () => {
    fc.assert(
      fc.property(uniform, fc.integer({ min: 1, max: 1000 }), (x, n) => {
        expect(power(x, 1 / n)).to.be.closeTo(x ** (1 / n), 1e-14);
      }),
      { numRuns: 5000, seed: 5 },
    );
    expect([power(0, 2), power(0, 0), power(7, 0)]).to.deep.equal([0, 1, 1]);
  });
});
