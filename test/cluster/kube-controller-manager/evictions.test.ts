import { expect } from 'chai';
import fc from 'fast-check';
import { NO_POD } from '../../../src/cluster/population/lifecycle-plan.js';
import { ControllerRun, UNLIMITED, type ControllerOptions } from './controllers.js';
import { objectClass, type Scenario } from '../scenario.js';
import { churn, drain, nodes, once, rollout, scale } from '../timeline-actions.js';

const CLASSES = [objectClass('ca')];

/** Ten nodes with three deployments of ten pods, one on each node. */
const ten = (more: Scenario, options: ControllerOptions = {}): ControllerRun =>
  new ControllerRun(
    { nodes: 10, podsPerNode: 3, replicas: 10, classes: CLASSES, ...more },
    { limits: UNLIMITED, ...options },
  );

/** Pods that run, by node. */
const podsByNode = (run: ControllerRun): number[] => {
  const pods = new Array<number>(run.population.nodeCount).fill(0);
  for (const pod of run.live.holder) if (pod !== NO_POD && run.live.isCounted(pod)) pods[run.population.podNode[pod]]++;
  return pods;
};

describe('a drain of nodes', () => {
  it('empties them, one after another, and their pods run elsewhere', () => {
    const run = ten({ timeline: [drain(10, { count: 3 }, { ratePerS: 1 / 60 })] });
    const drained = [...run.lifecycle.partNode];
    const isEmpty = (): boolean[] => drained.map((node) => podsByNode(run)[node] === 0);
    run.run(11);
    expect(isEmpty()).to.deep.equal([true, false, false]);
    run.run(71);
    expect(isEmpty()).to.deep.equal([true, true, false]);
    run.run(300);
    const pods = podsByNode(run);
    expect(drained.map((node) => pods[node])).to.deep.equal([0, 0, 0]);
    expect(pods.reduce((sum, each) => sum + each)).to.equal(30);
    expect([...run.live.available]).to.deep.equal([10, 10, 10]);
  });

  it('comes to every node of a cluster once, and nodes take pods again when they are no longer cordoned', () => {
    const timeline = [drain(10, { share: 1 }, { ratePerS: 1 / 60, cordonedUs: 120e6 })];
    const run = ten({ timeline, duration: 900 });
    expect(new Set(run.lifecycle.partNode).size).to.equal(10);
    run.run(900);
    expect([...run.live.available]).to.deep.equal([10, 10, 10]);
    // The last one drained is empty; those drained first have pods again.
    expect(podsByNode(run)[run.lifecycle.partNode[9]]).to.equal(0);
    expect(podsByNode(run).filter((pods) => pods > 0).length).to.be.above(5);
  });

  it('puts nobody on a node that is cordoned', () => {
    const timeline = [drain(10, { count: 5 }), churn(20, 30), rollout(30)];
    const { lifecycle, population } = ten({ timeline });
    const cordoned = new Set(lifecycle.partNode);
    const later = [...lifecycle.handoverPods, ...lifecycle.rolloutPods];
    expect(later.length).to.equal(15 + 30 + 30);
    expect(later.some((pod) => cordoned.has(population.podNode[pod]))).to.equal(false);
  });

  it('puts everybody on the only node that is left', () => {
    const timeline = [drain(10, { count: 99 })];
    const { lifecycle, population } = ten({ nodes: 100, timeline });
    expect(lifecycle.partNode.length).to.equal(99);
    expect(new Set(lifecycle.handoverPods.map((pod) => population.podNode[pod])).size).to.equal(1);
  });

  it('misses no more pods of a deployment at once than its budget admits, and asks again every 5 s', () => {
    fc.assert(
      fc.property(fc.constantFrom(0.1, 0.25, 0.5), fc.integer({ min: 2, max: 6 }), (maxUnavailable, count) => {
        const timeline = [drain(10, { count }, { maxUnavailable })];
        const run = ten({ timeline }, { startUs: () => 8e6 });
        const desired = 10 - Math.ceil(maxUnavailable * 10);
        run.run(500, () => {
          for (const available of run.live.available) expect(available).to.be.at.least(desired);
        });
        const drained = new Set(run.lifecycle.partNode);
        expect(podsByNode(run).filter((pods, node) => drained.has(node) && pods > 0)).to.deep.equal([]);
        expect([...run.live.available]).to.deep.equal([10, 10, 10]);
        expect(run.controllers.evictions.refused > 0).to.equal(count > 10 - desired);
      }),
      { numRuns: 20, seed: 4 },
    );
  });

  it('takes as many rounds as the budget asks for: 10 pods of one node, 2 at a time, 8 s each, asked every 5 s', () => {
    const scenario = { nodes: 2, podsPerNode: 10, replicas: 20, classes: CLASSES };
    const timeline = [drain(10, { count: 1 }, { maxUnavailable: 0.1 })];
    const run = new ControllerRun({ ...scenario, timeline }, { limits: UNLIMITED, startUs: () => 8e6 }).run(500);
    // Two of twenty may be missing. The next two go at the first question after those run: after 10, 20, 30 and 40 s.
    const ends = run.timesOf('ends').map((at) => Math.floor((at / 1e6 - 10) / 5) * 5);
    expect(ends).to.deep.equal([0, 0, 10, 10, 20, 20, 30, 30, 40, 40]);
  });

  it('leaves the pods of a DaemonSet where they are', () => {
    // One deployment with a pod on each node is not yet one: only imported workloads are taken for DaemonSets.
    const run = ten({ timeline: [drain(10, { count: 1 })] });
    expect(run.lifecycle.handoverReplica).to.have.length(3);
  });
});

