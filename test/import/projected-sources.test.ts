import { expect } from 'chai';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { readCluster } from '../../src/import/read-cluster.js';
import { list, node, pod, TestFolder, type Fields } from './kubernetes.js';

const PEM = '-----BEGIN CERTIFICATE-----';

const bundle = (name: string, signerName?: string, labels: Fields = {}): Fields => ({
  kind: 'ClusterTrustBundle',
  metadata: { name, labels },
  spec: { ...(signerName !== undefined && { signerName }), trustBundle: PEM },
});

/** A pod with one projected volume. */
const projecting = (name: string, ...sources: readonly Fields[]): Fields =>
  pod(name, { volumes: [{ name: 'trust', projected: { sources } }] });

const byName = (name: string): Fields => ({ clusterTrustBundle: { name, path: 'ca.pem' } });
const bySigner = (signerName: string, labelSelector?: Fields): Fields => ({
  clusterTrustBundle: { signerName, labelSelector, path: 'ca.pem' },
});

describe('ClusterTrustBundles of a dump', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(() => folder.remove());

  /** What each pod uses, in its order, and how each bundle is selected. */
  async function reading(...items: readonly Fields[]) {
    const { topology, notes } = await readCluster(
      [await folder.write('dump.json', list(node('node-1'), ...items))],
      700,
    );
    const { objects, pods } = topology;
    return {
      uses: Object.fromEntries(
        pods.map(({ name, uses }) => [
          name,
          uses.map((use) => `${objects[use.object].name} ${use.as} ${use.volume ?? ''}`),
        ]),
      ),
      bundles: objects
        .filter(({ kind }) => kind === 'ClusterTrustBundle')
        .map(({ namespace, name, size, selectedBy }) => [namespace, name, size, selectedBy]),
      notes,
    };
  }

  it('are those that a volume names, or that its signer and labels select, as sources of one volume', async () => {
    const signer = 'example.com/ca';
    const inProduction = {
      matchLabels: { stage: 'live' },
      matchExpressions: [{ key: 'old', operator: 'DoesNotExist' }],
    };
    const { uses, bundles } = await reading(
      bundle('roots'),
      bundle('example.com:ca:a', signer, { stage: 'live' }),
      bundle('example.com:ca:b', signer, { stage: 'live', old: 'yes' }),
      bundle('example.com:ca:c', signer, { stage: 'canary' }),
      projecting('named', byName('roots'), byName('example.com:ca:b')),
      projecting('all', bySigner(signer, {})),
      projecting('live', bySigner(signer, inProduction)),
      projecting('nothing', bySigner(signer)),
    );
    expect(uses).to.deep.equal({
      named: ['roots projected 0', 'example.com:ca:b projected 0'],
      all: ['example.com:ca:a projected 0', 'example.com:ca:b projected 0', 'example.com:ca:c projected 0'],
      live: ['example.com:ca:a projected 0'],
      nothing: [],
    });
    const bytes = 'trustBundle'.length + PEM.length;
    expect(bundles).to.deep.equal([
      ['', 'example.com:ca:a', bytes, 'signerName'],
      ['', 'example.com:ca:b', bytes, 'nameOfSigned'],
      ['', 'example.com:ca:c', bytes, 'signerName'],
      ['', 'roots', bytes, 'name'],
    ]);
  });

  it('are taken to exist where the dump was made without them, one for each signer', async () => {
    const { uses, bundles, notes } = await reading(
      projecting('named', byName('example.com:ca:a')),
      projecting('selecting', bySigner('example.com/ca', {})),
    );
    expect(uses).to.deep.equal({ named: ['example.com:ca:a projected 0'], selecting: ['example.com:ca projected 0'] });
    expect(bundles).to.deep.equal([
      ['', 'example.com:ca', 700, 'signerName'],
      ['', 'example.com:ca:a', 700, 'nameOfSigned'],
    ]);
    expect(notes.join()).to.contain('2 ClusterTrustBundles (there is no ClusterTrustBundle in the input)');
  });

  it('are updated in a timeline by their names', async () => {
    const file = await folder.write(
      'dump.json',
      list(node('node-1', {}, 'v1.35.1'), bundle('roots'), projecting('p', byName('roots'))),
    );
    const summary = await importCluster({ clusterFiles: [file], out: folder.file('experiment.yaml') });
    expect(summary.objects.ClusterTrustBundle?.present).to.equal(1);
    const set = ['timeline=[{at: 1m, update: roots}]'];
    const { scenarios } = await loadExperiment([folder.file('experiment.yaml')], { set });
    expect(scenarios[0].input.clusterTrustBundles).to.equal(true);
  });
});

describe('pod certificates of a dump', () => {
  it('are one source for each that a pod’s volumes name, of its own, and taken as they are', async () => {
    const folder = await TestFolder.create();
    try {
      const source: Fields = { podCertificate: { signerName: 'example.com/ca', keyType: 'ED25519' } };
      const pods = [projecting('a', source, byName('roots')), projecting('b', source)];
      const { topology, notes } = await readCluster(
        [await folder.write('dump.json', list(node('node-1'), ...pods))],
        700,
      );
      const ofKind = topology.objects.filter(({ kind }) => kind === 'PodCertificateRequest');
      expect(ofKind.map(({ namespace, name, size }) => [namespace, name, size])).to.deep.equal([
        ['shop', 'trust-0.a', 700],
        ['shop', 'trust-0.b', 700],
      ]);
      expect(topology.pods.map(({ uses }) => uses.map(({ as, volume }) => `${as} ${volume ?? ''}`))).to.deep.equal([
        ['projected 0', 'projected 0'],
        ['projected 0'],
      ]);
      expect(notes.join()).to.not.contain('PodCertificateRequest');
    } finally {
      await folder.remove();
    }
  });
});
