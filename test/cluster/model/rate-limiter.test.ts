import { expect } from 'chai';
import fc from 'fast-check';
import { RateLimiter } from '../../../src/cluster/model/rate-limiter.js';

describe('the kubelet’s client rate limiter', () => {
  it('lets the n-th of many simultaneous requests leave at max(0, (n − burst) / qps)', () => {
    const limiter = new RateLimiter(1, 5, 10);
    for (let n = 1; n <= 100; n++) expect(limiter.take(0, 0)).to.equal(Math.max(0, (n - 10) * 200e3));
  });

  it('is a token bucket that is full after a pause', () => {
    const limiter = new RateLimiter(1, 50, 100);
    for (let n = 0; n < 150; n++) limiter.take(0, 0);
    const later = 60e6;
    for (let n = 1; n <= 100; n++) expect(limiter.take(0, later)).to.equal(later);
    expect(limiter.take(0, later)).to.equal(later + 20e3);
  });

  it('never sends more than burst + qps × t in any window, and first come is first served', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3e6 }), { minLength: 1, maxLength: 80 }), (gaps) => {
        const limiter = new RateLimiter(1, 5, 10);
        let at = 0;
        const leaves = gaps.map((gap) => limiter.take(0, (at += gap)));
        for (let i = 1; i < leaves.length; i++) expect(leaves[i]).to.be.at.least(leaves[i - 1]);
        for (let i = 0; i < leaves.length; i++) {
          for (let j = i; j < leaves.length; j++) {
            expect(j - i + 1).to.be.at.most(10 + ((leaves[j] - leaves[i]) / 1e6) * 5 + 1e-3);
          }
        }
      }),
      { seed: 6 },
    );
  });

  it('keeps kubelets apart', () => {
    const limiter = new RateLimiter(2, 1, 1);
    expect([limiter.take(0, 0), limiter.take(1, 0), limiter.take(0, 0)]).to.deep.equal([0, 0, 1e6]);
  });
});
