import { expect } from 'chai';
import fc from 'fast-check';
import type { WhatIf } from '../../src/cluster/model/model-input.js';
import type { RunRecord } from '../../src/cluster/model/run-record.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from './scenario.js';
import { crash, restartKubelets } from './timeline-actions.js';

const OFF: WhatIf = { syncOnWatchEvent: false, watchPerNode: false, adaptiveTtl: null, watchOnlyWhatUpdates: false };
const S = 1e6;

const run = (scenario: Scenario, whatIf: Partial<WhatIf> = {}, eager = false): RunRecord =>
  simulate(inputOf({ ...scenario, kubelet: { ...scenario.kubelet, whatIf: { ...OFF, ...whatIf } } }), 1, { eager });

const CLUSTER: Scenario = {
  nodes: 40,
  podsPerNode: 10,
  classes: [objectClass('shared'), objectClass('own', { scope: 'pod' })],
  timeline: [change('update', 'shared', 100), change('update', 'own', 300)],
};

describe('what if a watch event synced its pods at once', () => {
  it('half a minute of waiting would become a tenth of a second', () => {
    expect(run(CLUSTER).metrics.delay_mean_s).to.be.within(36, 41);
    const at = run(CLUSTER, { syncOnWatchEvent: true }).metrics;
    // Watch event, populator and reconciler, files written: 5 + 100 + 1 ms in the mean.
    expect(at.delay_mean_s).to.be.within(0.09, 0.12);
    expect(at.delay_max_s).to.be.below(0.3);
    expect(at.projections).to.equal(800);
  });
});

describe('what if a node had one watch', () => {
  for (const capacity of ['unlimited', 4] as const) {
    it(`440 watches would be 40, and the delays the same (capacity ${capacity})`, () => {
      const scenario: Scenario = { ...CLUSTER, apiServer: { capacity } };
      const [each, one] = [run(scenario).metrics, run(scenario, { watchPerNode: true }).metrics];
      expect(each.watches_open_max).to.equal(440);
      expect(one.watches_open_max).to.equal(40);
      expect(one.projections).to.equal(800);
      expect(one.delay_mean_s).to.be.closeTo(each.delay_mean_s ?? NaN, 0.1);
    });
  }

  it('a storm would be a tenth as high, and every pod would still get its update', () => {
    const scenario: Scenario = {
      ...CLUSTER,
      apiServers: 1,
      timeline: [crash(60), change('update', 'own', 200), change('update', 'shared', 300)],
      apiServer: { capacity: 4 },
    };
    const [each, one] = [run(scenario), run(scenario, { watchPerNode: true })];
    expect(each.metrics.watches_lost).to.equal(440);
    expect(one.metrics.watches_lost).to.equal(40);
    expect(one.metrics.requests_refused).to.be.below((each.metrics.requests_refused ?? 0) / 8);
    expect(one.metrics).to.include({ pending_at_end: 0, projections: 800 });
    expect(one.traffic?.watchesOpened).to.equal((one.traffic?.watchesClosed ?? 0) + (one.traffic?.watchesOpen ?? 0));
  });
});

describe('what if entries lived for a share of the age of their object', () => {
  const cache: Scenario = { ...CLUSTER, strategy: 'Cache', ttl: 300, duration: 1800 };
  const adaptiveTtl = { factor: 0.2, minUs: 10 * S, maxUs: 600 * S };

  it('an object that has just changed would be looked at often, and an old one seldom', () => {
    const scenario: Scenario = { ...cache, timeline: [change('update', 'own', 300), change('update', 'own', 700)] };
    const { updates } = run(scenario, { adaptiveTtl });
    const mean = (first: number): number =>
      updates.slice(first, first + 400).reduce((sum, { timeTo50S }) => sum + (timeTo50S ?? NaN), 0) / 400;
    // The first finds entries with the longest TTL, 600 s; the second entries that were fetched up to 400 s after it.
    expect(mean(0)).to.be.greaterThan(250);
    expect(mean(400)).to.be.below(mean(0) / 2);
  });

  it('a cluster where nothing changes would send fewer GETs: a cycle of 600 s instead of 300 s', () => {
    const quiet: Scenario = { ...cache, timeline: [] };
    const ratio = (run(quiet, { adaptiveTtl }).metrics.get_per_s ?? NaN) / (run(quiet).metrics.get_per_s ?? NaN);
    // A cycle is the TTL and the wait for the next of the readers: about (300 + 20) / (600 + 20).
    expect(ratio).to.be.within(0.45, 0.58);
  });
});

describe('what if only objects were watched whose changes can arrive', () => {
  const classes = [
    objectClass('env', { as: 'env', scope: 'pod' }),
    objectClass('sub', { as: 'subPath', scope: 'pod' }),
    objectClass('volume', { scope: 'pod' }),
  ];

  for (const capacity of ['unlimited', 4] as const) {
    it(`env and subPath would be listed and not watched (capacity ${capacity})`, () => {
      const scenario: Scenario = { nodes: 10, podsPerNode: 5, classes, start: 'cold', apiServer: { capacity } };
      const behaviours = { idleStop: false };
      const before = run({ ...scenario, behaviours }).metrics;
      const after = run({ ...scenario, behaviours }, { watchOnlyWhatUpdates: true }).metrics;
      expect(before.watches_open_max).to.equal(150);
      expect(after.watches_open_max).to.equal(50);
      expect(after.mount_failures).to.equal(before.mount_failures);
    });
  }
});

describe('what-ifs', () => {
  const switches: fc.Arbitrary<Partial<WhatIf>> = fc.record({
    syncOnWatchEvent: fc.boolean(),
    watchPerNode: fc.boolean(),
    watchOnlyWhatUpdates: fc.boolean(),
    adaptiveTtl: fc.constantFrom(null, { factor: 0.5, minUs: 5 * S, maxUs: 100 * S }),
  });
  const scenarios: fc.Arbitrary<Scenario> = fc.record({
    strategy: fc.constantFrom('Watch', 'Cache'),
    release: fc.constantFrom('1.20', '1.30', '1.35'),
    start: fc.constantFrom('steady', 'cold'),
    nodes: fc.constant(3),
    podsPerNode: fc.integer({ min: 1, max: 4 }),
    apiServers: fc.constantFrom(1, 2),
    duration: fc.constant(300),
    classes: fc.constant([
      objectClass('shared'),
      objectClass('own', { scope: 'pod' }),
      objectClass('fixed', { scope: 'node', immutableShare: 1 }),
      objectClass('env', { as: 'env' }),
      objectClass('sub', { as: 'subPath', scope: 'deployment' }),
    ]),
    timeline: fc
      .subarray([crash(70), crash(90, 1), restartKubelets(50, 0.5)], { maxLength: 2 })
      .map((events) => [
        change('update', 'shared', 60),
        change('update', 'own', 75),
        change('update', 'sub', 76),
        ...events,
      ]),
    apiServer: fc.record({ capacity: fc.constantFrom('unlimited' as const, 2, 0.05) }),
  });

  it('give the same result lazy and eager, and lose no update', () => {
    fc.assert(
      fc.property(scenarios, switches, (scenario, whatIf) => {
        const lazy = run(scenario, whatIf);
        expect({ ...run(scenario, whatIf, true), execution: null }).to.deep.equal({ ...lazy, execution: null });
        expect(lazy.metrics.pending_at_end).to.equal(0);
      }),
      { seed: 5, numRuns: 150 },
    );
  });
});
