import { expect } from 'chai';
import fc from 'fast-check';
import { parseQuantity, sizeBytes } from '../../../../src/experiment/language/values/quantities.js';
import { parseRate, ratePerS } from '../../../../src/experiment/language/values/rates.js';

function reason(text: string): string {
  const result = parseQuantity(text);
  return result.ok ? `accepted as ${result.value}` : result.reason;
}

describe('sizes', () => {
  it('are Kubernetes quantities or plain bytes', () => {
    expect(sizeBytes('4Ki')).to.equal(4096);
    expect(sizeBytes('1Mi')).to.equal(1_048_576);
    expect(sizeBytes('1.5Ki')).to.equal(1536);
    expect(sizeBytes('4k')).to.equal(4000);
    expect(sizeBytes('4e3')).to.equal(4000);
    expect(sizeBytes('4E3')).to.equal(4000);
    expect(sizeBytes('4000e-3')).to.equal(4);
    expect(sizeBytes('5000m')).to.equal(5);
    expect(sizeBytes('12')).to.equal(12);
    expect(sizeBytes(12)).to.equal(12);
  });

  it('name the suffix that was probably meant', () => {
    expect(reason('4KB')).to.equal('unknown suffix; did you mean k or Ki? (known: k, M, G and Ki, Mi, Gi)');
    expect(reason('4x')).to.equal('unknown suffix (known: k, M, G and Ki, Mi, Gi)');
    expect(reason('4constructor')).to.match(/^unknown suffix \(/);
  });

  it('are whole, not negative and finite', () => {
    expect(reason('-4Ki')).to.equal('a size cannot be negative');
    expect(reason('0.5')).to.equal('not a whole number of bytes');
    expect(reason('100m')).to.equal('not a whole number of bytes');
    expect(reason('9E')).to.equal('larger than any object');
    expect(reason('1e99')).to.equal('the exponent is beyond any size');
    expect(reason('')).to.match(/^a size is a Kubernetes quantity/);
    expect(reason('Ki')).to.match(/^a size is a Kubernetes quantity/);
    expect(reason('4 Ki')).to.match(/^a size is a Kubernetes quantity/);
  });

  it('scale by their suffix exactly', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (count) => {
        expect(sizeBytes(`${count}Ki`)).to.equal(count * 1024);
        expect(sizeBytes(`${count}k`)).to.equal(count * 1000);
        expect(sizeBytes(`${count * 1000}m`)).to.equal(count);
      }),
    );
  });
});

describe('rates', () => {
  it('are numbers per second, minute or hour', () => {
    expect(ratePerS('20/s')).to.equal(20);
    expect(ratePerS('300/m')).to.equal(5);
    expect(ratePerS('0.5/s')).to.equal(0.5);
    expect(ratePerS('7200/h')).to.equal(2);
  });

  it('need a unit, and begin', () => {
    expect(parseRate('20').ok).to.equal(false);
    expect(parseRate('20/d').ok).to.equal(false);
    expect(parseRate('-1/s')).to.deep.equal({ ok: false, reason: 'a rate cannot be negative' });
    expect(parseRate('0/s')).to.deep.equal({
      ok: false,
      reason: 'a rate of zero would never begin: leave the entry out',
    });
    expect(parseRate('1000000/s').ok).to.equal(false);
  });
});
