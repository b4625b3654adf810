import { expect } from 'chai';
import type { TopologyFile, TopologyObject, TopologyUse } from '../../src/cluster/model/topology-file.js';
import { objectReaches, rotationTarget } from '../../src/import/object-reach.js';

function object(name: string, fields: Partial<TopologyObject> = {}): TopologyObject {
  return { namespace: 'shop', name, kind: 'Secret', size: 1, ...fields };
}

/** Each list is a pod's uses; the pods stand on two nodes in turn. */
function topology(objects: readonly TopologyObject[], ...pods: readonly (readonly TopologyUse[])[]): TopologyFile {
  return {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes: [{ name: 'node-1' }, { name: 'node-2' }],
    objects,
    pods: pods.map((uses, index) => ({ namespace: 'shop', name: `p-${index}`, node: index % 2, uses })),
  };
}

const volume = (index: number): TopologyUse => ({ object: index, as: 'volume', volume: index });
const env = (index: number): TopologyUse => ({ object: index, as: 'env' });

describe('objectReaches', () => {
  it('counts pods and nodes once per object, the most used first, without pods that never started', () => {
    const file = topology(
      [object('a'), object('b'), object('c')],
      [env(0)],
      [volume(1), env(1)],
      [env(1)],
      [env(0)],
      [env(1)],
    );
    const pods = file.pods.map((pod, index) => (index === 4 ? { ...pod, pending: true as const } : pod));
    const reaches = objectReaches({ ...file, pods });
    expect(reaches.map((reach) => [reach.object.name, reach.pods, reach.updatablePods, reach.nodes])).to.deep.equal([
      ['a', 2, 0, 2],
      ['b', 2, 1, 2],
    ]);
  });
});

describe('rotationTarget', () => {
  it('is the Secret whose update reaches most pods', () => {
    const objects = [object('env-only'), object('few'), object('many'), object('map', { kind: 'ConfigMap' })];
    const everywhere = [env(0), volume(3)];
    const file = topology(objects, [...everywhere, volume(1)], [...everywhere, volume(2)], [...everywhere, volume(2)]);
    expect(rotationTarget(file)?.name).to.equal('many');
  });

  it('is not immutable or missing, and a service account token only where there is nothing else', () => {
    const token = object('token', { type: 'kubernetes.io/service-account-token' });
    const objects = [object('fixed', { immutable: true }), object('gone', { missing: true }), token, object('tls')];
    const all = [volume(0), volume(1), volume(2)];
    expect(rotationTarget(topology(objects, all, all, [volume(3)]))?.name).to.equal('tls');
    expect(rotationTarget(topology(objects, all, all))?.name).to.equal('token');
    expect(rotationTarget(topology(objects, [volume(0), volume(1)]))).to.equal(null);
  });
});
