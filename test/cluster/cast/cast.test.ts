import { expect } from 'chai';
import fc from 'fast-check';
import { changesOf, NO_POD, type Cast } from '../../../src/cluster/cast/cast.js';
import type { TimelineAction } from '../../../src/cluster/model-input.js';
import { buildTopology } from '../../../src/cluster/simulate.js';
import type { Topology } from '../../../src/cluster/topology.js';
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

const build = (timeline: readonly TimelineAction[], more: Scenario = {}): Topology =>
  buildTopology(inputOf({ ...SCENARIO, ...more, timeline }));

/** The topology and its cast. */
const castOf = (timeline: readonly TimelineAction[], more: Scenario = {}): { topology: Topology; cast: Cast } => {
  const topology = build(timeline, more);
  if (topology.cast === null) throw new Error('no cast');
  return { topology, cast: topology.cast };
};
const range = (start: Int32Array, values: Int32Array, at: number): number[] => [
  ...values.subarray(start[at], start[at + 1]),
];
const objectsOfPod = (topology: Topology, pod: number): string[] =>
  range(topology.podConsumerStart, topology.consumerObject, pod).map((object) => topology.objectName(object));
/** What can be compared between topologies: everything but the functions and the cast. */
const columns = (topology: Topology): Record<string, unknown> =>
  Object.fromEntries(Object.entries(topology).filter(([key, value]) => typeof value !== 'function' && key !== 'cast'));