describe('nodes that are switched off', () => {
  const leave = once(10, { action: 'removeNodes', nodes: 2, pods: 'comeBack' });

  it('have their pods come back on others once the pod garbage collector has found them, 40 to 60 s later', () => {
    const run = ten({ timeline: [leave] }).run(200);
    expect(run.timesOf('ends').map((at) => at / 1e6)).to.deep.equal([10, 10, 10, 10, 10, 10]);
    const starts = run.timesOf('starts').map((at) => at / 1e6);
    expect(starts).to.have.length(6);
    expect(Math.min(...starts)).to.be.above(50);
    expect(Math.max(...starts)).to.be.below(70.5);
    expect([...run.live.available]).to.deep.equal([10, 10, 10]);
    expect([...run.live.replicas]).to.deep.equal([10, 10, 10]);
  });

  it('have them replaced by a rollout where one comes first, and by nobody else', () => {
    const run = ten({ timeline: [leave, rollout(20)] }).run(300);
    expect(run.timesOf('starts')).to.have.length(30);
    expect([...run.live.available]).to.deep.equal([10, 10, 10]);
  });

  it('take them with them where they are to leave', () => {
    const run = ten({ timeline: [nodes(10, 'removeNodes', 2)] }).run(300);
    expect(run.timesOf('starts')).to.have.length(0);
    expect([...run.live.replicas]).to.deep.equal([8, 8, 8]);
  });
});

describe('deployments that are scaled', () => {
  it('to nothing lose every pod, and have as many when they are scaled up again', () => {
    const run = ten({ timeline: [scale(10, { count: 0 }), scale(60, { share: 1 })] });
    run.run(59);
    expect([...run.live.replicas, ...run.live.available]).to.deep.equal([0, 0, 0, 0, 0, 0]);
    run.run(100);
    expect([...run.live.replicas, ...run.live.available]).to.deep.equal([10, 10, 10, 10, 10, 10]);
    expect([run.timesOf('starts').length, run.timesOf('ends').length]).to.deep.equal([30, 30]);
    expect(run.gone).to.deep.equal([]);
  });

  it('keep their first replicas', () => {
    const run = ten({ timeline: [scale(10, { count: 3 }), scale(50, { share: 0.5 })] }).run(100);
    expect([...run.live.available]).to.deep.equal([5, 5, 5]);
    expect([run.timesOf('starts').length, run.timesOf('ends').length]).to.deep.equal([6, 21]);
  });

  it('say who has a place no more: those that do not come back', () => {
    const run = ten({ timeline: [scale(10, { count: 2 }), scale(50, { count: 5 })] });
    run.run(30);
    const hasPlace = [...run.lifecycle.replicaFirstPod].map((pod) => run.controllers.hasPlace(pod));
    expect(hasPlace.filter((has) => has)).to.have.length(15);
  });

  it('end with every replica on the newest template, whatever else happens meanwhile', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 }),
        fc.constantFrom(0, 3, 7),
        (seed, at, count) => {
          const timeline = [
            scale(at[0], { count }),
            scale(at[0] + at[1], { share: 1 }),
            rollout(at[2]),
            drain(at[3], { count: 2 }, { maxUnavailable: 0.2 }),
            once(at[4], { action: 'removeNodes', nodes: 1, pods: 'comeBack' }),
          ];
          const startUs = (pod: number): number => 1e5 + ((pod * 7919 + seed) % 97) * 1e5;
          const run = ten({ timeline, duration: 800 }, { startUs }).run(800);
          expect([...run.live.replicas], 'replicas').to.deep.equal([10, 10, 10]);
          expect([...run.live.available], 'available').to.deep.equal([10, 10, 10]);
          expect([...run.live.pods], 'pods').to.deep.equal([10, 10, 10]);
          const templates = [...run.live.holder].map((pod) => run.lifecycle.podTemplate[pod]);
          expect(templates.every((template) => template >= 0)).to.equal(true);
        },
      ),
      { numRuns: 100, seed: 6 },
    );
  });
});
