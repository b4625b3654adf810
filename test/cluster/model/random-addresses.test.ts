import { expect } from 'chai';
import fc from 'fast-check';
import {
  arrivalAddress,
  backOffAddress,
  OCCURRENCE_ADDRESSES,
  occurrenceAddress,
  TIMELINE_ENTRIES_MAX,
} from '../../../src/cluster/model/random-addresses.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { randomnessOf } from '../../../src/cluster/model/randomness.js';
import { buildPopulation } from '../../../src/cluster/run/simulate.js';
import { Writes } from '../../../src/cluster/workload/writes.js';
import { change, inputOf, objectClass } from '../scenario.js';

/** Each address that is made of two numbers, and how many of either there are. */
const ADDRESSES = [
  ['occurrence of a timeline entry', occurrenceAddress, TIMELINE_ENTRIES_MAX, OCCURRENCE_ADDRESSES],
  ['arrival of a write at a server', arrivalAddress, 2 ** 24, 2 ** 8],
  ['wait of a back-off manager', backOffAddress, 2 ** 30, 2 ** 2],
] as const;

describe('addresses of random draws', () => {
  for (const [name, address, firsts, seconds] of ADDRESSES) {
    it(`of each ${name} are its own, and whole numbers of 32 bits`, () => {
      const pair = fc.tuple(fc.integer({ min: 0, max: firsts - 1 }), fc.integer({ min: 0, max: seconds - 1 }));
      fc.assert(
        fc.property(pair, pair, (one, other) => {
          const same = one[0] === other[0] && one[1] === other[1];
          expect(address(...one) === address(...other)).to.equal(same);
          expect(address(...one) >>> 0).to.equal(address(...one));
        }),
        { numRuns: 2000, seed: 1 },
      );
      // The last of one entry and the first of the next are neighbours, not the same.
      expect(address(1, 0) - address(0, seconds - 1)).to.equal(1);
      expect(address(firsts - 1, seconds - 1)).to.equal(2 ** 32 - 1);
    });

    it(`are refused for a ${name} beyond them`, () => {
      expect(() => address(firsts, 0)).to.throw(RangeError);
      expect(() => address(0, seconds)).to.throw(RangeError);
      expect(() => address(-1, 0)).to.throw(RangeError);
      expect(() => address(NaN, 0)).to.throw(RangeError);
    });
  }
});

describe('the latencies of writes', () => {
  const latencies = (timeline: readonly TimelineAction[], duration: number): string[] => {
    const input = inputOf({ timeline, duration, nodes: 1, classes: [objectClass('shared')] });
    const writes = new Writes(buildPopulation(input), input, randomnessOf('s', 1));
    return Array.from({ length: writes.count }, (_, i) => `${writes.oneWay.get(i)} ${writes.service.get(i)}`);
  };

  it('are drawn anew for each occurrence of each entry, however often one happens', () => {
    const often = change('update', 'shared', 0, { everyUs: 50e3 });
    const seldom = change('update', 'shared', 0, { everyUs: 100e6 });
    const drawn = latencies([often, seldom], 3600);
    expect(drawn).to.have.length(72_000 + 36);
    // Two are the same by chance in one of some 10,000 cases; where entries share draws, in all 36.
    const second = drawn.slice(72_000);
    for (let shift = 0; shift + 36 <= 72_000; shift++) {
      const same = second.filter((each, i) => each === drawn[shift + i]);
      expect(same.length, `from occurrence ${shift} on`).to.be.lessThan(4);
    }
  });

  it('differ between a deletion and the creation that follows it', () => {
    const replace = { ...change('update', 'shared', 1), action: 'replace', by: 'recreate' } as const;
    const [deletion, creation] = latencies([replace], 60);
    expect(deletion).not.to.equal(creation);
  });
});
