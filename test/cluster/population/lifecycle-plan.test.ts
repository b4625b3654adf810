import { expect } from 'chai';
import fc from 'fast-check';
import { changesOf, NO_POD, type LifecyclePlan } from '../../../src/cluster/population/lifecycle-plan.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { buildPopulation } from '../../../src/cluster/run/simulate.js';
import type { Population } from '../../../src/cluster/population/population.js';
import { inputOf, objectClass, type Scenario } from '../scenario.js';
import { churn, nodes, replace, rollout } from '../timeline-actions.js';

const S = 1e6;
const CLASSES = [
  objectClass('ca'),
  objectClass('tls', { scope: 'deployment', immutableShare: 0.5 }),
  objectClass('own', { scope: 'pod', as: 'env' }),
  objectClass('host', { scope: 'node' }),
  objectClass('team', { scope: 'namespace', count: 2, podFraction: 0.3 }),
];
const SCENARIO: Scenario = { nodes: 8, podsPerNode: 6, replicas: 6, namespaces: 2, classes: CLASSES };

const build = (timeline: readonly TimelineAction[], more: Scenario = {}): Population =>
  buildPopulation(inputOf({ ...SCENARIO, ...more, timeline }));

/** The population and its lifecycle plan. */
const plannedOf = (
  timeline: readonly TimelineAction[],
  more: Scenario = {},
): { population: Population; lifecycle: LifecyclePlan } => {
  const population = build(timeline, more);
  if (population.lifecycle === null) throw new Error('no lifecycle plan');
  return { population, lifecycle: population.lifecycle };
};
const range = (start: Int32Array, values: Int32Array, at: number): number[] => [
  ...values.subarray(start[at], start[at + 1]),
];
const objectsOfPod = (population: Population, pod: number): string[] =>
  range(population.podConsumerStart, population.consumerObject, pod).map((object) => population.objectName(object));
/** What can be compared between populations: everything but the functions and the lifecycle plan. */
const columns = (population: Population): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(population).filter(([key, value]) => typeof value !== 'function' && key !== 'lifecycle'),
  );

