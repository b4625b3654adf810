import { expect } from 'chai';
import fc from 'fast-check';
import { NO_POD } from '../../../src/cluster/population/lifecycle-plan.js';
import { resolveFenceposts } from '../../../src/cluster/kube-controller-manager/rollout.js';
import { nameOf } from '../../../src/sim/names.js';
import { ControllerRun, UNLIMITED, type ControllerOptions } from './controllers.js';
import { objectClass, type Scenario } from '../scenario.js';
import { churn, nodes, replace, rollout } from '../timeline-actions.js';

const CLASSES = [objectClass('ca'), objectClass('tls', { scope: 'deployment', count: 2 })];

/** One deployment of `replicas` pods, one per node, rolled out at 10 s. */
const one = (replicas: number, more: Scenario = {}, options: ControllerOptions = {}): ControllerRun =>
  new ControllerRun(
    { nodes: replicas, podsPerNode: 1, replicas, classes: CLASSES, timeline: [rollout(10)], ...more },
    { limits: UNLIMITED, ...options },
  );

/** True where each replica's pod has the template of the change and runs. */
const isRolledOut = (run: ControllerRun, change: number): boolean =>
  [...run.live.holder].every((pod) => pod !== NO_POD && run.lifecycle.podTemplate[pod] === change) &&
  run.live.available[0] === run.live.replicas[0];

/** Some start time between 0.1 and 10 s that goes by the pod. */
const anyStart = (seed: number) => (pod: number) => 1e5 + (Math.abs(nameOf(`${seed} ${pod}`).low) % 9_900_000);

describe('resolveFenceposts', () => {
  it('rounds the surge up and what may be missing down', () => {
    expect(resolveFenceposts(10, 0.25, 0.25)).to.deep.equal({ surge: 3, unavailable: 2 });
    expect(resolveFenceposts(4, 0.25, 0.25)).to.deep.equal({ surge: 1, unavailable: 1 });
    expect(resolveFenceposts(1, 0.25, 0.25)).to.deep.equal({ surge: 1, unavailable: 0 });
    expect(resolveFenceposts(100, 0.07, 0.07)).to.deep.equal({ surge: 7, unavailable: 7 });
    expect(resolveFenceposts(3, 0, 1)).to.deep.equal({ surge: 0, unavailable: 3 });
  });

  it('lets one pod be missing where nothing would be allowed', () => {
    expect(resolveFenceposts(3, 0, 0.25)).to.deep.equal({ surge: 0, unavailable: 1 });
  });
});

