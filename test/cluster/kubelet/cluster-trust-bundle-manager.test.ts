import { expect } from 'chai';
import fc from 'fast-check';
import { STRATEGY_NAMES } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import type { ModelInput, ObjectClass } from '../../../src/cluster/model/model-input.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { textOf } from '../everything.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { churn, crash, nodes, restartKubelets } from '../timeline-actions.js';

const NODES = 20;

/** A ClusterTrustBundle that every pod mounts. */
function bundle(name: string, options: Partial<ObjectClass> = {}): ObjectClass {
  return objectClass(name, { kind: 'ClusterTrustBundle', as: 'projected', ...options });
}

function inputOfBundles(scenario: Scenario = {}): ModelInput {
  return inputOf({
    nodes: NODES,
    podsPerNode: 4,
    classes: [bundle('roots')],
    timeline: [change('update', 'roots', 100)],
    ...scenario,
  });
}

/** Sum of a column of a run's load. */
function counted({ load }: RunRecord, column: string): number {
  const place = load.columns.indexOf(column);
  return load.values.reduce((sum, value, i) => (i % load.columns.length === place ? sum + value : sum), 0);
}

describe('the trust bundle manager of the kubelets', () => {
  it('brings an update to every pod exactly when a watched Secret would come: with the pod’s next sync', () => {
    // Under Get the clocks begin later, so that they stand elsewhere.
    for (const strategy of ['Watch', 'Cache'] as const) {
      const { metrics } = simulate(inputOfBundles({ strategy }), 1);
      const timeline = [change('update', 'roots', 100), restartKubelets(500, 0)];
      const secret = inputOfBundles({ classes: [objectClass('roots', { as: 'projected' })], timeline });
      const watched = simulate(secret, 1).metrics;
      expect([metrics.due, metrics.projections]).to.deep.equal([NODES * 4, NODES * 4]);
      for (const name of ['delay_mean_s', 'delay_max_s', 'sync_wait_mean_s', 'refresh_mean_s'] as const)
        expect(metrics[name], `${strategy} ${name}`).to.equal(watched[name]);
    }
  });

  it('holds one watch per node, however many bundles there are, and is told of all of them', () => {
    const classes = [bundle('roots'), bundle('others', { count: 3 }), bundle('unused', { podFraction: 0 })];
    const timeline = [change('update', 'unused', 100), change('update', 'others', 200)];
    const record = simulate(inputOfBundles({ classes, timeline }), 1);
    expect(record.metrics.watches_open_max).to.equal(NODES);
    expect(counted(record, 'watch_events')).to.equal(NODES * (1 + 3));
    expect(record.metrics.due).to.equal(NODES * 4 * 3);
    expect(counted(record, 'get_clustertrustbundles')).to.equal(0);
  });

  it('runs no informer on a node whose pods mount none', () => {
    const classes = [bundle('roots', { podFraction: 0.1 })];
    const record = simulate(inputOfBundles({ classes, podsPerNode: 1, replicas: 20 }), 1);
    expect(record.metrics.due).to.be.within(1, NODES - 1);
    expect(record.metrics.watches_open_max).to.equal(record.metrics.due);
    expect(counted(record, 'watch_events')).to.equal(record.metrics.due);
  });

  it('lists all bundles and watches them with two requests up to 1.34, with one from then on', () => {
    for (const [release, lists] of [
      ['1.33', 1],
      ['1.34', 1],
      ['1.35', 0],
    ] as const) {
      // The measured time ends before a watch that was open before the restart, or since, has to be opened anew.
      const classes = [bundle('roots', { count: 5 })];
      const input = inputOfBundles({ release, classes, duration: 250, timeline: [restartKubelets(2)] });
      const unrestarted = inputOfBundles({ release, classes, duration: 250, timeline: [restartKubelets(2, 0)] });
      const before = counted(simulate(unrestarted, 1), 'watch_clustertrustbundles');
      const record = simulate(input, 1);
      expect(counted(record, 'list_clustertrustbundles'), release).to.equal(NODES * lists);
      expect(counted(record, 'watch_clustertrustbundles') - NODES, release).to.be.within(0, before);
      expect(record.metrics.watches_open_max, release).to.equal(NODES);
    }
  });

  it('keeps a bundle that has a signer for 5 min where pods select it by its name', () => {
    const classes = [bundle('roots', { selectedBy: 'nameOfSigned' })];
    const scenario: Scenario = { classes, pure: true, nodes: 400, podsPerNode: 1 };
    const { metrics } = simulate(inputOfBundles(scenario), 1);
    // A cycle is 5 min and the rest of the reader's interval U[60, 90) s, an update comes anywhere in it; 4 standard errors.
    const cycle = 300 + (60 * 60 + 60 * 90 + 90 * 90) / 3 / 150;
    expect(metrics.delay_mean_s).to.be.closeTo(cycle / 2, (4 * cycle) / Math.sqrt(12 * 400));
    expect(metrics.delay_max_s).to.be.within(300, 390.1);
    expect(metrics.projections).to.equal(400);
    const bySigner = inputOfBundles({ ...scenario, classes: [bundle('roots', { selectedBy: 'signerName' })] });
    expect(simulate(bySigner, 1).metrics.delay_max_s).to.be.below(90.1);
  });

  it('leaves the files as they are when a required bundle is deleted, and shows the one that is created again', () => {
    const timeline = [change('delete', 'roots', 100), change('recreate', 'roots', 200)];
    const { metrics } = simulate(inputOfBundles({ timeline }), 1);
    expect([metrics.due, metrics.projections]).to.deep.equal([NODES * 4, NODES * 4]);
    expect(metrics.mount_failures).to.be.above(0);
  });

  it('accounts for every due, the same for every sync as an event, in any cluster', () => {
    const strategies = fc.constantFrom(...STRATEGY_NAMES);
    const kinds = fc.array(fc.constantFrom('name' as const, 'nameOfSigned' as const, 'signerName' as const), {
      minLength: 1,
      maxLength: 3,
    });
    const steps = fc.array(
      fc.record({
        action: fc.constantFrom('update' as const, 'update' as const, 'delete' as const, 'recreate' as const),
        target: fc.nat({ max: 3 }),
        at: fc.nat({ max: 280 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const disturbances = fc.array(fc.record({ kind: fc.nat({ max: 4 }), at: fc.integer({ min: 1, max: 280 }) }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        strategies,
        kinds,
        steps,
        disturbances,
        fc.constantFrom('steady' as const, 'cold' as const),
        fc.constantFrom('1.33', '1.37'),
        fc.string({ maxLength: 4 }),
        (strategy, selections, actions, others, start, release, seed) => {
          const bundles = selections.map((selectedBy, i) => bundle(`b${i}`, { selectedBy, optional: i === 1 }));
          const classes = [objectClass('b3', { as: 'projected', scope: 'namespace' }), ...bundles];
          const names = classes.map(({ name }) => name);
          const timeline = [
            ...actions.map(({ action, target, at }) => change(action, names[target % names.length], at)),
            ...others.map(({ kind, at }) => disturbance(kind, at)),
          ];
          const base = { strategy, start, release, seed, nodes: 4, podsPerNode: 3, syncFrequency: 20, duration: 300 };
          const input = inputOfBundles({ ...base, classes, timeline });
          const lazy = simulate(input, 1);
          expect(textOf(lazy)).to.equal(textOf(simulate(input, 1, { eager: true })));
          const m = lazy.metrics;
          const outcomes = [m.projections, m.replaced, m.never_projected, m.pending_at_end, m.gone];
          expect(m.due).to.equal(outcomes.reduce((sum: number, count) => sum + (count ?? NaN), 0));
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });
});

function disturbance(kind: number, at: number): TimelineAction {
  switch (kind) {
    case 0:
      return restartKubelets(at, 0.5);
    case 1:
      return nodes(at, 'removeNodes', 1);
    case 2:
      return nodes(at, 'addNodes', 2);
    case 3:
      return churn(at, 2);
    default:
      return crash(at, 1);
  }
}
