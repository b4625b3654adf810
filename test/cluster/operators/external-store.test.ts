import { expect } from 'chai';
import type { StoreInput } from '../../../src/cluster/model/operators-input.js';
import { randomnessOf } from '../../../src/cluster/model/randomness.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { OperatorLoad } from '../../../src/cluster/meters/operator-load.js';
import { ANSWER, ExternalStore } from '../../../src/cluster/operators/external-store.js';
import { exponentialFailureUs } from '../../../src/cluster/operators/failure-back-off.js';
import { inputOf } from '../scenario.js';
import { outage, S, store } from './operators.js';

const DURATION_S = 600;
const NAME = [7, 9] as const;

function storeWith(options: Partial<StoreInput>, timeline: readonly TimelineAction[] = []) {
  const input = inputOf({ duration: DURATION_S, timeline });
  const load = new OperatorLoad(input);
  return { load, store: new ExternalStore({ input, random: randomnessOf('test', 1) }, load, store(options)) };
}

/** Calls at a steady rate; how many got each answer. */
function answers(
  options: Partial<StoreInput>,
  perS: number,
  seconds: number,
  timeline: readonly TimelineAction[] = [],
) {
  const { store: source, load } = storeWith(options, timeline);
  const counts = [0, 0, 0];
  for (let call = 0; call < perS * seconds; call++) counts[source.call((call * S) / perS, ...NAME, call)]++;
  return { found: counts[ANSWER.FOUND], rejected: counts[ANSWER.TOO_MANY_REQUESTS], away: counts[ANSWER.AWAY], load };
}

describe('a store outside of the cluster', () => {
  for (const { ratePerS, burst, perS } of [
    { ratePerS: 2, burst: 2, perS: 10 },
    { ratePerS: 5, burst: 50, perS: 20 },
    { ratePerS: 10, burst: 1, perS: 40 },
  ]) {
    it(`answers ${burst} calls at once and ${ratePerS} a second; the others of ${perS} get 429`, () => {
      const seconds = 60;
      const { found, rejected, load } = answers({ rateLimit: { ratePerS, burst } }, perS, seconds);
      expect(found).to.be.within(burst + ratePerS * seconds - ratePerS / perS - 2, burst + ratePerS * seconds);
      expect(found + rejected).to.equal(perS * seconds);
      expect(load.storeRejected.total).to.equal(rejected);
      expect(load.storeCalls).to.include({ total: perS * seconds, max: perS });
    });
  }

  it('answers every call where it has no limit', () => {
    expect(answers({ rateLimit: null }, 100, 60)).to.include({ rejected: 0, away: 0 });
  });

  it('answers none while it is away, and those count neither as rejected nor against the limit', () => {
    const limited = { rateLimit: { ratePerS: 10, burst: 10 } };
    const { found, rejected, away, load } = answers(limited, 10, 60, [outage(20, 15)]);
    expect({ found, rejected, away }).to.deep.equal({ found: 450, rejected: 0, away: 150 });
    expect(load.storeFailed.total).to.equal(150);
  });

  it('is called again after U[1, 1.5) s', () => {
    const { store: source } = storeWith({});
    const calls = 4000;
    const waits = Array.from({ length: calls }, (_, draw) => source.retryWait(...NAME, draw) / S);
    expect(Math.min(...waits)).to.be.within(1, 1.01);
    expect(Math.max(...waits)).to.be.within(1.49, 1.5);
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / calls;
    expect(mean).to.be.closeTo(1.25, (4 * 0.5) / Math.sqrt(12 * calls));
  });
});

describe('the wait of a work queue after failures', () => {
  it('doubles each time, up to its limit', () => {
    const waits = [1, 2, 3, 10, 18, 19, 5000].map((failures) => exponentialFailureUs(failures, 5e3, 1000 * S));
    expect(waits).to.deep.equal([5e3, 10e3, 20e3, 2.56e6, 655.36e6, 1000 * S, 1000 * S]);
  });
});
