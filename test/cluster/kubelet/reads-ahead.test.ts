import { expect } from 'chai';
import fc from 'fast-check';
import { STRATEGY_NAMES } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { textOf } from '../everything.js';
import { change, inputOf, objectClass } from '../scenario.js';

describe('reads whose outcome is known when an event or an answer arrives', () => {
  it('are no events, and the result is that of the eager engine: whatever clocks, latencies and updates', () => {
    const cluster = fc.record({
      strategy: fc.constantFrom(...STRATEGY_NAMES),
      release: fc.constantFrom('1.20', '1.24', '1.33', '1.36'),
      nodes: fc.integer({ min: 1, max: 4 }),
      podsPerNode: fc.integer({ min: 1, max: 5 }),
      syncFrequency: fc.constantFrom(2, 10, 45),
      ttl: fc.constantFrom(1, 20, 70),
      samples: fc.constantFrom('all' as const, 'none' as const),
      seed: fc.string({ minLength: 1, maxLength: 5 }),
    });
    const clocks = fc.record({
      syncTickerPeriodUs: fc.constantFrom(0, 400_000, 1_000_000, 1_500_000),
      workerResyncIntervalJitterFactor: fc.constantFrom(0, 0.5, 1.3),
      syncPodDurationUs: fc.constantFrom(0, 5000),
      populatorLoopSleepPeriodUs: fc.constantFrom(0, 100_000, 1_700_000),
      volumeWriteDurationUs: fc.constantFrom(0, 1000, 3_000_000),
    });
    const latencies = fc.record({
      dispatch: fc.constantFrom(2000, 800_000, 9_000_000),
      get: fc.constantFrom(700, 500_000, 3_000_000),
    });
    const updates = fc.array(fc.tuple(fc.constantFrom('own', 'shared'), fc.nat(150_000), fc.nat(9)), { maxLength: 6 });
    let fewer = 0;
    fc.assert(
      fc.property(cluster, clocks, latencies, updates, (base, kubelet, { dispatch, get }, steps) => {
        const input = inputOf({
          ...base,
          duration: 160,
          classes: [
            objectClass('own', { scope: 'pod' }),
            objectClass('shared'),
            objectClass('shared-env', { as: 'env' }),
          ],
          kubelet,
          apiServer: {
            dispatch: { p50Us: dispatch, p99Us: 2 * dispatch },
            getFromCache: { p50Us: get, p99Us: 2 * get },
            getQuorum: { p50Us: get, p99Us: 2 * get },
          },
          timeline: steps.map(([target, at, last]) =>
            change(last === 0 ? 'markImmutable' : 'update', target, 0, { firstUs: at * 1e3 }),
          ),
        });
        const lazy = simulate(input, 1);
        const eager = simulate(input, 1, { eager: true });
        expect(textOf(lazy)).to.equal(textOf(eager));
        if (lazy.execution.events < eager.execution.events / 10) fewer++;
      }),
      { numRuns: 300, seed: 20261128 },
    );
    expect(fewer).to.be.above(30);
  });

  it('are read together with those of pods of which it is not certain, each as if alone', () => {
    const cluster = fc.record({
      release: fc.constantFrom('1.20', '1.36'),
      nodes: fc.integer({ min: 1, max: 3 }),
      podsPerNode: fc.integer({ min: 1, max: 9 }),
      syncFrequency: fc.constantFrom(2, 45),
      samples: fc.constantFrom('all' as const, 'none' as const),
      seed: fc.string({ minLength: 1, maxLength: 5 }),
    });
    const updates = fc.array(fc.tuple(fc.constantFrom('shared', 'some', 'pull'), fc.nat(150_000), fc.nat(9)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(cluster, updates, (base, steps) => {
        const input = inputOf({
          ...base,
          strategy: 'Watch',
          duration: 160,
          classes: [
            objectClass('shared'),
            objectClass('some', { scope: 'node', as: 'projected', podFraction: 0.5 }),
            objectClass('path', { as: 'subPath', podFraction: 0.5 }),
            objectClass('pull', { scope: 'namespace', as: 'imagePullSecret', podFraction: 0.3 }),
          ],
          timeline: steps.map(([target, at, last]) =>
            change(last === 0 ? 'markImmutable' : 'update', target, 0, { firstUs: at * 1e3 }),
          ),
        });
        expect(textOf(simulate(input, 1))).to.equal(textOf(simulate(input, 1, { eager: true })));
      }),
      { numRuns: 60, seed: 20261129 },
    );
  });
});
