import { expect } from 'chai';
import { buildPopulation } from '../../../src/cluster/run/simulate.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { TopologyFile, TopologyPod } from '../../../src/cluster/model/topology-file.js';
import type { Population } from '../../../src/cluster/population/population.js';
import { inputOf } from '../scenario.js';
import { churn, drain, nodes, replace, rollout } from '../timeline-actions.js';

const pod = (name: string, node: number, workload?: string): TopologyPod => ({
  namespace: 'shop',
  name,
  node,
  ...(workload === undefined ? {} : { workload }),
  uses: [
    { object: 0, as: 'projected', volume: 0 },
    { object: 1, as: 'projected', volume: 0, optional: true },
  ],
});

const FILE: TopologyFile = {
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: [{ name: 'a', ttlSeconds: 0 }, { name: 'b', ttlSeconds: 0 }, { name: 'c' }],
  objects: [
    { namespace: 'shop', name: 'tls', kind: 'Secret', size: 4000, immutable: true },
    { namespace: 'shop', name: 'ca', kind: 'ConfigMap', size: 500 },
    { namespace: 'other', name: 'ca', kind: 'ConfigMap', size: 500 },
    { namespace: 'other', name: 'ca', kind: 'Secret', size: 500 },
  ],
  pods: [
    pod('web-1', 2, 'shop/web'),
    pod('web-0', 0, 'shop/web'),
    pod('log-c', 2, 'shop/log'),
    pod('log-a', 0, 'shop/log'),
    pod('log-b', 1, 'shop/log'),
    pod('lone', 1),
  ],
};

const build = (timeline: readonly TimelineAction[], file = FILE): Population =>
  buildPopulation({ ...inputOf({ timeline }), cluster: { type: 'imported', file } });
const arriving = (population: Population): string[] =>
  [...population.podArrives.keys()]
    .filter((each) => population.podArrives[each] === 1)
    .map((each) => population.podName(each));

describe('the lifecycle plan of an imported cluster', () => {
  it('rolls out its workloads and leaves lone pods alone', () => {
    expect(arriving(build([rollout(10)]))).to.have.members([
      'shop/web-0-r1',
      'shop/web-1-r1',
      'shop/log-a-r1',
      'shop/log-b-r1',
      'shop/log-c-r1',
    ]);
    expect(build([churn(10, 100)]).lifecycle?.handoverReplica).to.have.length(5);
  });

  const namesOn = (population: Population, node: number): readonly string[] => {
    const [from, to] = [population.nodePodStart[node], population.nodePodStart[node + 1]];
    return Array.from({ length: to - from }, (_, i) => population.podName(from + i));
  };

  it('keeps the pods of a workload with one on every node where they are', () => {
    const population = build([rollout(10), rollout(20)]);
    for (const node of [0, 1, 2]) {
      const log = `shop/log-${population.nodeName(node)}`;
      expect(namesOn(population, node)).to.include.members([log, `${log}-r1`, `${log}-r2`]);
    }
  });

  it('knows a DaemonSet by the kind of the owner, whatever its spread', () => {
    const owned = (name: string, node: number, workload: string, ownerKind: string): TopologyPod => ({
      ...pod(name, node, workload),
      ownerKind,
    });
    // One that is not on all nodes; a Deployment that happens to be, and one with the name of the DaemonSet.
    const pods = [
      owned('agent-b', 1, 'shop/agent', 'DaemonSet'),
      ...[0, 1, 2].map((node) => owned(`web-${node}`, node, 'shop/web', 'Deployment')),
      owned('agent-0', 0, 'shop/agent', 'Deployment'),
    ];
    const population = build([drain(10, { count: 1 }), drain(20, { count: 1 })], { ...FILE, pods });
    expect(population.deploymentCount).to.equal(3);
    const moved = arriving(population).map((name) => name.replace(/-r\d+.*$/, ''));
    expect(moved).to.not.include('shop/agent-b');
    expect(moved.filter((name) => name.startsWith('shop/web-'))).to.have.length.at.least(2);
    const [only] = [
      ...build([rollout(10)], { ...FILE, nodes: FILE.nodes.slice(0, 2), pods: pods.slice(0, 1) }).podNode,
    ];
    expect(only).to.equal(1);
  });

  it('replaces an object by one with a new name, in the same volume of the new pods', () => {
    const population = build([replace(10, 'shop/tls')]);
    expect(population.objectCount).to.equal(5);
    expect(population.objectName(4)).to.equal('shop/tls-v2');
    expect([population.objectImmutable[4], population.objectSize[4], population.objectArrives[4]]).to.deep.equal([
      1, 4000, 1,
    ]);
    expect(population.classNames[population.objectClass[4]]).to.equal('shop/tls');
    for (let each = 0; each < population.podCount; each++) {
      const [first, last] = [population.podConsumerStart[each], population.podConsumerStart[each + 1]];
      const isNew = population.podArrives[each] === 1;
      expect([...population.consumerObject.subarray(first, last)]).to.deep.equal(isNew ? [4, 1] : [0, 1]);
      expect([...population.consumerFlags.subarray(first, last)]).to.deep.equal([
        ...population.consumerFlags.subarray(0, 2),
      ]);
    }
    expect([...population.objectsOf('shop/tls', null, 20e6)]).to.deep.equal([4]);
  });

  it('numbers namesakes of a kind alike', () => {
    const { objectTrigger } = build([]);
    expect(objectTrigger[1]).to.equal(objectTrigger[2]);
    expect(new Set([objectTrigger[0], objectTrigger[1], objectTrigger[3]]).size).to.equal(3);
  });

  it('adds nodes that are empty, have no annotation yet, and take pods from then on', () => {
    const population = build([nodes(10, 'addNodes', 2), ...[20, 30, 40, 50, 60, 70].map((at) => rollout(at))]);
    expect([population.nodeName(3), population.nodeName(4)]).to.deep.equal(['new-node-0', 'new-node-1']);
    expect([...population.nodeArrives]).to.deep.equal([0, 0, 0, 1, 1]);
    expect(population.nodeTtlSeconds?.[3]).to.be.NaN;
    expect(population.lifecycle?.broughtPods).to.have.length(0);
    expect(population.nodePodStart[5]).to.be.above(population.nodePodStart[3]);
  });
});
