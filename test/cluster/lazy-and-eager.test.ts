import { expect } from 'chai';
import fc from 'fast-check';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import type { ModelInput } from '../../src/cluster/model/model-input.js';
import type { TimelineAction } from '../../src/cluster/model/timeline-actions.js';
import type { ConsumptionMode } from '../../src/cluster/model/kinds.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import type { TopologyFile } from '../../src/cluster/model/topology-file.js';
import { everything, textOf } from './everything.js';
import { change, inputOf, objectClass } from './scenario.js';

describe('the lazy engine gives the same result as the eager reference', () => {
  for (const start of ['steady', 'cold'] as const) {
    for (const release of ['1.20', '1.24', '1.30', '1.35']) {
      for (const strategy of STRATEGY_NAMES) {
        it(`${start} start, ${release}, ${strategy}, with every mode and action`, () => {
          const input = inputOf({ ...everything, start, release, strategy });
          expect(textOf(simulate(input, 1))).to.equal(textOf(simulate(input, 1, { eager: true })));
        });
      }
    }
  }

  it('with 200 nodes and a rotation of the cluster-wide Secret, in far fewer events', () => {
    const input = inputOf({ nodes: 200, podsPerNode: 30, duration: 3600, timeline: [change('update', 'shared', 60)] });
    const lazy = simulate(input, 1);
    const eager = simulate(input, 1, { eager: true });
    expect(textOf(lazy)).to.equal(textOf(eager));
    expect(lazy.execution.events).to.be.below(eager.execution.events / 20);
  });

  it('with annotations that come faster than the volume loops, and watches that idle out in the drain', () => {
    const input = inputOf({
      nodes: 4,
      podsPerNode: 3,
      start: 'cold',
      duration: 230,
      classes: [objectClass('shared'), objectClass('environment', { scope: 'pod', as: 'env' })],
      timeline: [
        change('update', 'shared', 10, { everyUs: 9e6 }),
        { action: 'annotatePods', fraction: 0.8, firstUs: 1e6, everyUs: 150e3, untilUs: 150e6, jitterUs: 100e3 },
      ],
    });
    expect(textOf(simulate(input, 1))).to.equal(textOf(simulate(input, 1, { eager: true })));
  });

  it('with writes that commit long after the measured period, of which some nodes wait for none', () => {
    for (const strategy of STRATEGY_NAMES) {
      for (const nodes of [1, 5]) {
        const input = inputOf({
          strategy,
          nodes,
          podsPerNode: 2,
          duration: 60,
          classes: [objectClass('own', { scope: 'node', count: 3 })],
          apiServer: { write: { p50Us: 45e6, p99Us: 135e6 } },
          timeline: [change('update', 'own', 30)],
        });
        const lazy = simulate(input, 1);
        expect(textOf(lazy)).to.equal(textOf(simulate(input, 1, { eager: true })));
        expect(lazy.metrics.due, `${strategy}, ${nodes} nodes`).to.equal(nodes * 2 * 3);
      }
    }
  });

  it('for any cluster and timeline, and every due is accounted for', () => {
    const modes: ConsumptionMode[] = ['volume', 'projected', 'subPath', 'env', 'imagePullSecret'];
    const classes = fc.array(
      fc.record({
        as: fc.constantFrom(...modes),
        scope: fc.constantFrom(
          'cluster' as const,
          'namespace' as const,
          'deployment' as const,
          'node' as const,
          'pod' as const,
        ),
        immutableShare: fc.constantFrom(0, 0.5, 1),
        optional: fc.boolean(),
        podFraction: fc.constantFrom(0.3, 1),
        kind: fc.constantFrom('Secret' as const, 'ConfigMap' as const),
      }),
      { minLength: 1, maxLength: 4 },
    );
    const actions = fc.array(
      fc.record({
        action: fc.constantFrom('update', 'update', 'delete', 'recreate', 'markImmutable', 'annotatePods'),
        target: fc.nat({ max: 3 }),
        at: fc.nat({ max: 280_000 }),
      }),
      { maxLength: 8 },
    );
    const cluster = fc.record({
      release: fc.constantFrom('1.20', '1.22', '1.29', '1.36'),
      strategy: fc.constantFrom(...STRATEGY_NAMES),
      start: fc.constantFrom('steady' as const, 'cold' as const),
      nodes: fc.integer({ min: 1, max: 6 }),
      podsPerNode: fc.integer({ min: 1, max: 5 }),
      syncFrequency: fc.constantFrom(5, 20, 60),
      ttl: fc.constantFrom('auto' as const, 'unset' as const, 15, 90),
      seed: fc.string({ minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(cluster, classes, actions, (base, kinds, steps) => {
        const names = kinds.map((_, i) => `c${i}`);
        const timeline = steps.map(({ action, target, at }): TimelineAction => {
          if (action === 'annotatePods') {
            return { action, fraction: 0.7, firstUs: at * 1e3, everyUs: null, untilUs: Infinity, jitterUs: 0 };
          }
          return change(action, names[target % names.length], at / 1e3);
        });
        const input = inputOf({
          ...base,
          duration: 300,
          samples: 'all',
          classes: kinds.map((kind, i) => objectClass(names[i], kind)),
          timeline,
        });
        const lazy = simulate(input, 1);
        expect(textOf(lazy)).to.equal(textOf(simulate(input, 1, { eager: true })));
        const m = lazy.metrics;
        expect(m.due).to.equal(
          (m.projections ?? 0) + (m.replaced ?? 0) + (m.never_projected ?? 0) + (m.pending_at_end ?? 0) + (m.gone ?? 0),
        );
        for (const update of lazy.updates) {
          const never = update.neverSubPath + update.neverEnv + update.neverImmutable + update.neverDeleted;
          expect(update.due).to.equal(update.reached + never + update.pending + update.gone);
        }
      }),
      { numRuns: 600, seed: 20261123 },
    );
  });

  it('for reads that are only counted: nodes that nothing disturbs, with limits that bind and limits that do not', () => {
    const cluster = fc.record({
      strategy: fc.constantFrom('Cache' as const, 'Get' as const),
      release: fc.constantFrom('1.20', '1.29', '1.35'),
      nodes: fc.integer({ min: 1, max: 3 }),
      podsPerNode: fc.integer({ min: 1, max: 8 }),
      syncFrequency: fc.constantFrom(1, 5, 60),
      ttl: fc.constantFrom('unset' as const, 3, 90),
      as: fc.constantFrom('volume' as const, 'projected' as const),
      sources: fc.integer({ min: 1, max: 3 }),
      qps: fc.constantFrom(2, 5, 50),
      seed: fc.string({ minLength: 1, maxLength: 5 }),
    });
    const updates = fc.array(
      fc.record({
        target: fc.constantFrom('own', 'shared', 'config'),
        at: fc.integer({ min: 0, max: 200_000 }),
        immutable: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    let fewer = 0;
    fc.assert(
      fc.property(cluster, updates, ({ as, sources, qps, ...base }, steps) => {
        const input = inputOf({
          ...base,
          duration: 240,
          samples: 'all',
          classes: [
            objectClass('own', { scope: 'pod' }),
            objectClass('shared', { scope: 'node', as }),
            objectClass('config', { kind: 'ConfigMap', scope: 'deployment', as, count: sources }),
          ],
          kubelet: { kubeAPIQPS: qps, kubeAPIBurst: 2 * qps },
          timeline: steps.map(({ target, at, immutable }) =>
            change(immutable ? 'markImmutable' : 'update', target, 0, { firstUs: at * 1e3 }),
          ),
        });
        const lazy = simulate(input, 1);
        const eager = simulate(input, 1, { eager: true });
        expect(textOf(lazy)).to.equal(textOf(eager));
        if (lazy.execution.events < eager.execution.events / 2) fewer++;
      }),
      { numRuns: 400, seed: 20261124 },
    );
    expect(fewer).to.be.above(40);
  });

  it('for limiters that bind from a tenth of the time to all of it, and reads that are slower than syncs', () => {
    const cluster = fc.record({
      strategy: fc.constantFrom(...STRATEGY_NAMES),
      release: fc.constantFrom('1.20', '1.24', '1.29', '1.33', '1.36'),
      start: fc.constantFrom('steady' as const, 'cold' as const),
      nodes: fc.integer({ min: 1, max: 2 }),
      podsPerNode: fc.integer({ min: 2, max: 20 }),
      syncFrequency: fc.constantFrom(1, 2, 10),
      ttl: fc.constantFrom('auto' as const, 'unset' as const, 1, 7),
      seed: fc.string({ minLength: 1, maxLength: 5 }),
    });
    const limits = fc.record({ qps: fc.constantFrom(1, 2, 5, 20), burst: fc.constantFrom(1, 5, 10) });
    const slow = fc.record({
      p50: fc.constantFrom(700, 300_000, 4_000_000, 30_000_000),
      ratio: fc.constantFrom(1, 2, 6),
    });
    const modes = fc.constantFrom<ConsumptionMode>('volume', 'projected', 'projected', 'imagePullSecret', 'env');
    const steps = fc.array(
      fc.record({
        action: fc.constantFrom('update', 'update', 'markImmutable', 'delete', 'recreate', 'annotatePods'),
        target: fc.constantFrom('own', 'shared', 'config'),
        at: fc.nat({ max: 110_000 }),
      }),
      { maxLength: 5 },
    );
    let binds = 0;
    let fewer = 0;
    fc.assert(
      fc.property(cluster, limits, slow, modes, steps, (base, { qps, burst }, { p50, ratio }, as, entries) => {
        const read = { p50Us: p50, p99Us: p50 * ratio };
        const input = inputOf({
          ...base,
          duration: 120,
          samples: 'all',
          classes: [
            objectClass('own', { scope: 'pod', count: 2 }),
            objectClass('shared', { scope: 'node', as }),
            objectClass('config', { kind: 'ConfigMap', scope: 'deployment', as: 'projected', count: 3 }),
          ],
          kubelet: { kubeAPIQPS: qps, kubeAPIBurst: burst },
          apiServer: { getFromCache: read, getQuorum: read, list: read },
          timeline: entries.map(({ action, target, at }): TimelineAction =>
            action === 'annotatePods'
              ? { action, fraction: 0.7, firstUs: at * 1e3, everyUs: 9e6, untilUs: Infinity, jitterUs: 0 }
              : change(action, target, at / 1e3),
          ),
        });
        const lazy = simulate(input, 1);
        const eager = simulate(input, 1, { eager: true });
        expect(textOf(lazy)).to.equal(textOf(eager));
        const reads = lazy.metrics.get_per_s ?? 0;
        if (reads > 0.1 * qps * base.nodes) binds++;
        if (lazy.execution.events < eager.execution.events * 0.8) fewer++;
      }),
      { numRuns: 250, seed: 20261128 },
    );
    expect(binds, 'runs whose limiter has a tenth of its tokens taken or more').to.be.above(60);
    expect(fewer, 'runs that are walked all the same').to.be.above(40);
  });

  it('for pods that wait for an object, whose syncs read what is mounted already', () => {
    const topology: TopologyFile = {
      apiVersion: 'secretsim/v1',
      kind: 'Topology',
      nodes: [{ name: 'n' }],
      objects: [
        { namespace: 'd', name: 'there', kind: 'ConfigMap', size: 1 },
        { namespace: 'd', name: 'gone', kind: 'Secret', size: 0, missing: true },
      ],
      pods: [
        {
          namespace: 'd',
          name: 'p',
          node: 0,
          pending: true,
          uses: [
            { object: 0, as: 'volume', volume: 0 },
            { object: 1, as: 'volume', volume: 1 },
          ],
        },
      ],
    };
    const input: ModelInput = {
      ...inputOf({ duration: 300, timeline: [change('delete', 'd/there', 40)] }),
      cluster: { type: 'imported', file: topology },
    };
    const lazy = simulate(input, 1);
    expect(textOf(lazy)).to.equal(textOf(simulate(input, 1, { eager: true })));
    // The missing one alone fails 3 times in the last 300 s of its back-off; the deleted one adds its own.
    expect(lazy.metrics.mount_failures).to.be.above(6);
  });

  it('for pods that start while nodes that have nothing to do with them still wait for an update', () => {
    const uses = [{ object: 0, as: 'volume' as const, volume: 0 }];
    const topology: TopologyFile = {
      apiVersion: 'secretsim/v1',
      kind: 'Topology',
      nodes: [{ name: 'waits' }, { name: 'starts' }],
      objects: [
        { namespace: 'd', name: 'changes', kind: 'Secret', size: 1 },
        { namespace: 'd', name: 'stays', kind: 'Secret', size: 1 },
      ],
      pods: [
        { namespace: 'd', name: 'waits', node: 0, uses },
        { namespace: 'd', name: 'starts', node: 1, startsAfterSeconds: 165, uses: [{ ...uses[0], object: 1 }] },
      ],
    };
    const input: ModelInput = {
      ...inputOf({ start: 'cold', duration: 100, timeline: [change('update', 'd/changes', 99)] }),
      cluster: { type: 'imported', file: topology },
    };
    const lazy = simulate(input, 1);
    expect(textOf(lazy)).to.equal(textOf(simulate(input, 1, { eager: true })));
    expect(lazy.metrics.pods_started).to.equal(1);
  });

  it('for imagePullSecrets that are listed after their pod has read them', () => {
    const input = inputOf({
      start: 'cold',
      nodes: 2,
      podsPerNode: 4,
      syncFrequency: 10,
      classes: [objectClass('pull', { as: 'imagePullSecret', scope: 'pod', immutableShare: 1 })],
      kubelet: { kubeAPIQPS: 1, kubeAPIBurst: 1 },
      duration: 60,
    });
    for (const capacity of ['unlimited', 4] as const) {
      const limited = { ...input, apiServer: { ...input.apiServer, capacity } };
      const lazy = simulate(limited, 1);
      expect(textOf(lazy)).to.equal(textOf(simulate(limited, 1, { eager: true })));
      expect(lazy.metrics.watches_open_max, 'watches of immutable Secrets').to.equal(0);
    }
  });

  it('counts no reads that may lie more than a second behind their syncs, where the limiter could bind unseen', () => {
    const eventsOf = (populatorLoopSleepPeriodUs: number): readonly number[] => {
      const input = inputOf({ strategy: 'Get', kubelet: { populatorLoopSleepPeriodUs } });
      return [simulate(input, 1), simulate(input, 1, { eager: true })].map(({ execution }) => execution.events);
    };
    const [counted, all] = eventsOf(100e3);
    expect(counted).to.be.below(all / 10);
    const [late, lateAll] = eventsOf(4e6);
    expect(late).to.equal(lateAll);
  });
});

describe('a run', () => {
  const input = inputOf(everything);

  it('is a function of its input and replication', () => {
    expect(textOf(simulate(input, 1))).to.equal(textOf(simulate(input, 1)));
    expect(simulate(input, 2).fingerprint).not.to.equal(simulate(input, 1).fingerprint);
  });

  it('splits every delay into three stages that sum to it', () => {
    const { samples } = simulate(input, 1);
    if (samples === null) throw new Error('no samples');
    expect(samples.update.length).to.be.above(500);
    for (let i = 0; i < samples.update.length; i++) {
      const stages = [samples.cacheDelayUs[i], samples.syncWaitUs[i], samples.refreshUs[i]];
      for (const stage of stages) expect(stage).to.be.at.least(0);
      expect(stages[0] + stages[1] + stages[2]).to.equal(samples.projectedAtUs[i] - samples.writtenAtUs[i]);
    }
  });

  it('gives a pod the same chance in a larger cluster (common random numbers)', () => {
    const of = (nodes: number) => {
      const { samples } = simulate(
        inputOf({ nodes, replicas: 4, samples: 'all', timeline: [change('update', 'shared', 60)], pure: true }),
        1,
      );
      return new Map(samples?.pod.map((pod, i) => [pod.split('/')[1], samples.projectedAtUs[i]]));
    };
    const large = of(40);
    for (const [pod, at] of of(20)) expect(large.get(pod)).to.equal(at);
  });
});