describe('the cast of a run', () => {
  it('is nobody where nobody comes or goes', () => {
    const plain = build([]);
    expect(plain.cast).to.equal(null);
    const recreated = build([replace(10, 'tls', { by: 'recreate' })]);
    expect(columns(recreated)).to.deep.equal(columns(plain));
    expect(plain.podArrives.includes(1) || plain.nodeArrives.includes(1) || plain.objectArrives.includes(1)).to.equal(
      false,
    );
  });

  it('leaves everybody who is there at the start as without it', () => {
    const plain = build([]);
    const { topology } = castOf([rollout(10), nodes(20, 'addNodes', 2), replace(30, 'tls'), churn(40, 5)]);
    const there = Array.from(topology.podArrives.keys()).filter((pod) => topology.podArrives[pod] === 0);
    expect(there.map((pod) => topology.podName(pod))).to.deep.equal(
      Array.from({ length: plain.podCount }, (_, pod) => plain.podName(pod)),
    );
    expect(there.map((pod) => topology.podNameHigh[pod])).to.deep.equal([...plain.podNameHigh]);
    expect(there.map((pod) => objectsOfPod(topology, pod))).to.deep.equal(
      Array.from({ length: plain.podCount }, (_, pod) => objectsOfPod(plain, pod)),
    );
  });

  it('is the same each time it is planned, and another with another seed', () => {
    const timeline = [rollout(10, 0.5), churn(20, 5), nodes(30, 'removeNodes', 2)];
    const [first, again, other] = [castOf(timeline), castOf(timeline), castOf(timeline, { seed: 'other' })];
    expect(first.cast).to.deep.equal(again.cast);
    expect(columns(first.topology)).to.deep.equal(columns(again.topology));
    expect(first.cast.movedNodes).not.to.deep.equal(other.cast.movedNodes);
    expect(first.cast.churnedReplica).not.to.deep.equal(other.cast.churnedReplica);
  });

  it('has a new pod for each replica of each deployment that is rolled out', () => {
    const { topology, cast } = castOf([rollout(10, 0.5)]);
    expect(cast.rolloutStart).to.deep.equal(Int32Array.of(0, 4));
    for (let i = 0; i < 4; i++) {
      const deployment = cast.rolloutDeployment[i];
      const replicas = range(cast.deploymentReplicaStart, cast.deploymentReplicas, deployment);
      const pods = range(cast.rolloutPodStart, cast.rolloutPods, i);
      expect(pods.map((pod) => cast.podReplica[pod])).to.deep.equal(replicas);
      expect(pods.map((pod) => topology.podDeployment[pod])).to.deep.equal(replicas.map(() => deployment));
      expect(pods.map((pod) => topology.podName(pod))).to.deep.equal(
        replicas.map((replica) => `${topology.podName(cast.replicaFirstPod[replica])}-r1`),
      );
      for (const pod of pods) expect([topology.podArrives[pod], cast.podTemplate[pod]]).to.deep.equal([1, 0]);
    }
    expect(topology.podCount).to.equal(48 + 24);
  });

  it('rolls the same deployments out with a larger share, and others at another time', () => {
    const chosen = (share: number): number[] => [...castOf([rollout(10, share)]).cast.rolloutDeployment];
    expect(chosen(0.75)).to.include.members(chosen(0.5)).and.to.have.length(6);
    const { cast } = castOf([{ ...rollout(10, 0.25), everyUs: 60 * S }], { duration: 250 });
    expect(cast.changeCount).to.equal(4);
    expect(changesOf(cast, 0)).to.deep.equal([0, 1, 2, 3]);
    expect(new Set(cast.rolloutDeployment).size).to.be.above(2);
  });

  it('mounts in a new pod what its predecessor mounted, and the objects of its own node', () => {
    const { topology, cast } = castOf([rollout(10)]);
    for (const pod of cast.rolloutPods) {
      const before = objectsOfPod(topology, cast.replicaFirstPod[cast.podReplica[pod]]);
      const node = topology.nodeName(topology.podNode[pod]);
      const expected = before.map((name) => (name.startsWith('nodes/') ? `nodes/${node}-host` : name));
      expect(objectsOfPod(topology, pod)).to.deep.equal(expected);
    }
  });

  it('spreads new pods so that nodes keep about as many as they had', () => {
    const { topology, cast } = castOf([rollout(10)], { nodes: 200, podsPerNode: 30, replicas: 30 });
    const pods = new Int32Array(200);
    for (const pod of cast.rolloutPods) pods[topology.podNode[pod]]++;
    // Independent of each other they would scatter by √30 = 5.5; 30 ± 22 at the most of 200.
    expect(Math.min(...pods)).to.be.at.least(22);
    expect(Math.max(...pods)).to.be.at.most(38);
    const moved = [...cast.rolloutPods].filter(
      (pod) => topology.podNode[pod] !== topology.podNode[cast.replicaFirstPod[cast.podReplica[pod]]],
    );
    expect(moved.length).to.be.above(5800);
  });

  it('keeps the places of pods when a class of objects is added, for they go by name', () => {
    const places = (classes: Scenario['classes'] = CLASSES): Int32Array => {
      const { topology, cast } = castOf([rollout(10)], { classes });
      return cast.rolloutPods.map((pod) => topology.podNode[pod]);
    };
    expect(places()).to.deep.equal(places([objectClass('more'), ...CLASSES]));
  });

  describe('replace by a new name', () => {
    it('makes a new object for each of the target, that is not there at the start and like the old one', () => {
      const { topology, cast } = castOf([replace(10, 'tls')]);
      const [olds, news] = [cast.replacedObject, cast.replacementObject];
      expect(olds).to.deep.equal(topology.objectsOf('tls', null));
      expect(news).to.have.length(8);
      for (let i = 0; i < news.length; i++) {
        expect(topology.objectName(news[i])).to.equal(`${topology.objectName(olds[i])}-v2`);
        expect([topology.objectExists[news[i]], topology.objectArrives[news[i]]]).to.deep.equal([0, 1]);
        for (const column of ['objectKind', 'objectClass', 'objectSize', 'objectImmutable'] as const) {
          expect(topology[column][news[i]]).to.equal(topology[column][olds[i]]);
        }
        expect(topology.objectNameHigh[news[i]]).not.to.equal(topology.objectNameHigh[olds[i]]);
      }
    });

    it('rolls out the deployments that use the target, whose new pods mount the new objects', () => {
      const { topology, cast } = castOf([replace(10, 'tls')]);
      expect([...cast.rolloutDeployment]).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
      for (const pod of cast.rolloutPods) {
        const names = objectsOfPod(topology, pod);
        const before = objectsOfPod(topology, cast.replicaFirstPod[cast.podReplica[pod]]);
        expect(names.filter((name) => name.endsWith('-tls-v2'))).to.deep.equal(
          before.filter((name) => name.endsWith('-tls')).map((name) => `${name}-v2`),
        );
        expect(names.some((name) => name.endsWith('-tls'))).to.equal(false);
      }
    });

    it('lets a rollout wait for the new objects that its pods mount', () => {
      const { topology, cast } = castOf([replace(10, 'team', { ratePerS: 1 })]);
      const users = new Set<number>();
      for (let pod = 0; pod < topology.podCount; pod++) {
        const uses = topology.podArrives[pod] === 0 && objectsOfPod(topology, pod).some((name) => /team/.test(name));
        if (uses) users.add(topology.podDeployment[pod]);
      }
      expect(new Set(cast.rolloutDeployment)).to.deep.equal(users);
      for (let i = 0; i < cast.replacementObject.length; i++) {
        const waiting = range(cast.waitingRolloutStart, cast.waitingRollouts, i);
        const namespace = topology.objectName(cast.replacementObject[i]).split('/')[0];
        const expected = [...cast.rolloutDeployment.keys()].filter((rollout) =>
          topology
            .podName(
              cast.replicaFirstPod[
                cast.deploymentReplicas[cast.deploymentReplicaStart[cast.rolloutDeployment[rollout]]]
              ],
            )
            .startsWith(`${namespace}/`),
        );
        expect(waiting).to.deep.equal(expected);
      }
    });

    it('gives each repetition a generation of its own, which later pods mount', () => {
      const { topology, cast } = castOf([replace(10, 'ca', { everyUs: 100 * S }), rollout(150)], { duration: 250 });
      const namesAt = (at?: number): string[] =>
        [...topology.objectsOf('ca', null, at)].map((object) => topology.objectName(object));
      expect([namesAt(), namesAt(10 * S), namesAt(150 * S), namesAt(240 * S)]).to.deep.equal([
        ['shared/ca'],
        ['shared/ca-v2'],
        ['shared/ca-v3'],
        ['shared/ca-v4'],
      ]);
      expect([...cast.replacedObject].map((object) => topology.objectName(object))).to.deep.equal([
        'shared/ca',
        'shared/ca-v2',
        'shared/ca-v3',
      ]);
      const [rolled] = changesOf(cast, 1);
      const pod = cast.rolloutPods[cast.rolloutPodStart[cast.rolloutStart[rolled]]];
      expect(objectsOfPod(topology, pod)).to.include('shared/ca-v3');
      expect(topology.podName(pod)).to.match(/-r3$/);
    });
  });

  it('numbers objects of the same kind and name alike, whatever their namespace', () => {
    const { topology, cast } = castOf([replace(10, 'team')]);
    const triggersOf = (objects: Int32Array): number[] => [...objects].map((object) => topology.objectTrigger[object]);
    const [a, b, c, d] = triggersOf(topology.objectsOf('team', null));
    expect([c, d]).to.deep.equal([a, b]);
    expect(a).not.to.equal(b);
    const [e, f, g, h] = triggersOf(cast.replacementObject);
    expect([g, h]).to.deep.equal([e, f]);
    expect(new Set([a, b, e, f]).size).to.equal(4);
    const tls = triggersOf(topology.objectsOf('tls', null));
    expect(new Set([...tls, a, b, e, f]).size).to.equal(tls.length + 4);
  });

  describe('nodes', () => {
    it('that join bring deployments of their own, with objects of their own', () => {
      const { topology, cast } = castOf([nodes(10, 'addNodes', 3)]);
      expect(range(cast.movedStart, cast.movedNodes, 0)).to.deep.equal([8, 9, 10]);
      expect([...topology.nodeArrives]).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
      const brought = range(cast.broughtStart, cast.broughtPods, 0);
      expect(brought).to.have.length(18);
      expect(brought.map((pod) => topology.podNode[pod]).every((node) => node >= 8)).to.equal(true);
      expect(new Set(brought.map((pod) => topology.podDeployment[pod]))).to.deep.equal(new Set([8, 9, 10]));
      const objects = new Set(brought.flatMap((pod) => objectsOfPod(topology, pod)));
      expect(objects).to.include('shared/ca').and.to.include('nodes/node-8-host');
      expect([...objects].filter((name) => name.endsWith('-tls')).map((name) => name.split('/')[1])).to.have.members([
        'app-8-tls',
        'app-9-tls',
        'app-10-tls',
      ]);
      expect(topology.objectsOf('tls', null)).to.have.length(8);
      expect(topology.objectsOf('tls', null, 20 * S)).to.have.length(11);
    });

    it('that have joined take part in what happens later, and not in what happened before', () => {
      const { topology, cast } = castOf([rollout(5), nodes(10, 'addNodes', 4), rollout(20), replace(30, 'tls')]);
      const [first, , second, third] = [0, 1, 2, 3].map((k) => range(cast.rolloutStart, cast.rolloutDeployment, k));
      expect([first.length, second.length, third.length]).to.deep.equal([8, 12, 12]);
      const nodesOf = (change: number): Set<number> => {
        const from = cast.rolloutPodStart[cast.rolloutStart[change]];
        const to = cast.rolloutPodStart[cast.rolloutStart[change + 1]];
        return new Set([...cast.rolloutPods.subarray(from, to)].map((pod) => topology.podNode[pod]));
      };
      expect(Math.max(...nodesOf(0))).to.be.below(8);
      expect(Math.max(...nodesOf(2))).to.be.at.least(8);
      expect(cast.replacementObject).to.have.length(12);
    });

    it('that leave are chosen by name, take their pods with them, and get no new ones', () => {
      const { topology, cast } = castOf([nodes(10, 'removeNodes', 3), rollout(20), churn(30, 20)]);
      const left = new Set(range(cast.movedStart, cast.movedNodes, 0));
      expect(left.size).to.equal(3);
      const gone = [...cast.replicaFirstPod].filter((pod) => left.has(topology.podNode[pod]));
      expect(gone).to.have.length(18);
      expect(cast.rolloutPods.filter((pod) => pod === NO_POD)).to.have.length(18);
      const later = [...cast.rolloutPods, ...cast.churnedPods].filter((pod) => pod !== NO_POD);
      expect(later.some((pod) => left.has(topology.podNode[pod]))).to.equal(false);
      expect(castOf([nodes(10, 'removeNodes', 2)]).cast.movedNodes.every((node) => left.has(node))).to.equal(true);
    });

    it('never all leave', () => {
      const { cast } = castOf([nodes(10, 'removeNodes', 100)]);
      expect(cast.movedNodes).to.have.length(7);
    });
  });

  describe('churn', () => {
    it('deletes as many pods as it says, each replica once before any a second time', () => {
      const { topology, cast } = castOf([churn(0, 5, { everyUs: 10 * S })], { duration: 200 });
      expect(cast.changeCount).to.equal(20);
      expect(cast.churnedReplica).to.have.length(100);
      expect(new Set(cast.churnedReplica.subarray(0, 48)).size).to.equal(48);
      expect(new Set(cast.churnedReplica.subarray(48, 96)).size).to.equal(48);
      const pods = [...cast.churnedPods];
      expect(pods.map((pod) => cast.podReplica[pod])).to.deep.equal([...cast.churnedReplica]);
      expect(new Set(pods).size).to.equal(100);
      const names = pods.map((pod) => topology.podName(pod).replace(/^.*(?=-c)/, ''));
      expect(names.slice(0, 48).every((name) => name === '-c1')).to.equal(true);
      expect(names.slice(48, 96).every((name) => name === '-c2')).to.equal(true);
    });

    it('never deletes one replica twice at once', () => {
      const { cast } = castOf([churn(0, 100)]);
      expect(cast.churnedReplica).to.have.length(48);
    });

    it('has a pod for each template that the deployment may have by then', () => {
      const { topology, cast } = castOf([
        replace(10, 'tls', { ratePerS: 0.1 }),
        churn(5, 3),
        churn(20, 3),
        churn(300, 3),
      ]);
      const templates = cast.churnedReplica.map((_, i) => cast.churnedPodStart[i + 1] - cast.churnedPodStart[i]);
      // The replacements are written from 10 s to 80 s, and are through at 140 s at the latest.
      expect([...templates]).to.deep.equal([1, 1, 1, 2, 2, 2, 1, 1, 1]);
      const [old, fresh] = range(cast.churnedPodStart, cast.churnedPods, 4);
      expect([cast.podTemplate[old], cast.podTemplate[fresh]]).to.deep.equal([-1, 1]);
      expect(topology.podNode[old]).to.equal(topology.podNode[fresh]);
      expect(objectsOfPod(topology, fresh).some((name) => name.endsWith('tls-v2'))).to.equal(true);
      expect(objectsOfPod(topology, old).some((name) => name.endsWith('tls-v2'))).to.equal(false);
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
        const { topology, cast } = castOf(timeline);
        const names = Array.from({ length: topology.podCount }, (_, pod) => topology.podName(pod));
        const templates = new Set(names.map((name, pod) => `${name} ${cast.podTemplate[pod]}`));
        expect(templates.size).to.equal(topology.podCount);
        const objects = Array.from({ length: topology.objectCount }, (_, object) => topology.objectName(object));
        expect(new Set(objects).size).to.equal(topology.objectCount);
        const later = [...cast.rolloutPods, ...cast.churnedPods, ...cast.broughtPods].filter((pod) => pod !== NO_POD);
        expect(new Set(later).size).to.equal(later.length);
        expect(later.length).to.equal(topology.podArrives.reduce((sum, arrives) => sum + arrives, 0));
        for (const pod of later) expect(topology.podArrives[pod]).to.equal(1);
        expect(cast.waitingRolloutStart).to.have.length(cast.replacementObject.length + 1);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
