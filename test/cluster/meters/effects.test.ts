import { expect } from 'chai';
import { STRATEGY_NAMES } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { Fingerprint } from '../../../src/sim/fingerprint.js';
import { change, inputOf, type Scenario } from '../scenario.js';

/** The kind of effect that files show a revision (`update-ledger.ts`). */
const PROJECTION = 1;

/** What a run adds to its fingerprint of files that show a revision, in the order in which it is found. */
function projectionsOf(scenario: Scenario): string[] {
  const effects: string[] = [];
  const { add } = Object.getOwnPropertyDescriptors(Fingerprint.prototype);
  Fingerprint.prototype.add = function (time, kind, a, b) {
    if (kind === PROJECTION) effects.push(`consumer ${a} at ${time}: revision ${b}`);
    add.value?.call(this, time, kind, a, b);
  };
  try {
    simulate(inputOf(scenario), 1);
  } finally {
    Object.defineProperties(Fingerprint.prototype, { add });
  }
  return effects;
}

describe('files that show a revision', () => {
  for (const strategy of STRATEGY_NAMES) {
    it(`are one effect, also where the read was answered before the commit, under ${strategy}`, () => {
      // Every other read is under way when a write commits.
      const effects = projectionsOf({
        strategy,
        nodes: 10,
        podsPerNode: 5,
        apiServer: { getFromCache: { p50Us: 20e6, p99Us: 40e6 }, getQuorum: { p50Us: 20e6, p99Us: 40e6 } },
        timeline: [change('update', 'shared', 30, { everyUs: 45e6 })],
      });
      expect(effects).to.have.length.above(100);
      expect(new Set(effects)).to.have.property('size', effects.length);
    });
  }
});
