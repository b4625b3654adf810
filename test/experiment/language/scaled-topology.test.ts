import { expect } from 'chai';
import fc from 'fast-check';
import { nodeTtls } from '../../../src/cluster/kube-controller-manager/ttl-controller.js';
import { buildPopulation } from '../../../src/cluster/run/simulate.js';
import type { TopologyFile, TopologyPod } from '../../../src/cluster/model/topology-file.js';
import { scaledTopology, scaleProblem } from '../../../src/experiment/language/scaled-topology.js';
import { topologyProblem } from '../../../src/experiment/language/topology-checks.js';
import { inputOf } from '../../cluster/scenario.js';
import { topologies } from '../../fuzz/legal-topologies.js';

const secret = (name: string) => ({ namespace: 'shop', name, kind: 'Secret', size: 100 }) as const;
const pod = (name: string, node: number, workload: string | undefined, objects: readonly number[]): TopologyPod => ({
  namespace: 'shop',
  name,
  node,
  ...(workload !== undefined && { workload: `shop/${workload}` }),
  uses: objects.map((object) => ({ object, as: 'env' })),
});

const FILE: TopologyFile = {
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: [{ name: 'a', ttlSeconds: 0 }, { name: 'b' }],
  objects: ['shared', 'db-0', 'db-1', 'single', 'lone', 'node-a', 'unused'].map(secret),
  pods: [
    pod('db-0', 0, 'db', [0, 1]),
    pod('db-1', 1, 'db', [0, 2]),
    pod('one', 0, 'one', [3]),
    pod('static', 0, undefined, [4]),
    pod('log-a', 0, 'log', [0, 5]),
    pod('log-b', 1, 'log', [0]),
  ],
};

/** Users of each object by its name. */
function users({ objects, pods }: TopologyFile): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { uses } of pods)
    for (const { object } of uses) counts[objects[object].name] = (counts[objects[object].name] ?? 0) + 1;
  return counts;
}

describe('an imported cluster that is enlarged', () => {
  it('has copies of its nodes with their pods, which are replicas of the same workloads', () => {
    const { nodes, pods } = scaledTopology(FILE, 2, 'five');
    expect(nodes.map(({ name }) => name)).to.deep.equal(['a', 'b', 'a~2', 'b~2']);
    const of = (workload: string) =>
      pods.filter((each) => each.workload === workload).map(({ name, node }) => [name, node]);
    expect(of('shop/log')).to.deep.equal([
      ['log-a', 0],
      ['log-b', 1],
      ['log-a~2', 2],
      ['log-b~2', 3],
    ]);
    expect(of('shop/one')).to.deep.equal([
      ['one', 0],
      ['one~2', 2],
    ]);
  });

  it('shares objects as before: a workload’s stays one, a pod’s or node’s own is copied', () => {
    expect(users(scaledTopology(FILE, 3, 'five'))).to.deep.equal({
      shared: 12,
      single: 3,
      ...Object.fromEntries(
        ['', '~2', '~3'].flatMap((copy) => ['db-0', 'db-1', 'lone', 'node-a'].map((name) => [name + copy, 1])),
      ),
    });
  });

  it('is a legal cluster with as many times the uses, whatever it was', () => {
    fc.assert(
      fc.property(topologies, fc.integer({ min: 2, max: 4 }), (file, scale) => {
        fc.pre(topologyProblem(file) === undefined);
        const scaled = scaledTopology(file, scale, 'five');
        expect(topologyProblem(scaled)).to.equal(undefined);
        expect(scaled.pods).to.have.length(scale * file.pods.length);
        const uses = ({ pods }: TopologyFile) => pods.reduce((sum, each) => sum + each.uses.length, 0);
        expect(uses(scaled)).to.equal(scale * uses(file));
        expect(scaled.objects.slice(0, file.objects.length)).to.deep.equal(file.objects);
      }),
      { seed: 19, numRuns: 200 },
    );
  });

  it('takes nodes evenly where the factor is not whole', () => {
    const nodes = Array.from({ length: 10 }, (_, i) => ({ name: `n${i}` }));
    const scaled = scaledTopology({ ...FILE, nodes }, 2.3, 'five').nodes.map(({ name }) => name);
    expect(scaled).to.have.length(23);
    expect(scaled.slice(20)).to.deep.equal(['n3~3', 'n6~3', 'n9~3']);
  });

  it('has the TTL of a cluster of its size where nodes have one, and a longer one stays', () => {
    const file = { ...FILE, nodes: [...FILE.nodes, { name: 'c', ttlSeconds: 300 }] };
    const cluster = { type: 'imported', file: scaledTopology(file, 200, 'five') } as const;
    const input = { ...inputOf({ ttl: 'auto' }), cluster };
    expect([...nodeTtls(input, buildPopulation(input), 3).slice(0, 3)]).to.deep.equal([30e6, 60e6, 300e6]);
  });

  it('is refused beyond what can be simulated, before it is made', () => {
    expect(scaleProblem(FILE, 100_000)).to.equal(undefined);
    expect(scaleProblem(FILE, 100_001)).to.equal(
      'a cluster of 2 nodes, 6 pods and 9 uses of an object by a pod can be made at most 100000 times as large',
    );
  });
});
