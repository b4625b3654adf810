import { expect } from 'chai';
import { range } from 'd3-array';
import { simulate } from '../../src/cluster/run/simulate.js';
import { RandomStream } from '../../src/sim/random.js';
import { boundCase, BOUNDED, boundsTable } from '../../src/validation/bounds.js';

/** Rotations of each of 110 objects: `secretsim validate --only bounds` has 100,000 of them a step. */
const TIMES = 10;

describe('the bound of each strategy and release step', () => {
  for (const step of BOUNDED) {
    const ttl = step.strategy === 'Cache' ? `, TTL ${step.nodeTTL}` : '';
    it(`holds, and is needed: ${step.strategy} ${step.release}, ${step.step}${ttl}`, () => {
      const { updates } = simulate(boundCase(step, TIMES).input, 1);
      expect(updates).to.have.lengthOf(110 * TIMES);
      const bound = updates[0].boundS ?? NaN;
      const worst = Math.max(...updates.map(({ timeTo100S }) => timeTo100S ?? Infinity));
      expect(worst).to.be.at.most(bound);
      // One in a thousand comes that near; one in a hundred thousand twice as near and more.
      expect(worst).to.be.at.least(0.93 * bound);
    });
  }

  it('is missed in the table where a rotation is later, all are much sooner, or quantiles are told wrongly', () => {
    const uniform = RandomStream.fromSeed('bounds');
    // 1,000 experiments of 110 rotations each.
    const times = (worst: number, spread: number) =>
      range(1000).map((experiment) => ({
        boundS: 100,
        lastPodS: Float64Array.from(range(110), (i) => worst - spread * uniform.uniform(0, experiment, i)),
      }));
    const misses = (runs: ReturnType<typeof times>): number => boundsTable([runs], BOUNDED.slice(0, 1)).misses;
    expect(misses(times(99.5, 50))).to.equal(0);
    expect(misses(times(100.1, 50))).to.equal(1);
    expect(misses(times(97, 50))).to.equal(1);
    const alike = times(99.5, 50).map((run, index) => ({
      ...run,
      lastPodS: run.lastPodS.map(() => 99.5 - index / 20),
    }));
    expect(misses(alike)).to.equal(1);
  });
});
