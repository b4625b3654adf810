import { expect } from 'chai';
import { ClusterCollector, type CollectedCluster } from '../../src/import/cluster-collector.js';
import { secret, type Fields } from './kubernetes.js';

/** What is collected of one Secret with this metadata. */
function collected(metadata: Fields): CollectedCluster {
  const collector = new ClusterCollector();
  const item = secret('s', { key: 'c2VjcmV0' }, { metadata: { name: 's', namespace: 'shop', ...metadata } });
  collector.add('Secret', item, { label: 'dump', document: 1, index: 0 });
  return collector.collected();
}

describe('the history of an object', () => {
  it('is who wrote its content and when, who owns it, and the keys of its annotations and labels', () => {
    const { objects, newestAt } = collected({
      creationTimestamp: '2025-01-01T00:00:00Z',
      resourceVersion: '7',
      ownerReferences: [{ kind: 'Certificate', name: 'web' }],
      annotations: { 'cert-manager.io/certificate-name': 'web' },
      labels: { 'controller.cert-manager.io/fao': 'true' },
      managedFields: [
        { manager: 'controller', time: '2025-02-01T00:00:00Z', fieldsV1: { 'f:data': { 'f:key': {} } } },
        { manager: 'kubectl-label', time: '2025-03-01T00:00:00Z', fieldsV1: { 'f:metadata': {} } },
      ],
    });
    expect(objects[0].history).to.deep.equal({
      createdAt: Date.UTC(2025, 0, 1),
      writers: [{ manager: 'controller', at: Date.UTC(2025, 1, 1) }],
      owners: ['Certificate'],
      annotations: ['cert-manager.io/certificate-name'],
      labels: ['controller.cert-manager.io/fao'],
      resourceVersion: '7',
    });
    expect(newestAt).to.equal(Date.UTC(2025, 2, 1));
  });

  it('keeps no value of an annotation and no key of the data: kubectl repeats whole Secrets there', () => {
    const { objects } = collected({
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"key":"c2VjcmV0"}}' },
      labels: { team: 'c2VjcmV0' },
      managedFields: [{ manager: 'x', fieldsV1: { 'f:data': { 'f:pass-phrase': {} } } }],
    });
    expect(JSON.stringify(objects)).not.to.match(/c2VjcmV0|pass-phrase|"data"/);
  });

  it('is empty where the metadata tell nothing, and times that are none are not known', () => {
    const { objects, newestAt } = collected({ creationTimestamp: 'yesterday', managedFields: null });
    expect(objects[0].history).to.deep.equal({
      createdAt: null,
      writers: null,
      owners: [],
      annotations: [],
      labels: [],
      resourceVersion: '',
    });
    expect(newestAt).to.equal(-Infinity);
  });
});
