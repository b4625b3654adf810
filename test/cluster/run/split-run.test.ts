import { expect } from 'chai';
import fc from 'fast-check';
import { ClusterRun } from '../../../src/cluster/run/cluster-run.js';
import { type ModelInput } from '../../../src/cluster/model/model-input.js';
import { STRATEGY_NAMES } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import { nodesOf, simulate } from '../../../src/cluster/run/simulate.js';
import { NodeQueue } from '../../../src/cluster/run/split-run.js';
import { everything, textOf } from '../everything.js';
import { change, inputOf, objectClass } from '../scenario.js';
import { byTurns, sharedRecord } from '../shared-record.js';
import { crash } from '../timeline-actions.js';

describe('a run that threads share', () => {
  for (const release of ['1.20', '1.24', '1.35']) {
    for (const strategy of STRATEGY_NAMES) {
      it(`gives the same result as on one thread: ${release}, ${strategy}, with every mode and action`, () => {
        const input = inputOf({ ...everything, release, strategy });
        const whole = simulate(input, 1);
        const shared = sharedRecord(input, 3, byTurns);
        expect(textOf(shared)).to.equal(textOf(whole));
        expect(shared.execution).to.deep.equal(whole.execution);
      });
    }
  }

  it('gives the same result whoever takes which nodes, and where somebody takes none', () => {
    const scenario = fc.record({
      strategy: fc.constantFrom(...STRATEGY_NAMES),
      start: fc.constantFrom('steady' as const, 'cold' as const),
      nodes: fc.integer({ min: 1, max: 40 }),
      samples: fc.constantFrom('none' as const, 'all' as const, 7),
      seed: fc.string({ minLength: 1, maxLength: 5 }),
    });
    const updates = fc.array(fc.tuple(fc.constantFrom('own', 'shared', 'fixed'), fc.nat(200)), { maxLength: 4 });
    const turns = fc.array(fc.nat(3), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(scenario, updates, fc.integer({ min: 2, max: 4 }), turns, (base, changes, threads, order) => {
        const input = inputOf({
          ...base,
          podsPerNode: 3,
          duration: 240,
          classes: [
            objectClass('own', { scope: 'pod' }),
            objectClass('shared', { as: 'projected' }),
            objectClass('fixed', { scope: 'node', immutableShare: 0.5 }),
          ],
          timeline: changes.map(([target, at]) => change('update', target, at)),
        });
        const shared = sharedRecord(input, threads, (turn) => order[turn % order.length]);
        expect(textOf(shared)).to.equal(textOf(simulate(input, 1)));
      }),
      { numRuns: 150, seed: 20261127 },
    );
  });

  it('is one whose nodes do not meet at the API servers', () => {
    const splits = (input: ModelInput, eager = false): boolean =>
      new ClusterRun(input, 1, nodesOf(input), { eager, whole: false, observer: null }).splits;
    expect(splits(inputOf({}))).to.equal(true);
    expect(splits(inputOf({}), true)).to.equal(false);
    expect(splits(inputOf({ apiServer: { capacity: 4 } }))).to.equal(false);
    expect(splits(inputOf({ timeline: [crash(10)] }))).to.equal(false);
  });

  it('hands out every node once', () => {
    for (const [nodes, threads] of [
      [1, 4],
      [7, 2],
      [5000, 2],
      [100_003, 8],
    ] as const) {
      // prettier-ignore
      const queue = new NodeQueue(new Int32Array(new SharedArrayBuffer(4)), nodes, threads);
      let expected = 0;
      for (let range = queue.take(); range !== null; range = queue.take()) {
        expect(range[0]).to.equal(expected);
        expected = range[1];
      }
      expect(expected).to.equal(nodes);
    }
  });
});
