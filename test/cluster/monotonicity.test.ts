import { expect } from 'chai';
import { mean, range, sum } from 'd3-array';
import fc from 'fast-check';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import type { MetricName } from '../../src/cluster/model/run-record.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { summarize, tQuantile } from '../../src/experiment/statistics/statistics.js';
import { change, inputOf, objectClass, type Scenario } from './scenario.js';

const REPLICATIONS = 16;
/** One-sided; of some 30 intervals of true statements 0.003 are expected to miss. */
const CONFIDENCE = 0.9999;

/** A metric of one scenario less that of another, in replications that met the same chance: the ends of its one-sided intervals. */
function pairedDifference(
  metric: MetricName,
  a: Scenario,
  b: Scenario,
): { readonly low: number; readonly high: number } {
  const differences = range(1, REPLICATIONS + 1).map((replication) => {
    const [first, second] = [a, b].map((scenario) => simulate(inputOf(scenario), replication).metrics[metric]);
    if (first === null || second === null) throw new Error(`${metric} has no value`);
    return second - first;
  });
  const { stddev } = summarize(differences);
  const half = (tQuantile(CONFIDENCE, REPLICATIONS - 1) * (stddev ?? NaN)) / Math.sqrt(REPLICATIONS);
  const centre = mean(differences) ?? NaN;
  return { low: centre - half, high: centre + half };
}

const clusters = fc.record({
  nodes: fc.integer({ min: 2, max: 6 }),
  podsPerNode: fc.integer({ min: 1, max: 8 }),
  release: fc.constantFrom('1.20', '1.24', '1.30', '1.36'),
  seed: fc.string({ minLength: 1, maxLength: 5 }),
});

describe('in expectation, by paired one-sided intervals,', () => {
  const updates = [change('update', 'shared', 40, { everyUs: 400e6, jitterUs: 300e6 })];

  for (const strategy of ['Watch', 'Get'] as const) {
    it(`under ${strategy} a longer syncFrequency never shortens the mean delay, and one that is half as long again lengthens it`, () => {
      fc.assert(
        fc.property(
          clusters,
          fc.integer({ min: 5, max: 60 }),
          fc.double({ min: 1.01, max: 3, noNaN: true }),
          (cluster, syncFrequency, factor) => {
            const scenario = { ...cluster, strategy, duration: 2000, timeline: updates };
            const { low, high } = pairedDifference(
              'delay_mean_s',
              { ...scenario, syncFrequency },
              { ...scenario, syncFrequency: syncFrequency * factor },
            );
            expect(high).to.be.above(0);
            if (factor >= 1.5) expect(low).to.be.above(0);
          },
        ),
        { seed: 4, numRuns: 12 },
      );
    });
  }

  it('under Cache a longer syncFrequency can shorten it: with a TTL of 60 s, 60 s is faster than 40 s', () => {
    const scenario: Scenario = {
      strategy: 'Cache',
      ttl: 60,
      nodes: 6,
      podsPerNode: 1,
      duration: 2000,
      timeline: updates,
    };
    const { high } = pairedDifference(
      'delay_mean_s',
      { ...scenario, syncFrequency: 40 },
      { ...scenario, syncFrequency: 60 },
    );
    expect(high).to.be.below(0);
  });

  it('more immutable objects never hold more watches open in steady state, and a half more of them fewer', () => {
    fc.assert(
      fc.property(
        clusters,
        fc.constantFrom('pod' as const, 'node' as const, 'deployment' as const),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (cluster, scope, one, other) => {
          const [less, more] = [Math.min(one, other), Math.max(one, other)];
          const at = (immutableShare: number): Scenario => ({
            ...cluster,
            podsPerNode: 8,
            classes: [objectClass('own', { scope, immutableShare })],
          });
          const { high, low } = pairedDifference('watches_open_mean', at(less), at(more));
          expect(low).to.be.at.most(0);
          if (more - less >= 0.5) expect(high).to.be.below(0);
        },
      ),
      { seed: 5, numRuns: 12 },
    );
  });
});

describe('in any random cluster', () => {
  const scenarios = fc.record({
    nodes: fc.integer({ min: 1, max: 5 }),
    podsPerNode: fc.integer({ min: 1, max: 5 }),
    strategy: fc.constantFrom(...STRATEGY_NAMES),
    release: fc.constantFrom('1.20', '1.25', '1.31', '1.36'),
    start: fc.constantFrom('steady' as const, 'cold' as const),
    seed: fc.string({ minLength: 1, maxLength: 5 }),
    classes: fc.constantFrom(
      [objectClass('shared')],
      [objectClass('shared', { as: 'subPath' })],
      [objectClass('shared', { as: 'env', podFraction: 0.5 })],
      [objectClass('shared', { scope: 'deployment', immutableShare: 0.5 })],
      [objectClass('shared', { kind: 'ConfigMap', as: 'projected', scope: 'pod', optional: true })],
    ),
    timeline: fc.array(
      fc.tuple(fc.constantFrom('update' as const, 'delete' as const, 'recreate' as const), fc.nat({ max: 280 })),
      { minLength: 1, maxLength: 6 },
    ),
  });

  it('every consumer that is due an update gets it, never can, is gone or still waits, and the run says so twice alike', () => {
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 1, max: 9 }), ({ timeline, ...scenario }, replication) => {
        const input = inputOf({
          ...scenario,
          duration: 300,
          timeline: timeline.map(([action, at]) => change(action, 'shared', at)),
        });
        const record = simulate(input, replication);
        for (const update of record.updates) {
          const { reached, neverSubPath, neverEnv, neverImmutable, neverDeleted, gone, pending } = update;
          const settled = reached + neverSubPath + neverEnv + neverImmutable + neverDeleted + gone + pending;
          expect(settled).to.equal(update.due);
        }
        const { metrics } = record;
        expect(metrics.due).to.equal(sum(record.updates, ({ due }) => due));
        expect((metrics.projections ?? 0) + (metrics.replaced ?? 0)).to.equal(
          sum(record.updates, ({ reached }) => reached),
        );
        expect(simulate(input, replication).fingerprint).to.equal(record.fingerprint);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
