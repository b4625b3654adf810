import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { TopologyFile, TopologyPod, TopologyWorkload } from '../../../src/cluster/model/topology-file.js';
import { inputOf } from '../scenario.js';
import { churn, drain, nodes, replace, rollout, scale } from '../timeline-actions.js';
import { ControllerRun, UNLIMITED, type ControllerOptions } from './controllers.js';

const USES: TopologyPod['uses'] = [{ object: 0, as: 'env' }];
const NODES = 20;
/** Seconds from a kubelet's learning of a pod until it runs, and from a deletion until the pod has ended. */
const START_S = 10;

/** One pod of a workload on each of some nodes. */
const pods = (ownerKind: string, count = NODES, name = 'app'): TopologyPod[] =>
  Array.from({ length: count }, (_, i) => ({
    namespace: 'shop',
    name: `${name}-${i}`,
    node: i,
    workload: `shop/${name}`,
    ownerKind,
    uses: USES,
  }));

const topology = (all: readonly TopologyPod[], workloads?: TopologyFile['workloads']): TopologyFile => ({
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: Array.from({ length: NODES + 5 }, (_, i) => ({ name: `node-${i}` })),
  objects: [{ namespace: 'shop', name: 'tls', kind: 'Secret', size: 4000 }],
  pods: all,
  ...(workloads && { workloads }),
});

const controllers = (
  all: readonly TopologyPod[],
  timeline: readonly TimelineAction[],
  options: ControllerOptions = {},
): ControllerRun =>
  new ControllerRun(
    { timeline, duration: 20_000 },
    { topology: topology(all), limits: UNLIMITED, startUs: () => START_S * 1e6, ...options },
  );

const run = (all: readonly TopologyPod[], timeline: readonly TimelineAction[], duration = 3600): RunRecord =>
  simulate({ ...inputOf({ timeline, duration }), cluster: { type: 'imported', file: topology(all) } }, 1);

/** The fewest pods of the first workload that were available at a time, and the most that were there. */
function extremes(of: ControllerRun, untilS: number): { readonly fewest: number; readonly most: number } {
  let [fewest, most] = [Infinity, 0];
  of.run(untilS, () => {
    fewest = Math.min(fewest, of.live.available[0]);
    most = Math.max(most, of.live.pods[0]);
  });
  return { fewest, most };
}

/** True where each replica of the first workload has a pod of a change that runs. */
const isRolledOut = ({ live, lifecycle }: ControllerRun, change: number): boolean =>
  live.available[0] === live.replicas[0] &&
  live.updated[0] === live.replicas[0] &&
  [...live.holder].every((pod) => lifecycle.podTemplate[pod] === change);

