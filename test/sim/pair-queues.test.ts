import { expect } from 'chai';
import fc from 'fast-check';
import { PairQueues } from '../../src/sim/pair-queues.js';

const OWNERS = 3;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ push: fc.nat(OWNERS - 1), first: fc.integer(), second: fc.integer() }) },
  { weight: 3, arbitrary: fc.record({ shift: fc.nat(OWNERS - 1) }) },
  fc.constant('clear' as const),
);

describe('queues of pairs, one for each owner', () => {
  it('are what arrays are: first in, first out, whoever else has pairs', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const queues = new PairQueues(OWNERS);
        const oracle = Array.from({ length: OWNERS }, (): (readonly [number, number])[] => []);
        for (const next of steps) {
          if (next === 'clear') {
            queues.clear();
            for (const each of oracle) each.length = 0;
          } else if ('push' in next) {
            queues.push(next.push, next.first, next.second);
            oracle[next.push].push([next.first, next.second]);
          } else {
            const expected = oracle[next.shift].shift();
            expect(queues.shift(next.shift)).to.equal(expected !== undefined);
            if (expected !== undefined) expect([queues.first, queues.second]).to.deep.equal(expected);
          }
          oracle.forEach((each, owner) => expect(queues.isEmpty(owner)).to.equal(each.length === 0));
        }
      }),
      { seed: 1 },
    );
  });
});