describe('a rolling update', () => {
  it('replaces 4 replicas with 1 in addition and 1 missing: two steps of two, by hand', () => {
    const run = one(4);
    const counts: string[] = [];
    run.run(60, () => {
      const { pods, available, updated } = run.live;
      const line = `${pods[0]} pods, ${available[0]} available, ${updated[0]} new`;
      if (counts.at(-1) !== line) counts.push(line);
    });
    // One is added and one deleted, which makes room for a second new one; each that runs frees an old one.
    expect(counts).to.deep.equal([
      '5 pods, 3 available, 2 new',
      '5 pods, 3 available, 3 new',
      '5 pods, 3 available, 4 new',
      '4 pods, 3 available, 4 new',
      '4 pods, 4 available, 4 new',
    ]);
    expect(isRolledOut(run, 0)).to.equal(true);
  });

  it('never has too few available nor too many pods, and replaces every pod exactly once', () => {
    const share = fc.constantFrom(0, 0.1, 0.25, 0.5, 1);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        share,
        share,
        fc.nat(),
        fc.boolean(),
        (replicas, maxSurge, maxUnavailable, seed, limited) => {
          const timeline = [rollout(10, 1, { maxSurge, maxUnavailable })];
          const options = { startUs: anyStart(seed), ...(limited ? { limits: { qps: 2, burst: 3 } } : {}) };
          const run = one(replicas, { timeline }, options);
          const { surge, unavailable } = resolveFenceposts(replicas, maxSurge, maxUnavailable);
          run.run(2000, () => {
            expect(run.live.available[0]).to.be.at.least(replicas - unavailable);
            expect(run.live.pods[0]).to.be.at.most(replicas + surge);
          });
          expect(isRolledOut(run, 0)).to.equal(true);
          const pods = (what: string): number[] =>
            run.events.filter((event) => event.what === what).map(({ pod }) => pod);
          expect(pods('ends').sort((a, b) => a - b)).to.deep.equal(
            [...run.lifecycle.replicaFirstPod].sort((a, b) => a - b),
          );
          expect(pods('starts').sort((a, b) => a - b)).to.deep.equal(
            [...run.lifecycle.rolloutPods].sort((a, b) => a - b),
          );
        },
      ),
      { numRuns: 150, seed: 3 },
    );
  });

  it('with k of n missing at most reaches the last after ⌈n/k⌉ times the time of a start', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (replicas, k) => {
        const missing = Math.min(k, replicas);
        const timeline = [rollout(10, 1, { maxUnavailable: missing / replicas, maxSurge: 0 })];
        const startS = 100;
        const run = one(replicas, { timeline, duration: 5000 }, { startUs: () => startS * 1e6 }).run(5000);
        expect(isRolledOut(run, 0)).to.equal(true);
        const last = Math.max(...run.timesOf('runs')) / 1e6 - 10;
        const steps = Math.ceil(replicas / missing);
        // Beside the start itself: the controller's reaction, 50 ms, and scheduling, below 0.5 s for all but one in 10^5.
        expect(last).to.be.within(steps * (startS + 0.05), steps * (startS + 0.05 + 0.5));
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('stops where the new pods do not run, with as many old ones as have to be available', () => {
    const run = one(8, {}, { startUs: () => NaN }).run(1000);
    expect([run.live.available[0], run.live.updated[0], run.live.pods[0]]).to.deep.equal([6, 4, 10]);
  });

  it('deletes pods first that are not available', () => {
    const run = one(
      8,
      { timeline: [rollout(10), rollout(100)] },
      {
        startUs: (pod) => (pod % 2 === 0 ? NaN : 1e6),
      },
    );
    run.run(99);
    const stuck = [...run.live.holder].filter((pod) => run.lifecycle.podTemplate[pod] === 0);
    const before = run.live.available[0];
    run.run(100.5);
    const deleted = stuck.filter((pod) => !run.live.isCounted(pod));
    expect(deleted.length).to.be.above(0);
    expect(run.live.available[0]).to.equal(before);
  });

  it('counts its own pods that do not run among those that are missing', () => {
    const timeline = [rollout(10, 1, { maxUnavailable: 1, maxSurge: 0 }), rollout(20)];
    const run = one(4, { timeline }, { startUs: () => NaN }).run(100);
    // None of the first rollout's 4 pods runs. The second adds one, deletes one of those, adds one; then 5 − 3 − 2 = 0.
    expect([run.live.pods[0], run.live.updated[0], run.live.available[0]]).to.deep.equal([5, 2, 0]);
  });

  it('takes over from one that is under way, and waits for no pod of that', () => {
    const run = one(12, { timeline: [rollout(10), rollout(11)] }, { startUs: () => 5e6 });
    run.run(200);
    expect(isRolledOut(run, 1)).to.equal(true);
    const first = run.events.filter(({ what, pod }) => what === 'starts' && run.lifecycle.podTemplate[pod] === 0);
    // 25 % of 12 may be missing and as many added: six pods of the first had begun.
    expect(first).to.have.length(6);
    const [started, ended] = [run.timesOf('starts'), run.timesOf('ends')];
    expect([started.length, ended.length]).to.deep.equal([18, 18]);
  });

  it('is held back by the limit of the controllers: 20 requests per second after 30 at once', () => {
    const scenario: Scenario = { nodes: 10, podsPerNode: 60, replicas: 60, classes: CLASSES, timeline: [rollout(0)] };
    const limited = new ControllerRun(scenario).run(1000);
    const free = new ControllerRun(scenario, { limits: UNLIMITED }).run(1000);
    // 600 pods are created and as many deleted.
    expect(Math.max(...limited.timesOf('ends')) / 1e6).to.be.within((1200 - 30) / 20, (1200 - 30) / 20 + 10);
    expect(Math.max(...free.timesOf('ends')) / 1e6).to.be.below(30);
    expect(limited.controllers.requests.longestWait).to.be.above(1e6);
  });

  it('gives a pod its grace: it has terminated 1 s after its kubelet saw the deletion', () => {
    const run = one(4).run(100);
    const [first] = run.timesOf('ends');
    expect(first - 10e6 - 1e6).to.be.within(50e3, 50e3 + 100e3);
  });

  it('has the same latencies for the same pods in the same replication, and others in another', () => {
    const times = (replication: number, classes = CLASSES): number[] =>
      one(6, { classes }, { replication }).run(100).timesOf('starts');
    expect(times(1)).to.deep.equal(times(1, [objectClass('more'), ...CLASSES]));
    expect(times(1)).not.to.deep.equal(times(2));
  });

  describe('for objects under new names', () => {
    const replacing = (options: ControllerOptions): ControllerRun =>
      new ControllerRun(
        { nodes: 6, podsPerNode: 2, replicas: 4, classes: CLASSES, timeline: [replace(10, 'tls')] },
        { limits: UNLIMITED, ...options },
      );

    it('begins for each deployment when the last of its new objects has been created', () => {
      const run = replacing({ writeUs: (position) => (position + 1) * 10e6 }).run(200);
      const begun = [0, 1, 2].map((deployment) =>
        Math.min(
          ...run.events
            .filter(({ what, pod }) => what === 'starts' && run.population.podDeployment[pod] === deployment)
            .map(({ at }) => at / 1e6),
        ),
      );
      // Two objects per deployment: they are complete after 20, 40 and 60 s.
      begun.forEach((at, deployment) => expect(at).to.be.within(30 + deployment * 20, 30.5 + deployment * 20));
      expect(isRolledOut(run, 0)).to.equal(true);
    });

    it('does not begin while an object is missing', () => {
      const run = replacing({ writeUs: (position) => (position === 3 ? 1e9 : 0) }).run(500);
      const rolled = new Set(
        [...run.live.holder].map((pod) => `${run.population.podDeployment[pod]} ${run.lifecycle.podTemplate[pod]}`),
      );
      expect(rolled).to.deep.equal(new Set(['0 0', '1 -1', '2 0']));
    });

    it('follows in the order of the timeline: a later rollout waits for the objects of an earlier one', () => {
      const run = new ControllerRun(
        { nodes: 4, podsPerNode: 1, replicas: 4, classes: CLASSES, timeline: [replace(10, 'tls'), rollout(20)] },
        { limits: UNLIMITED, writeUs: () => 60e6 },
      );
      run.run(69);
      expect(run.events).to.deep.equal([]);
      run.run(200);
      expect(isRolledOut(run, 1)).to.equal(true);
      expect(run.timesOf('starts')).to.have.length(4);
    });
  });
});