describe('a rollout of a workload of another kind', () => {
  for (const kind of ['DaemonSet', 'StatefulSet']) {
    it(`takes the pods of a ${kind} one after another, each in its place when the one before has ended`, () => {
      const rolled = controllers(pods(kind), [rollout(10)]);
      expect(extremes(rolled, 19_000)).to.deep.equal({ fewest: NODES - 1, most: NODES });
      expect(isRolledOut(rolled, 0)).to.equal(true);
      const [starts, ends, runs] = (['starts', 'ends', 'runs'] as const).map((what) => rolled.timesOf(what));
      expect([starts.length, ends.length, runs.length]).to.deep.equal([NODES, NODES, NODES]);
      for (let i = 0; i < NODES; i++) {
        expect(starts[i], 'comes when the one before has ended').to.be.above(ends[i]);
        if (i > 0) expect(ends[i], 'goes when the one that came last runs').to.be.above(runs[i - 1]);
      }
      // What each takes: two reactions of 50 ms, a deletion, its termination, its scheduling, its start.
      const { podTerminationUs } = inputOf({}).kubelet;
      const each = (runs[NODES - 1] / 1e6 - 10) / NODES;
      expect(each - START_S - podTerminationUs / 1e6).to.be.within(0.1, 0.5);
    });
  }

  it('leaves the pods of a DaemonSet on their nodes', () => {
    const rolled = controllers(pods('DaemonSet'), [rollout(10)]).run(19_000);
    const { population, lifecycle } = rolled;
    rolled.live.holder.forEach((pod, replica) => {
      expect(population.podNode[pod]).to.equal(population.podNode[lifecycle.replicaFirstPod[replica]]);
    });
  });

  it('waits for a pod of a StatefulSet that does not run, and passes over one of a DaemonSet by deleting it', () => {
    const stuck = (kind: string): ControllerRun =>
      controllers(pods(kind), [rollout(10), rollout(400)], { startUs: (pod) => (pod % 7 === 5 ? NaN : 1e6) }).run(9000);
    const stateful = stuck('StatefulSet');
    expect(stateful.live.replicas[0] - stateful.live.available[0]).to.equal(1);
    const daemons = stuck('DaemonSet');
    // That of the first rollout is deleted by the second at once; the next that does not run holds it up again.
    expect(daemons.live.replicas[0] - daemons.live.available[0]).to.equal(1);
    const templates = (of: ControllerRun): number[] => [...of.live.holder].map((pod) => of.lifecycle.podTemplate[pod]);
    expect(templates(stateful).includes(1), 'the second rollout of a StatefulSet begins').to.equal(false);
    expect(templates(daemons).includes(1), 'the second rollout of a DaemonSet begins').to.equal(true);
  });

  it('takes over from one that is under way', () => {
    for (const kind of ['DaemonSet', 'StatefulSet']) {
      const rolled = controllers(pods(kind), [rollout(10), rollout(60)]).run(19_000);
      expect(isRolledOut(rolled, 1), kind).to.equal(true);
      expect(rolled.controllers.underWay).to.equal(false);
    }
  });

  it('goes on beside pods that are deleted, nodes that are drained or leave, and scaling, and comes to an end', () => {
    const others: readonly TimelineAction[][] = [
      [churn(60, 5)],
      [drain(60, { count: 5 })],
      [nodes(60, 'removeNodes', 5)],
      [{ ...nodes(60, 'removeNodes', 5), pods: 'comeBack' } as TimelineAction],
      [scale(60, { share: 0.5 }), scale(300, { share: 1 })],
    ];
    for (const kind of ['DaemonSet', 'StatefulSet']) {
      for (const [i, other] of others.entries()) {
        const rolled = controllers(pods(kind), [rollout(10), ...other]).run(19_000);
        const { live, lifecycle } = rolled;
        expect(live.available[0], `${kind} ${i}`).to.equal(live.replicas[0]);
        expect(live.updated[0], `${kind} ${i}`).to.equal(live.replicas[0]);
        expect(rolled.controllers.underWay, `${kind} ${i}`).to.equal(false);
        const held = [...live.holder].filter((pod) => pod >= 0);
        expect(held.length).to.equal(live.replicas[0]);
        for (const pod of held) expect(lifecycle.podTemplate[pod]).to.equal(0);
      }
    }
  });

  it('does not concern Jobs, nor does scaling; DaemonSets are not scaled', () => {
    const all = [...pods('Job', 4, 'job'), ...pods('DaemonSet', 4, 'agent')];
    const rolled = controllers(all, [rollout(10), scale(500, { count: 0 })]).run(5000);
    expect([...rolled.live.replicas]).to.deep.equal([4, 4]);
    const templates = [...rolled.live.holder].map((pod) => rolled.lifecycle.podTemplate[pod]);
    expect(templates).to.deep.equal([0, 1, 2, 3].flatMap(() => [-1, 0]));
  });
});

