import { expect } from 'chai';
import { parsePercent, shareOf } from '../../../../src/experiment/language/values/percent.js';

describe('parsePercent', () => {
  it('reads percentages as shares of a whole', () => {
    expect(['0%', '25%', '12.5%', '100%', '100.0%'].map(shareOf)).to.deep.equal([0, 0.25, 0.125, 1, 1]);
  });

  it('refuses all else', () => {
    for (const text of ['', '%', '25', '-1%', '1e1%', '25 %', '.5%', '5.%', '25%%', '٢%']) {
      expect(parsePercent(text), text).to.deep.include({ ok: false, reason: 'a share is written as 25% or 0.25' });
    }
    expect(parsePercent('100.1%')).to.deep.include({ ok: false, reason: 'more than the whole, 100%' });
  });

  it('leaves numbers as they are', () => {
    expect(shareOf(0.3)).to.equal(0.3);
    expect(() => shareOf('a lot')).to.throw(TypeError);
  });
});
