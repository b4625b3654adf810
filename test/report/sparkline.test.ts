import { expect } from 'chai';
import fc from 'fast-check';
import { axisLine, sparkline } from '../../src/report/sparkline.js';

describe('a sparkline', () => {
  it('is blank for nothing and full for all alone', () => {
    expect(sparkline([0, 1e-9, 0.5, 0.999999, 1])).to.equal(' ▁▄▇█');
    expect(sparkline([NaN])).to.equal(' ');
  });

  it('has a cell per share, and never falls where these rise', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(share), (shares) => {
        const cells = sparkline(shares.sort((a, b) => a - b)).split('');
        expect(cells).to.have.length(shares.length);
        expect(cells).to.deep.equal(cells.toSorted());
      }),
      { seed: 1 },
    );
  });

  it('has an axis with a text at each end', () => {
    expect(axisLine('0 s', '91 s', 12)).to.equal('0 s     91 s');
  });
});
