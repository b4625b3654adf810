import { expect } from 'chai';
import { turnbull } from '../../src/validation/authorizer-lag.js';

const NONE = { after: -Infinity, until: 0 };

describe('the law of durations that are known by intervals', () => {
  it('is that of the durations where these are known', () => {
    const law = turnbull([3, 1, 2, 4].map((until) => ({ after: until - 1e-9, until })));
    expect([0.1, 0.3, 0.6, 0.9].map(law)).to.deep.equal([1, 2, 3, 4]);
  });

  it('has the share that is none, and gives the rest the end that most intervals have in common', () => {
    // Two were refused once: until 50 ms; until 1 s, but after 20 ms. 50 ms is in both.
    const law = turnbull([NONE, NONE, { after: 0, until: 0.05 }, { after: 0.02, until: 1 }]);
    expect([0.2, 0.45, 0.55, 0.95].map(law)).to.deep.equal([0, 0, 0.05, 0.05]);
  });

  it('reaches as late as an interval that no other end is in', () => {
    const law = turnbull([NONE, { after: 0, until: 0.05 }, { after: 0.1, until: 1 }]);
    expect([0.2, 0.5, 0.9].map(law)).to.deep.equal([0, 0.05, 1]);
  });
});
