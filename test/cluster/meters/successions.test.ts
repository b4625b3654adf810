import { expect } from 'chai';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { nodes, replace, restartKubelets, rollout } from '../timeline-actions.js';

/** Ten deployments of ten pods each. */
const CLUSTER: Scenario = { nodes: 10, podsPerNode: 10, replicas: 10, namespaces: 2, duration: 1200, release: '1.33' };
const PODS = 100;

const run = (scenario: Scenario, eager = false): RunRecord => simulate(inputOf(scenario), 1, { eager });

describe('an update whose pods are restarted for it', () => {
  const credential = (as: 'env' | 'subPath' | 'volume') => [objectClass('cred', { scope: 'deployment', as })];

  for (const as of ['env', 'subPath'] as const) {
    it(`reaches every pod that reads it by ${as}, with the pod that takes its place`, () => {
      const timeline = [change('update', 'cred', 60), rollout(65)];
      const { metrics, updates } = run({ ...CLUSTER, classes: credential(as), timeline });
      expect(metrics).to.include({ due: PODS, projections: 0, replaced: PODS, never_projected: 0, gone: 0 });
      expect(Math.max(...updates.map(({ timeTo100S }) => timeTo100S ?? Infinity))).to.be.within(5, 120);
    });

    it(`never reaches pods that read it by ${as} where nobody restarts them`, () => {
      const { metrics } = run({ ...CLUSTER, classes: credential(as), timeline: [change('update', 'cred', 60)] });
      expect(metrics).to.include({ due: PODS, replaced: 0, never_projected: PODS });
      // Every one of them shows the old content from the commit to the end.
      const shown = (metrics.stale_pod_seconds ?? 0) / PODS;
      expect(shown).to.be.within(1200 - 61, 1200 - 60 + 500);
    });
  }

  it('reaches each pod by its volume or by the restart, whichever is first', () => {
    const at = (timeline: readonly TimelineAction[]) => run({ ...CLUSTER, classes: credential('volume'), timeline });
    const inPlace = at([change('update', 'cred', 60), rollout(1100)]);
    const both = at([change('update', 'cred', 60), rollout(65)]);
    expect(inPlace.metrics).to.include({ projections: PODS, replaced: 0 });
    expect(both.metrics).to.include({ due: PODS, pending_at_end: 0, gone: 0 });
    expect(both.metrics.replaced).to.be.above(0);
    expect(both.metrics.delay_mean_s ?? 0).to.be.below(inPlace.metrics.delay_mean_s ?? 0);
  });

  for (const as of ['env', 'subPath'] as const) {
    it(`by ${as} has the delays of a replacement under a new name, but for the time until the restart begins`, () => {
      // Five replications: 500 pods on either side. The rollout of a new name begins when its object is there, a few
      // milliseconds after it is asked for; the other one 5 s after the update.
      const delays = (timeline: readonly TimelineAction[]): number[] =>
        [1, 2, 3, 4, 5].flatMap((replication) => {
          const classes = [objectClass('cred', { scope: 'pod', as })];
          const { updates } = simulate(inputOf({ ...CLUSTER, classes, timeline }), replication);
          return updates.map(({ timeTo100S }) => timeTo100S ?? Infinity);
        });
      const named = delays([replace(60, 'cred')]);
      const restarted = delays([change('update', 'cred', 60), rollout(60, 1, { consumersOf: 'cred', afterUs: 5e6 })]);
      const n = named.length;
      expect([n, restarted.length]).to.deep.equal([5 * PODS, 5 * PODS]);
      const atMost = (values: readonly number[], t: number): number => values.filter((value) => value <= t).length / n;
      const distances = named.map((t) => Math.abs(atMost(named, t) - atMost(restarted, t + 5)));
      // Two-sample Kolmogorov–Smirnov, 1 %.
      expect(Math.max(...distances)).to.be.below(1.63 * Math.sqrt(2 / n));
    });
  }

  it('reaches the pods of the deployments that use the object, where only those are restarted', () => {
    const classes = [
      objectClass('cred', { scope: 'deployment', as: 'env', podFraction: 0.3 }),
      objectClass('other', { scope: 'deployment', as: 'env' }),
    ];
    const timeline = [
      change('update', 'cred', 60),
      change('update', 'other', 60),
      rollout(60, 1, { consumersOf: 'cred', afterUs: 5e6, ratePerS: 0.1 }),
    ];
    const { updates } = run({ ...CLUSTER, replicas: 2, classes, timeline });
    const of = (objectClass: string) => updates.filter((update) => update.objectClass === objectClass);
    const [cred, other] = [of('cred'), of('other')];
    expect(cred.every(({ due, replaced }) => replaced === due)).to.equal(true);
    const users = cred.filter(({ due }) => due > 0).length;
    expect(users).to.be.within(15, 35);
    expect(other.filter(({ replaced }) => replaced > 0)).to.have.length(users);
    // One deployment in ten seconds, the first after five; a start that the authorizer refuses is tried again 10 to 15 s later.
    const times = cred.flatMap(({ timeTo100S }) => timeTo100S ?? []).sort((x, y) => x - y);
    times.forEach((time, i) => expect(time).to.be.within(5 + i * 10, 5 + i * 10 + 20));
  });

  it('comes by its volume or by the restart, whichever is first: pod by pod the minimum of two times', () => {
    // Each pod has a Secret of its own. With maxUnavailable 0 old pods run until the new ones do, so that neither way
    // ends the other; a subPath has the restart alone.
    const update = change('update', 'cred', 60);
    const restart = rollout(60, 1, { maxUnavailable: 0, maxSurge: 1 });
    const delays = (as: 'volume' | 'subPath', timeline: readonly TimelineAction[]): Map<string, number> => {
      const { updates } = run({ ...CLUSTER, classes: [objectClass('cred', { scope: 'pod', as })], timeline });
      return new Map(updates.map(({ object, timeTo100S }) => [object, timeTo100S ?? Infinity]));
    };
    const [inPlace, restarted, both] = [
      delays('volume', [update]),
      delays('subPath', [update, restart]),
      delays('volume', [update, restart]),
    ];
    let byRestart = 0;
    for (const [object, delay] of both) {
      const [first, second] = [inPlace.get(object) ?? 0, restarted.get(object) ?? 0];
      // Requests of the starts have other latencies where watches stand in their place.
      expect(delay, object).to.be.closeTo(Math.min(first, second), 0.05);
      if (second < first) byRestart++;
    }
    expect(byRestart).to.be.within(PODS / 2, PODS - 1);
  });

  it('goes on to the pod that follows, where a pod has started too early for it', () => {
    // The first rollout begins before the update, so that its pods have old environments; the second brings it.
    const timeline = [rollout(55), change('update', 'cred', 60), rollout(300)];
    const { metrics } = run({ ...CLUSTER, classes: credential('env'), timeline });
    expect(metrics.due).to.be.within(PODS * 0.9, PODS);
    expect(metrics.replaced).to.equal(metrics.due);
  });

  it('is gone where the pods that follow do not mount the object any more', () => {
    for (const as of ['env', 'volume'] as const) {
      const timeline = [change('update', 'cred', 60), replace(65, 'cred')];
      const { metrics, updates } = run({ ...CLUSTER, classes: credential(as), timeline });
      const [inPlace, named] = ['update', 'replace'].map((action) => updates.filter((u) => u.action === action));
      expect(metrics, as).to.include({ due: 2 * PODS, pending_at_end: 0, never_projected: 0 });
      expect(
        named.every(({ due, replaced }) => replaced === due),
        as,
      ).to.equal(true);
      expect(
        inPlace.every(({ due, reached, gone }) => reached + gone === due),
        as,
      ).to.equal(true);
    }
  });

  it('is gone where the place of a pod goes with its node', () => {
    const timeline = [change('update', 'cred', 60), nodes(70, 'removeNodes', 5)];
    const { metrics } = run({ ...CLUSTER, classes: credential('env'), timeline });
    expect(metrics.gone).to.equal(50);
    expect(metrics.never_projected).to.equal(PODS - 50);
  });
});

describe('a pod that starts with old content', () => {
  it('is stale from its start on, until its kubelet forgets what it holds', () => {
    const timeline = [replace(60, 'cfg', { by: 'recreate' }), rollout(120), restartKubelets(600)];
    const classes = [objectClass('cfg', { kind: 'ConfigMap', scope: 'deployment', immutableShare: 1 })];
    const { metrics } = run({ ...CLUSTER, nodes: 3, replicas: 30, namespaces: 1, classes, timeline });
    expect(metrics).to.include({ due: 30, started_stale: 30, never_projected: 0, projections: 30 });
    expect(metrics.stale_pod_seconds).to.be.above(30 * 480);
  });

  it('does not count where it starts with the newest', () => {
    const classes = [objectClass('cred', { scope: 'deployment', as: 'env' })];
    const { metrics } = run({ ...CLUSTER, classes, timeline: [change('update', 'cred', 60), rollout(120)] });
    expect(metrics.started_stale).to.equal(0);
  });
});
