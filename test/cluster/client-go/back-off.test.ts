import { expect } from 'chai';
import { BackOffs, reflectorBackOffs } from '../../../src/cluster/client-go/back-off.js';
import type { Behaviours } from '../../../src/cluster/model/versions.js';
import { RandomStream } from '../../../src/sim/random.js';
import { type Outage, outageOf, type Sample, type Waits, waitsAsWritten } from '../model/switches/outages.js';

const REFLECTORS = 2000;
const MINUTES = [1, 5, 10, 30] as const;
type Law = Behaviours['reflectorBackOff'];

/** The waits of the model's WATCHes that find no server. */
function waitsOfModel(law: Law): Waits {
  const { watch } = reflectorBackOffs(REFLECTORS, RandomStream.fromSeed('model'), law);
  return (reflector, atS) => watch.next(reflector, reflector, 0, atS * 1e6) / 1e6;
}

const modelled = (law: Law, minutes: number): Outage => outageOf(waitsOfModel(law), minutes * 60, REFLECTORS);

/** Two means of independent samples agree: within four standard deviations of their difference. */
function expectAgreement(actual: Sample, expected: Sample, what: string): void {
  const error = Math.sqrt(actual.deviation ** 2 / actual.count + expected.deviation ** 2 / expected.count);
  expect(actual.mean, what).to.be.closeTo(expected.mean, 4 * error + 1e-9);
}

describe('the back-off of reflectors', () => {
  for (const law of ['two', 'shared', 'restarting'] as const) {
    it(`of the law ${law} tries as often in an outage, and waits as long after it, as the sources say`, () => {
      for (const minutes of MINUTES) {
        const expected = outageOf(waitsAsWritten(law, 'sources'), minutes * 60, REFLECTORS);
        const outage = modelled(law, minutes);
        expectAgreement(outage.tries, expected.tries, `tries in ${minutes} min`);
        expectAgreement(outage.waitS, expected.waitS, `wait after ${minutes} min`);
      }
    });
  }

  it('tries 10, 17 and 44 times again in 5, 10 and 30 minutes up to 1.35, and 17, 33 and 96 times from 1.36 on', () => {
    // As another simulation from the sources has it; a mean of 2,000 is right to 0.1.
    const tries = (law: Law) => [5, 10, 30].map((minutes) => modelled(law, minutes).tries.mean - 1);
    [10.5, 17.2, 43.8].forEach((mean, i) => expect(tries('shared')[i]).to.be.closeTo(mean, 0.15));
    [17.4, 33.4, 96.0].forEach((mean, i) => expect(tries('restarting')[i]).to.be.closeTo(mean, 0.25));
  });

  it('makes no difference between releases in outages of less than two minutes', () => {
    expect(modelled('restarting', 1.9)).to.deep.equal(modelled('shared', 1.9));
  });

  it('begins anew after two minutes without a failure, counted from the last wait or from the last beginning', () => {
    const waits = (restarts: boolean, times: readonly number[]): number[] => {
      const backOffs = new BackOffs(1, RandomStream.fromSeed('x'), 0, restarts);
      return times.map((at) => backOffs.next(0, 1, 2, at * 1e6) / 1e6);
    };
    // Bases 0.8, 1.6, 3.2: a wait is its base to twice its base.
    const bases = (restarts: boolean, times: readonly number[]): number[] =>
      waits(restarts, times).map((wait) => Math.floor(Math.log2(wait / 0.8)));
    expect(bases(false, [0, 100, 200, 300]), 'failures every 100 s, ≤1.35').to.deep.equal([0, 1, 2, 3]);
    expect(bases(true, [0, 100, 200, 300]), 'failures every 100 s, ≥1.36').to.deep.equal([0, 1, 0, 1]);
    for (const restarts of [false, true]) expect(bases(restarts, [0, 121, 242])).to.deep.equal([0, 0, 0]);
  });

  it('of a reflector that is made anew counts from then, so that its first failures follow each other', () => {
    const backOffs = new BackOffs(1, RandomStream.fromSeed('x'), 0, true);
    backOffs.reset(0, 0);
    const base = (at: number): number => Math.floor(Math.log2(backOffs.next(0, 1, 2, at * 1e6) / 0.8e6));
    expect([100, 110, 121, 130].map(base)).to.deep.equal([0, 1, 0, 1]);
  });

  it('has a sequence each for LISTs and WATCHes up to 1.27, and one for both later', () => {
    for (const [law, second] of [
      ['two', 0],
      ['shared', 1],
      ['restarting', 1],
    ] as const) {
      const { list, watch } = reflectorBackOffs(1, RandomStream.fromSeed('x'), law);
      watch.next(0, 1, 2, 0);
      expect(Math.floor(Math.log2(list.next(0, 1, 2, 1e6) / 0.8e6)), law).to.equal(second);
    }
  });
});
