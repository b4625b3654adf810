import { expect } from 'chai';
import { podSchema } from '../../src/import/kubernetes-schemas.js';
import { workloadOf } from '../../src/import/workload-of.js';
import { pod, type Fields } from './kubernetes.js';

function workload(owner: Fields, labels: Fields = {}): string | undefined {
  const found = workloadOf(
    podSchema.parse(pod('p', {}, { ownerReferences: [{ controller: true, ...owner }], labels })),
  );
  return found && `${found.kind ?? 'unknown'} ${found.name}`;
}

describe('workloadOf', () => {
  it('is the Deployment of a ReplicaSet whose name ends with the pod-template-hash', () => {
    expect(workload({ kind: 'ReplicaSet', name: 'web-5d4f8' }, { 'pod-template-hash': '5d4f8' })).to.equal(
      'Deployment shop/web',
    );
    expect(workload({ kind: 'ReplicaSet', name: 'web-5d4f8' }, { 'pod-template-hash': 'other' })).to.equal(
      'ReplicaSet shop/web-5d4f8',
    );
    expect(workload({ kind: 'ReplicaSet', name: 'web-5d4f8' })).to.equal('ReplicaSet shop/web-5d4f8');
  });

  it('is the controller itself in all other cases', () => {
    expect(workload({ kind: 'StatefulSet', name: 'db' })).to.equal('StatefulSet shop/db');
    expect(workload({ kind: 'DaemonSet', name: 'log' }, { 'controller-revision-hash': 'x' })).to.equal(
      'DaemonSet shop/log',
    );
    expect(workload({ kind: 'Not a kind', name: 'x' })).to.equal('unknown shop/x');
  });

  it('is absent for lone pods, mirror pods, and owners that do not control', () => {
    expect(workloadOf(podSchema.parse(pod('p')))).to.equal(undefined);
    expect(workload({ kind: 'Node', name: 'node-1' })).to.equal(undefined);
    expect(workload({ kind: 'ReplicaSet', name: 'web', controller: false })).to.equal(undefined);
  });
});
