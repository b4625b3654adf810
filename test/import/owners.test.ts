import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { readTopologyFile } from '../../src/experiment/language/topology-reader.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { formatImportSummary } from '../../src/import/import-summary.js';
import { configMap, list, node, pod, secret, TestFolder, type Fields } from './kubernetes.js';

const resource = (apiVersion: string, kind: string, name: string, spec: Fields, fields: Fields = {}): Fields => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  spec,
  ...fields,
});
const externalSecret = (name: string, spec: Fields): Fields =>
  resource('external-secrets.io/v1', 'ExternalSecret', name, spec);
const certificate = (name: string, spec: Fields): Fields => resource('cert-manager.io/v1', 'Certificate', name, spec);
const ofVault = (kind: string, spec: Fields): Fields => resource('secrets.hashicorp.com/v1beta1', kind, 'x', spec);
const deployment = (name: string, annotations: Fields, template: Fields = {}): Fields => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', annotations },
  spec: { template: { metadata: { annotations: template } } },
});
const ofDeployment = (name: string): Fields => ({
  labels: { 'pod-template-hash': 'abc' },
  ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-abc`, controller: true }],
});

/** What stands in values of Secrets and beside them: nothing of it may be seen again. */
const VALUE = 'hunter2hunter2';

describe('who writes the objects of a cluster', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(() => folder.remove());

  const CLUSTER = [node('node-1'), pod('p', { volumes: [{ name: 'v', secret: { secretName: 'db' } }] })];

  async function importing(...items: readonly Fields[]) {
    const dump = await folder.write('dump.json', list(...CLUSTER, ...items));
    const summary = await importCluster({ clusterFiles: [dump], out: folder.file('out.yaml'), force: true });
    return { summary, objects: (await readTopologyFile(summary.topologyFile)).file.objects };
  }

  /** Owner and interval of the Secret `db`, as the topology has them. */
  async function ownerOf(...items: readonly Fields[]) {
    const { objects } = await importing(...items);
    const object = objects.find(({ kind, name }) => kind === 'Secret' && name === 'db');
    return [object?.managedBy, object?.refreshSeconds];
  }

  it('is nobody where nothing tells', async () => {
    const { summary, objects } = await importing(secret('db'));
    expect(summary.written).to.deep.equal({
      owners: [],
      resources: {},
      reloadedWorkloads: 0,
      csiPods: 0,
      secretProviderClasses: 0,
      driver: null,
    });
    expect(objects[0]).not.to.have.any.keys('managedBy', 'refreshSeconds');
    expect(formatImportSummary(summary)).not.to.contain('written by');
  });

  const told: readonly (readonly [who: string, item: Fields, owner: string, seconds?: number])[] = [
    ['an ExternalSecret of its name', externalSecret('db', { refreshInterval: '1h' }), 'external-secrets', 3600],
    [
      'an ExternalSecret with it as its target',
      externalSecret('x', { refreshInterval: '1h0m0s', target: { name: 'db' } }),
      'external-secrets',
      3600,
    ],
    ['an ExternalSecret that never looks again', externalSecret('db', { refreshInterval: '0' }), 'external-secrets'],
    [
      'an ExternalSecret that is written once',
      externalSecret('db', { refreshInterval: '1h', refreshPolicy: 'CreatedOnce' }),
      'external-secrets',
    ],
    [
      'a ClusterExternalSecret of its namespace',
      resource(
        'external-secrets.io/v1beta1',
        'ClusterExternalSecret',
        'all',
        { externalSecretName: 'db', externalSecretSpec: { refreshInterval: '15m' } },
        { metadata: { name: 'all' }, status: { provisionedNamespaces: ['other', 'shop'] } },
      ),
      'external-secrets',
      900,
    ],
    [
      'a Certificate, after two thirds of its lifetime',
      certificate('x', { secretName: 'db', duration: '24h' }),
      'cert-manager',
      57_600,
    ],
    [
      'a Certificate, as long before its end as it says',
      certificate('x', { secretName: 'db', duration: '24h', renewBefore: '1h' }),
      'cert-manager',
      82_800,
    ],
    [
      'a VaultStaticSecret',
      ofVault('VaultStaticSecret', { destination: { name: 'db' }, refreshAfter: '30s' }),
      'vault-secrets-operator',
      30,
    ],
    ['a VaultDynamicSecret', ofVault('VaultDynamicSecret', { destination: { name: 'db' } }), 'vault-secrets-operator'],
    [
      'a SealedSecret',
      resource('bitnami.com/v1alpha1', 'SealedSecret', 'db', { encryptedData: { k: VALUE } }),
      'sealed-secrets',
    ],
    [
      'a SecretProviderClass that syncs it',
      resource('secrets-store.csi.x-k8s.io/v1', 'SecretProviderClass', 'x', { secretObjects: [{ secretName: 'db' }] }),
      'secrets-store-csi-driver',
    ],
  ];
  for (const [who, item, owner, seconds] of told) {
    it(`is told by ${who}`, async () => {
      expect(await ownerOf(secret('db'), item)).to.deep.equal([owner, seconds]);
    });
  }

  it('is trust-manager for the objects of a Bundle in every namespace', async () => {
    const target = { configMap: { key: 'ca.crt' } };
    const { objects, summary } = await importing(
      secret('db'),
      configMap('db', {}, { metadata: { name: 'db', namespace: 'other' } }),
      resource('trust.cert-manager.io/v1alpha1', 'Bundle', 'db', { target }),
    );
    expect(objects.map(({ kind, managedBy }) => [kind, managedBy])).to.deep.equal([
      ['ConfigMap', 'trust-manager'],
      ['Secret', undefined],
    ]);
    expect(summary.written.owners).to.deep.equal([
      { owner: 'trust-manager', secrets: 0, configMaps: 1, refreshSeconds: null },
    ]);
  });

  const metadata: readonly (readonly [what: string, metadata: Fields, owner: string | undefined])[] = [
    ['annotations of Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': VALUE } }, 'Argo-CD'],
    ['labels of Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'Flux'],
    [
      'an operator whose object Argo CD tracks, too',
      {
        annotations: { 'argocd.argoproj.io/tracking-id': 'x' },
        labels: { 'reconcile.external-secrets.io/managed': 'true' },
      },
      'external-secrets',
    ],
    ['an owner of which nothing else is known', { ownerReferences: [{ kind: 'Kafka', name: 'x' }] }, 'Kafka'],
    ['a resource of an operator as its owner', { ownerReferences: [{ kind: 'SealedSecret' }] }, 'sealed-secrets'],
    ['text that is no kind', { ownerReferences: [{ kind: 'no kind', name: 'x' }] }, undefined],
    [
      'a setting of Argo CD, which people write',
      { labels: { 'argocd.argoproj.io/secret-type': 'cluster' } },
      undefined,
    ],
  ];
  for (const [what, fields, owner] of metadata) {
    it(`is ${owner === undefined ? 'not told' : 'told'} by ${what}`, async () => {
      const own = { metadata: { name: 'db', namespace: 'shop', ...fields } };
      expect((await ownerOf(secret('db', {}, own)))[0]).to.equal(owner);
    });
  }

  it('is not told by kinds of the same name of other projects, and by what is not understood', async () => {
    for (const item of [
      resource('networking.internal.knative.dev/v1alpha1', 'Certificate', 'x', { secretName: 'db' }),
      resource('fleet.cattle.io/v1alpha1', 'Bundle', 'db', { target: { secret: {} } }),
      certificate('x', { secretName: ['db'] }),
      externalSecret('db', { target: { name: 'db', creationPolicy: 'None' } }),
    ]) {
      expect((await ownerOf(secret('db'), item))[0]).to.equal(undefined);
    }
  });

  it('stands in the answer: how many, how often, by which resources; and what else operators do', async () => {
    const csi = { driver: 'secrets-store.csi.k8s.io', volumeAttributes: { secretProviderClass: 'vault' } };
    const labels = { 'helm.toolkit.fluxcd.io/name': 'x' };
    const { summary } = await importing(
      secret('db'),
      secret('api', { k: VALUE }),
      configMap('app', {}, { metadata: { name: 'app', namespace: 'shop', labels } }),
      externalSecret('db', { refreshInterval: '1h' }),
      externalSecret('api', { refreshInterval: '24h' }),
      deployment('web', { 'reloader.stakater.com/auto': 'true' }),
      deployment('shop', {}, { 'secret.reloader.stakater.com/reload': 'db,api' }),
      deployment('off', { 'reloader.stakater.com/auto': 'false' }),
      // Of the same Deployment, as its pods carry the annotations of its template; and of one that is not in the input.
      pod('shop-abc-1', {}, { ...ofDeployment('shop'), annotations: { 'secret.reloader.stakater.com/reload': VALUE } }),
      pod('jobs-abc-1', {}, { ...ofDeployment('jobs'), annotations: { 'reloader.stakater.com/auto': 'true' } }),
      pod('q', { volumes: [{ name: 'v', csi }] }),
      pod('r', { volumes: [{ name: 'v', csi: { ...csi, driver: 'other' } }] }),
    );
    expect(summary.written).to.deep.equal({
      owners: [
        { owner: 'external-secrets', secrets: 2, configMaps: 0, refreshSeconds: { min: 3600, max: 86_400 } },
        { owner: 'Flux', secrets: 0, configMaps: 1, refreshSeconds: null },
      ],
      resources: { ExternalSecret: 2 },
      reloadedWorkloads: 3,
      csiPods: 1,
      secretProviderClasses: 1,
      driver: null,
    });
    // The Deployment that wants nothing of Reloader.
    expect(summary.passedOver).to.equal(1);
    const answer = formatImportSummary(summary);
    expect(answer).to.match(/^written by +external-secrets: 2 Secrets, every 1h to 24h \(2 ExternalSecrets\)$/m);
    expect(answer).to.match(/^ +Flux: 1 ConfigMap$/m);
    expect(answer).to.match(
      /^operators +volumes of the Secrets Store CSI driver: 1 pod, 1 SecretProviderClass; whether it rotates them is not in the input$/m,
    );
    expect(answer).to.match(/^ +Reloader rolls out 3 workloads when what they use changes$/m);
    const text = await readFile(summary.experimentFile, 'utf8');
    expect(text).to.contain('#   external-secrets: 2 Secrets, every 1h to 24h (2 ExternalSecrets)\n');
    expect((await loadExperiment([summary.experimentFile])).warnings).to.deep.equal([]);
    const topology = gunzipSync(await readFile(summary.topologyFile)).toString();
    for (const written of [answer, text, topology, JSON.stringify(summary)]) expect(written).not.to.contain(VALUE);
  });

  it('is what a resource says last, where the input holds it several times', async () => {
    const { summary } = await importing(
      secret('db'),
      externalSecret('db', { refreshInterval: '1h' }),
      externalSecret('db', { refreshInterval: '5m' }),
    );
    expect(summary.written.resources).to.deep.equal({ ExternalSecret: 1 });
    expect(summary.written.owners[0].refreshSeconds).to.deep.equal({ min: 300, max: 300 });
  });
});