describe('churn', () => {
  const run = (pods: number, more: Partial<ReturnType<typeof churn>> = {}, options: ControllerOptions = {}) =>
    new ControllerRun(
      { nodes: 10, podsPerNode: 6, replicas: 6, classes: CLASSES, timeline: [churn(10, pods, more)] },
      options,
    );

  it('deletes as many running pods as it says, and starts as many in their places', () => {
    const churned = run(20).run(100);
    expect([churned.controllers.evictions.deleted, churned.controllers.evictions.passedOver]).to.deep.equal([20, 0]);
    expect([churned.timesOf('starts').length, churned.timesOf('ends').length]).to.deep.equal([20, 20]);
    expect([...churned.live.available]).to.deep.equal(Array.from({ length: 10 }, () => 6));
  });

  it('passes over what is not running yet', () => {
    const churned = run(60, { everyUs: 2e6, untilUs: 13e6 }, { limits: UNLIMITED, startUs: () => 10e6 }).run(100);
    expect([churned.controllers.evictions.deleted, churned.controllers.evictions.passedOver]).to.deep.equal([60, 60]);
  });

  it('does not wait for the old pod to end, but for the limit of the controllers', () => {
    const churned = run(60).run(100);
    expect(Math.max(...churned.timesOf('starts')) / 1e6).to.be.within(11.5, 12.5);
    expect(Math.max(...churned.timesOf('ends')) / 1e6).to.be.below(11.5);
  });

  it('and a rollout at the same time end with every replica on the new template', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 8 }), (seed, pods) => {
        const timeline = [rollout(20), churn(0, pods, { everyUs: 3e6 }), replace(60, 'tls')];
        const scenario = { nodes: 6, podsPerNode: 4, replicas: 8, classes: CLASSES, timeline, duration: 300 };
        const both = new ControllerRun(scenario, { limits: UNLIMITED, startUs: anyStart(seed) }).run(400);
        expect(both.live.holder.every((pod) => both.lifecycle.podTemplate[pod] >= 0)).to.equal(true);
        expect([...both.live.available]).to.deep.equal([8, 8, 8]);
        expect([...both.live.pods]).to.deep.equal([8, 8, 8]);
        expect(both.controllers.evictions.deleted).to.be.above(both.controllers.evictions.passedOver);
      }),
      { numRuns: 30, seed: 5 },
    );
  });
});

describe('the lifecycle of nodes', () => {
  const scenario = (timeline: Scenario['timeline']): Scenario => ({
    nodes: 10,
    podsPerNode: 6,
    replicas: 6,
    classes: CLASSES,
    timeline: timeline ?? [],
  });

  it('binds the pods of nodes that join, as fast as the scheduler may: 50 per second after 100 at once', () => {
    const run = new ControllerRun(scenario([nodes(10, 'addNodes', 50)])).run(100);
    const starts = run.timesOf('starts');
    expect(starts).to.have.length(300);
    expect(Math.max(...starts) / 1e6).to.be.within(14, 14.6);
    expect(run.live.available.reduce((sum, count) => sum + count, 0)).to.equal(360);
  });

  it('ends the pods of nodes that leave at once, and gives their replicas up', () => {
    const run = new ControllerRun(scenario([nodes(10, 'removeNodes', 3), rollout(20)]), { limits: UNLIMITED }).run(100);
    expect(run.events.filter(({ what, at }) => what === 'ends' && at === 10e6)).to.have.length(18);
    expect(run.live.replicas.reduce((sum, count) => sum + count, 0)).to.equal(42);
    expect([...run.live.available]).to.deep.equal([...run.live.replicas]);
    expect([...run.live.pods]).to.deep.equal([...run.live.replicas]);
  });

  it('ends pods with their nodes in the middle of a rollout, which is completed all the same', () => {
    const timeline = [rollout(10), nodes(12, 'removeNodes', 4), nodes(14, 'addNodes', 3), rollout(16)];
    const run = new ControllerRun(scenario(timeline), { startUs: anyStart(1) }).run(1000);
    expect([...run.live.available]).to.deep.equal([...run.live.replicas]);
    expect([...run.live.updated]).to.deep.equal([...run.live.replicas]);
    const once = run.events.filter(({ what }) => what === 'starts').map(({ pod }) => pod);
    expect(new Set(once).size).to.equal(once.length);
  });
});