describe('the lifecycle plan of a run', () => {
  it('is nobody where nobody comes or goes', () => {
    const plain = build([]);
    expect(plain.lifecycle).to.equal(null);
    const recreated = build([replace(10, 'tls', { by: 'recreate' })]);
    expect(columns(recreated)).to.deep.equal(columns(plain));
    expect(plain.podArrives.includes(1) || plain.nodeArrives.includes(1) || plain.objectArrives.includes(1)).to.equal(
      false,
    );
  });

  it('leaves everybody who is there at the start as without it', () => {
    const plain = build([]);
    const { population } = plannedOf([rollout(10), nodes(20, 'addNodes', 2), replace(30, 'tls'), churn(40, 5)]);
    const there = Array.from(population.podArrives.keys()).filter((pod) => population.podArrives[pod] === 0);
    expect(there.map((pod) => population.podName(pod))).to.deep.equal(
      Array.from({ length: plain.podCount }, (_, pod) => plain.podName(pod)),
    );
    expect(there.map((pod) => population.podNameHigh[pod])).to.deep.equal([...plain.podNameHigh]);
    expect(there.map((pod) => objectsOfPod(population, pod))).to.deep.equal(
      Array.from({ length: plain.podCount }, (_, pod) => objectsOfPod(plain, pod)),
    );
  });

  it('is the same each time it is planned, and another with another seed', () => {
    const timeline = [rollout(10, 0.5), churn(20, 5), nodes(30, 'removeNodes', 2)];
    const [first, again, other] = [plannedOf(timeline), plannedOf(timeline), plannedOf(timeline, { seed: 'other' })];
    expect(first.lifecycle).to.deep.equal(again.lifecycle);
    expect(columns(first.population)).to.deep.equal(columns(again.population));
    expect(first.lifecycle.movedNodes).not.to.deep.equal(other.lifecycle.movedNodes);
    expect(first.lifecycle.handoverReplica).not.to.deep.equal(other.lifecycle.handoverReplica);
  });

  it('has a new pod for each replica of each deployment that is rolled out', () => {
    const { population, lifecycle } = plannedOf([rollout(10, 0.5)]);
    expect(lifecycle.rolloutStart).to.deep.equal(Int32Array.of(0, 4));
    for (let i = 0; i < 4; i++) {
      const deployment = lifecycle.rolloutDeployment[i];
      const replicas = range(lifecycle.deploymentReplicaStart, lifecycle.deploymentReplicas, deployment);
      const pods = range(lifecycle.rolloutPodStart, lifecycle.rolloutPods, i);
      expect(pods.map((pod) => lifecycle.podReplica[pod])).to.deep.equal(replicas);
      expect(pods.map((pod) => population.podDeployment[pod])).to.deep.equal(replicas.map(() => deployment));
      expect(pods.map((pod) => population.podName(pod))).to.deep.equal(
        replicas.map((replica) => `${population.podName(lifecycle.replicaFirstPod[replica])}-r1`),
      );
      for (const pod of pods) expect([population.podArrives[pod], lifecycle.podTemplate[pod]]).to.deep.equal([1, 0]);
    }
    expect(population.podCount).to.equal(48 + 24);
  });

  it('rolls the same deployments out with a larger share, and others at another time', () => {
    const chosen = (share: number): number[] => [...plannedOf([rollout(10, share)]).lifecycle.rolloutDeployment];
    expect(chosen(0.75)).to.include.members(chosen(0.5)).and.to.have.length(6);
    const { lifecycle } = plannedOf([{ ...rollout(10, 0.25), everyUs: 60 * S }], { duration: 250 });
    expect(lifecycle.changeCount).to.equal(4);
    expect(changesOf(lifecycle, 0)).to.deep.equal([0, 1, 2, 3]);
    expect(new Set(lifecycle.rolloutDeployment).size).to.be.above(2);
  });

  it('mounts in a new pod what its predecessor mounted, and the objects of its own node', () => {
    const { population, lifecycle } = plannedOf([rollout(10)]);
    for (const pod of lifecycle.rolloutPods) {
      const before = objectsOfPod(population, lifecycle.replicaFirstPod[lifecycle.podReplica[pod]]);
      const node = population.nodeName(population.podNode[pod]);
      const expected = before.map((name) => (name.startsWith('nodes/') ? `nodes/${node}-host` : name));
      expect(objectsOfPod(population, pod)).to.deep.equal(expected);
    }
  });

  it('spreads new pods so that nodes keep about as many as they had', () => {
    const { population, lifecycle } = plannedOf([rollout(10)], { nodes: 200, podsPerNode: 30, replicas: 30 });
    const pods = new Int32Array(200);
    for (const pod of lifecycle.rolloutPods) pods[population.podNode[pod]]++;
    // Independent of each other they would scatter by √30 = 5.5; 30 ± 22 at the most of 200.
    expect(Math.min(...pods)).to.be.at.least(22);
    expect(Math.max(...pods)).to.be.at.most(38);
    const moved = [...lifecycle.rolloutPods].filter(
      (pod) => population.podNode[pod] !== population.podNode[lifecycle.replicaFirstPod[lifecycle.podReplica[pod]]],
    );
    expect(moved.length).to.be.above(5800);
  });

  it('keeps the places of pods when a class of objects is added, for they go by name', () => {
    const places = (classes: Scenario['classes'] = CLASSES): Int32Array => {
      const { population, lifecycle } = plannedOf([rollout(10)], { classes });
      return lifecycle.rolloutPods.map((pod) => population.podNode[pod]);
    };
    expect(places()).to.deep.equal(places([objectClass('more'), ...CLASSES]));
  });

  describe('replace by a new name', () => {
    it('makes a new object for each of the target, that is not there at the start and like the old one', () => {
      const { population, lifecycle } = plannedOf([replace(10, 'tls')]);
      const [olds, news] = [lifecycle.replacedObject, lifecycle.replacementObject];
      expect(olds).to.deep.equal(population.objectsOf('tls', null));
      expect(news).to.have.length(8);
      for (let i = 0; i < news.length; i++) {
        expect(population.objectName(news[i])).to.equal(`${population.objectName(olds[i])}-v2`);
        expect([population.objectExists[news[i]], population.objectArrives[news[i]]]).to.deep.equal([0, 1]);
        for (const column of ['objectKind', 'objectClass', 'objectSize', 'objectImmutable'] as const) {
          expect(population[column][news[i]]).to.equal(population[column][olds[i]]);
        }
        expect(population.objectNameHigh[news[i]]).not.to.equal(population.objectNameHigh[olds[i]]);
      }
    });

    it('rolls out the deployments that use the target, whose new pods mount the new objects', () => {
      const { population, lifecycle } = plannedOf([replace(10, 'tls')]);
      expect([...lifecycle.rolloutDeployment]).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
      for (const pod of lifecycle.rolloutPods) {
        const names = objectsOfPod(population, pod);
        const before = objectsOfPod(population, lifecycle.replicaFirstPod[lifecycle.podReplica[pod]]);
        expect(names.filter((name) => name.endsWith('-tls-v2'))).to.deep.equal(
          before.filter((name) => name.endsWith('-tls')).map((name) => `${name}-v2`),
        );
        expect(names.some((name) => name.endsWith('-tls'))).to.equal(false);
      }
    });

    it('lets a rollout wait for the new objects that its pods mount', () => {
      const { population, lifecycle } = plannedOf([replace(10, 'team', { ratePerS: 1 })]);
      const users = new Set<number>();
      for (let pod = 0; pod < population.podCount; pod++) {
        const uses =
          population.podArrives[pod] === 0 && objectsOfPod(population, pod).some((name) => /team/.test(name));
        if (uses) users.add(population.podDeployment[pod]);
      }
      expect(new Set(lifecycle.rolloutDeployment)).to.deep.equal(users);
      for (let i = 0; i < lifecycle.replacementObject.length; i++) {
        const waiting = range(lifecycle.waitingRolloutStart, lifecycle.waitingRollouts, i);
        const namespace = population.objectName(lifecycle.replacementObject[i]).split('/')[0];
        const expected = [...lifecycle.rolloutDeployment.keys()].filter((rollout) =>
          population
            .podName(
              lifecycle.replicaFirstPod[
                lifecycle.deploymentReplicas[lifecycle.deploymentReplicaStart[lifecycle.rolloutDeployment[rollout]]]
              ],
            )
            .startsWith(`${namespace}/`),
        );
        expect(waiting).to.deep.equal(expected);
      }
    });

    it('gives each repetition a generation of its own, which later pods mount', () => {
      const { population, lifecycle } = plannedOf([replace(10, 'ca', { everyUs: 100 * S }), rollout(150)], {
        duration: 250,
      });
      const namesAt = (at?: number): string[] =>
        [...population.objectsOf('ca', null, at)].map((object) => population.objectName(object));
      expect([namesAt(), namesAt(10 * S), namesAt(150 * S), namesAt(240 * S)]).to.deep.equal([
        ['shared/ca'],
        ['shared/ca-v2'],
        ['shared/ca-v3'],
        ['shared/ca-v4'],
      ]);
      expect([...lifecycle.replacedObject].map((object) => population.objectName(object))).to.deep.equal([
        'shared/ca',
        'shared/ca-v2',
        'shared/ca-v3',
      ]);
      const [rolled] = changesOf(lifecycle, 1);
      const pod = lifecycle.rolloutPods[lifecycle.rolloutPodStart[lifecycle.rolloutStart[rolled]]];
      expect(objectsOfPod(population, pod)).to.include('shared/ca-v3');
      expect(population.podName(pod)).to.match(/-r3$/);
    });
  });

  it('numbers objects of the same kind and name alike, whatever their namespace', () => {
    const { population, lifecycle } = plannedOf([replace(10, 'team')]);
    const triggersOf = (objects: Int32Array): number[] =>
      [...objects].map((object) => population.objectTrigger[object]);
    const [a, b, c, d] = triggersOf(population.objectsOf('team', null));
    expect([c, d]).to.deep.equal([a, b]);
    expect(a).not.to.equal(b);
    const [e, f, g, h] = triggersOf(lifecycle.replacementObject);
    expect([g, h]).to.deep.equal([e, f]);
    expect(new Set([a, b, e, f]).size).to.equal(4);
    const tls = triggersOf(population.objectsOf('tls', null));
    expect(new Set([...tls, a, b, e, f]).size).to.equal(tls.length + 4);
  });

  describe('nodes', () => {
    it('that join bring deployments of their own, with objects of their own', () => {
      const { population, lifecycle } = plannedOf([nodes(10, 'addNodes', 3)]);
      expect(range(lifecycle.movedStart, lifecycle.movedNodes, 0)).to.deep.equal([8, 9, 10]);
      expect([...population.nodeArrives]).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
      const brought = range(lifecycle.broughtStart, lifecycle.broughtPods, 0);
      expect(brought).to.have.length(18);
      expect(brought.map((pod) => population.podNode[pod]).every((node) => node >= 8)).to.equal(true);
      expect(new Set(brought.map((pod) => population.podDeployment[pod]))).to.deep.equal(new Set([8, 9, 10]));
      const objects = new Set(brought.flatMap((pod) => objectsOfPod(population, pod)));
      expect(objects).to.include('shared/ca').and.to.include('nodes/node-8-host');
      expect([...objects].filter((name) => name.endsWith('-tls')).map((name) => name.split('/')[1])).to.have.members([
        'app-8-tls',
        'app-9-tls',
        'app-10-tls',
      ]);
      expect(population.objectsOf('tls', null)).to.have.length(8);
      expect(population.objectsOf('tls', null, 20 * S)).to.have.length(11);
    });

    it('that have joined take part in what happens later, and not in what happened before', () => {
      const { population, lifecycle } = plannedOf([
        rollout(5),
        nodes(10, 'addNodes', 4),
        rollout(20),
        replace(30, 'tls'),
      ]);
      const [first, , second, third] = [0, 1, 2, 3].map((k) =>
        range(lifecycle.rolloutStart, lifecycle.rolloutDeployment, k),
      );
      expect([first.length, second.length, third.length]).to.deep.equal([8, 12, 12]);
      const nodesOf = (change: number): Set<number> => {
        const from = lifecycle.rolloutPodStart[lifecycle.rolloutStart[change]];
        const to = lifecycle.rolloutPodStart[lifecycle.rolloutStart[change + 1]];
        return new Set([...lifecycle.rolloutPods.subarray(from, to)].map((pod) => population.podNode[pod]));
      };
      expect(Math.max(...nodesOf(0))).to.be.below(8);
      expect(Math.max(...nodesOf(2))).to.be.at.least(8);
      expect(lifecycle.replacementObject).to.have.length(12);
    });

    it('that leave are chosen by name, take their pods with them, and get no new ones', () => {
      const { population, lifecycle } = plannedOf([nodes(10, 'removeNodes', 3), rollout(20), churn(30, 20)]);
      const left = new Set(range(lifecycle.movedStart, lifecycle.movedNodes, 0));
      expect(left.size).to.equal(3);
      const gone = [...lifecycle.replicaFirstPod].filter((pod) => left.has(population.podNode[pod]));
      expect(gone).to.have.length(18);
      expect(lifecycle.rolloutPods.filter((pod) => pod === NO_POD)).to.have.length(18);
      const later = [...lifecycle.rolloutPods, ...lifecycle.handoverPods].filter((pod) => pod !== NO_POD);
      expect(later.some((pod) => left.has(population.podNode[pod]))).to.equal(false);
      expect(plannedOf([nodes(10, 'removeNodes', 2)]).lifecycle.movedNodes.every((node) => left.has(node))).to.equal(
        true,
      );
    });

    it('never all leave', () => {
      const { lifecycle } = plannedOf([nodes(10, 'removeNodes', 100)]);
      expect(lifecycle.movedNodes).to.have.length(7);
    });
  });

  describe('churn', () => {
    it('deletes as many pods as it says, each replica once before any a second time', () => {
      const { population, lifecycle } = plannedOf([churn(0, 5, { everyUs: 10 * S })], { duration: 200 });
      expect(lifecycle.changeCount).to.equal(20);
      expect(lifecycle.handoverReplica).to.have.length(100);
      expect(new Set(lifecycle.handoverReplica.subarray(0, 48)).size).to.equal(48);
      expect(new Set(lifecycle.handoverReplica.subarray(48, 96)).size).to.equal(48);
      const pods = [...lifecycle.handoverPods];
      expect(pods.map((pod) => lifecycle.podReplica[pod])).to.deep.equal([...lifecycle.handoverReplica]);
      expect(new Set(pods).size).to.equal(100);
      const names = pods.map((pod) => population.podName(pod).replace(/^.*(?=-c)/, ''));
      expect(names.slice(0, 48).every((name) => name === '-c1')).to.equal(true);
      expect(names.slice(48, 96).every((name) => name === '-c2')).to.equal(true);
    });

    it('never deletes one replica twice at once', () => {
      const { lifecycle } = plannedOf([churn(0, 100)]);
      expect(lifecycle.handoverReplica).to.have.length(48);
    });

    it('has a pod for each template that the deployment may have by then', () => {
      const { population, lifecycle } = plannedOf([
        replace(10, 'tls', { ratePerS: 0.1 }),
        churn(5, 3),
        churn(20, 3),
        churn(300, 3),
      ]);
      const templates = lifecycle.handoverReplica.map(
        (_, i) => lifecycle.handoverPodStart[i + 1] - lifecycle.handoverPodStart[i],
      );
      // The replacements are written from 10 s to 80 s, and are through at 140 s at the latest.
      expect([...templates]).to.deep.equal([1, 1, 1, 2, 2, 2, 1, 1, 1]);
      const [old, fresh] = range(lifecycle.handoverPodStart, lifecycle.handoverPods, 4);
      expect([lifecycle.podTemplate[old], lifecycle.podTemplate[fresh]]).to.deep.equal([-1, 1]);
      expect(population.podNode[old]).to.equal(population.podNode[fresh]);
      expect(objectsOfPod(population, fresh).some((name) => name.endsWith('tls-v2'))).to.equal(true);
      expect(objectsOfPod(population, old).some((name) => name.endsWith('tls-v2'))).to.equal(false);
    });
  });

  it('names every pod and object once, and has what it names exactly once, whatever happens', () => {
    const actions = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }).map((share) => rollout(0, share)),
      fc.constantFrom(...CLASSES).map(({ name }) => replace(0, name, { ratePerS: 2 })),
      fc.integer({ min: 1, max: 5 }).map((count) => nodes(0, 'addNodes', count)),
      fc.integer({ min: 1, max: 3 }).map((count) => nodes(0, 'removeNodes', count)),
      fc.integer({ min: 1, max: 60 }).map((pods) => churn(0, pods)),
    );
    const entries = fc.array(
      fc
        .tuple(actions, fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 100 }))
        .map(([action, at, jitter]) => ({ ...action, firstUs: at * S, jitterUs: jitter * S })),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(entries, (timeline) => {
        const { population, lifecycle } = plannedOf(timeline);
        const names = Array.from({ length: population.podCount }, (_, pod) => population.podName(pod));
        const templates = new Set(names.map((name, pod) => `${name} ${lifecycle.podTemplate[pod]}`));
        expect(templates.size).to.equal(population.podCount);
        const objects = Array.from({ length: population.objectCount }, (_, object) => population.objectName(object));
        expect(new Set(objects).size).to.equal(population.objectCount);
        const later = [...lifecycle.rolloutPods, ...lifecycle.handoverPods, ...lifecycle.broughtPods].filter(
          (pod) => pod !== NO_POD,
        );
        expect(new Set(later).size).to.equal(later.length);
        expect(later.length).to.equal(population.podArrives.reduce((sum, arrives) => sum + arrives, 0));
        for (const pod of later) expect(population.podArrives[pod]).to.equal(1);
        expect(lifecycle.waitingRolloutStart).to.have.length(lifecycle.replacementObject.length + 1);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