describe('a workload with an updateStrategy of its own', () => {
  const own = (ownerKind: string, more: Partial<TopologyWorkload>): TopologyFile =>
    topology(pods(ownerKind), [{ workload: 'shop/app', ownerKind, ...more }]);

  it('has as many pods missing at a time as a DaemonSet says', () => {
    for (const [maxUnavailable, missing] of [
      [3, 3],
      ['10%', 2],
      ['11%', 3],
      ['100%', NODES],
    ] as const) {
      const rolled = controllers([], [rollout(10)], { topology: own('DaemonSet', { maxUnavailable }) });
      expect(extremes(rolled, 19_000).fewest, String(maxUnavailable)).to.equal(NODES - missing);
      expect(isRolledOut(rolled, 0), String(maxUnavailable)).to.equal(true);
      // Rounds of so many, each of a termination and a start.
      const rounds = Math.ceil(NODES / missing);
      const last = Math.max(...rolled.timesOf('runs')) / 1e6 - 10;
      const { podTerminationUs } = inputOf({}).kubelet;
      expect(last / rounds - START_S - podTerminationUs / 1e6, String(maxUnavailable)).to.be.within(0.1, 0.7);
    }
  });

  it('is not rolled out where somebody has to delete its pods, who count as never', () => {
    for (const kind of ['DaemonSet', 'StatefulSet']) {
      const rolled = controllers([], [rollout(10)], { topology: own(kind, { onDelete: true }) }).run(5000);
      expect(rolled.events, kind).to.deep.equal([]);
      const input = inputOf({ timeline: [replace(10, 'shop/tls')], duration: 600 });
      const file = own(kind, { onDelete: true });
      const { metrics } = simulate({ ...input, cluster: { type: 'imported', file } }, 1);
      expect(metrics, kind).to.include({ due: NODES, replaced: 0, never_projected: NODES, pending_at_end: 0 });
    }
  });

  it('is scaled as a consumer of an object, too, where it is a StatefulSet', () => {
    const consumers = { consumersOf: 'shop/tls' };
    const file = own('StatefulSet', { onDelete: true });
    const rolled = controllers([], [rollout(10, 1, consumers), scale(60, { count: 5 }, consumers)], { topology: file });
    expect([...rolled.run(5000).live.replicas]).to.deep.equal([5]);
    expect(rolled.timesOf('starts')).to.deep.equal([]);
  });

  it('comes back where its pods are deleted, whether or not it is rolled out', () => {
    const rolled = controllers([], [churn(10, 3)], { topology: own('DaemonSet', { onDelete: true }) }).run(5000);
    expect(rolled.timesOf('runs')).to.have.length(3);
    expect(rolled.live.available[0]).to.equal(NODES);
  });
});

describe('a StatefulSet', () => {
  it('whose pod is evicted has the next one when that has ended', () => {
    const rolled = controllers(pods('StatefulSet'), [drain(10, { count: 8 })]).run(5000);
    const [starts, ends] = [rolled.timesOf('starts'), rolled.timesOf('ends')];
    expect(starts.length).to.be.at.least(3);
    expect(starts.length).to.equal(ends.length);
    for (const [i, at] of starts.entries()) expect(at).to.be.above(ends[i]);
    expect(rolled.live.available[0]).to.equal(NODES);
  });
});

describe('the answer about an imported cluster', () => {
  it('has a Secret in all pods of a DaemonSet after as many starts as it has pods', () => {
    const { metrics } = run(pods('DaemonSet'), [replace(10, 'shop/tls')]);
    const asDeployment = run(pods('Deployment'), [replace(10, 'shop/tls')]).metrics;
    expect(metrics).to.include({ due: NODES, replaced: NODES, pending_at_end: 0, never_projected: 0 });
    expect(metrics.last_pod_max_s).to.be.above(3 * (asDeployment.last_pod_max_s ?? NaN));
  });

  it('tells of pods of Jobs that they keep the old object, as of those that no controller owns', () => {
    const all = [...pods('Job', 3, 'job'), ...pods('Deployment', 4, 'web')];
    const { metrics, updates, warnings } = run(all, [replace(10, 'shop/tls')]);
    expect(metrics).to.include({ due: 7, replaced: 4, never_projected: 3, pending_at_end: 0 });
    expect(updates[0]).to.include({ neverLone: 3 });
    expect(warnings.join()).to.contain('Job').and.to.contain('never_lone_pod');
  });
});
