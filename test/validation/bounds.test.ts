import { expect } from 'chai';
import { simulate } from '../../src/cluster/run/simulate.js';
import { boundCase, BOUNDED, boundsTable } from '../../src/validation/bounds.js';

/** Rotations of each of 100 objects: `secretsim validate --only bounds` has 100,000 of them a step. */
const TIMES = 10;

describe('the bound of each strategy and release step', () => {
  for (const step of BOUNDED) {
    const ttl = step.strategy === 'Cache' ? `, TTL ${step.nodeTTL}` : '';
    it(`holds, and is needed: ${step.strategy} ${step.release}, ${step.step}${ttl}`, () => {
      const { updates } = simulate(boundCase(step, TIMES).input, 1);
      expect(updates).to.have.lengthOf(100 * TIMES);
      const bound = updates[0].boundS ?? NaN;
      const worst = Math.max(...updates.map(({ timeTo100S }) => timeTo100S ?? Infinity));
      expect(worst).to.be.at.most(bound);
      // One in a thousand comes that near; one in a hundred thousand twice as near and more.
      expect(worst).to.be.at.least(0.93 * bound);
    });
  }

  it('is missed in the table where a rotation is later, or all are much sooner', () => {
    const runs = (worstS: number) => BOUNDED.map(() => [{ rotations: 100, worstS, boundS: 100 }]);
    expect(boundsTable(runs(99)).misses).to.equal(0);
    expect(boundsTable(runs(100.1)).misses).to.equal(BOUNDED.length);
    expect(boundsTable(runs(97)).misses).to.equal(BOUNDED.length);
  });
});
