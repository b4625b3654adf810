import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { advise } from '../../src/advise/advise.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { readTopologyFile } from '../../src/experiment/language/topology-reader.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { formatImportSummary } from '../../src/import/import-summary.js';
import { driverFlags, driverSettings, newestSettings } from '../../src/import/owners/secrets-store-driver.js';
import { configMap, inputError, list, node, pod, secret, TestFolder, type Fields } from './kubernetes.js';

/** What stands in arguments beside what is read: nothing of it may be seen again. */
const VALUE = 'hunter2hunter2';
const IMAGE = 'registry.k8s.io/csi-secrets-store/driver';

const volume = (name: string, more: Fields = {}): Fields => ({
  name,
  csi: { driver: 'secrets-store.csi.k8s.io', volumeAttributes: { secretProviderClass: 'vault' }, ...more },
});
const mounting = (name: string, volumes: readonly Fields[], containers: readonly Fields[] = []): Fields =>
  pod(name, { volumes, containers });
const driverPod = (name: string, image: string, ...args: readonly string[]): Fields =>
  pod(name, { containers: [{ name: 'secrets-store', image, args: [`--token=${VALUE}`, ...args] }] });

describe('volumes of the Secrets Store CSI driver in a dump', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(() => folder.remove());

  const PODS = [mounting('a', [volume('v')]), mounting('b', [volume('v'), volume('w')])];

  async function imported(...items: readonly Fields[]) {
    const dump = await folder.write('dump.json', list(node('node-1'), ...items));
    const summary = await importCluster({ clusterFiles: [dump], out: folder.file('out.yaml'), force: true });
    const text = await readFile(summary.experimentFile, 'utf8');
    const { file } = await readTopologyFile(summary.topologyFile);
    const operatorsOf = async () => (await loadExperiment([summary.experimentFile])).scenarios[0].input.operators;
    return { dump, summary, text, file, operatorsOf, answer: formatImportSummary(summary) };
  }

  it('are in the topology: one volume of each pod, from the class of its namespace', async () => {
    const { file, summary, answer } = await imported(...PODS);
    const uses = file.pods.map(({ uses: own }) =>
      own.map(({ object, as, volume: number }) => [file.objects[object].name, file.objects[object].kind, as, number]),
    );
    expect(uses).to.deep.equal([
      [['vault', 'SecretProviderClass', 'volume', 0]],
      [
        ['vault', 'SecretProviderClass', 'volume', 0],
        ['vault', 'SecretProviderClass', 'volume', 1],
      ],
    ]);
    expect(summary.objects.SecretProviderClass?.present).to.equal(1);
    expect(answer, 'no object of the API servers').not.to.match(/^SecretProviderClass/m);
  });

  it('stay with a container that mounts a file of theirs by subPath, and with nobody else’s driver', async () => {
    const volumeMounts = [{ name: 'v', subPath: 'password' }];
    const { file } = await imported(
      mounting('a', [volume('v')], [{ volumeMounts }]),
      mounting('b', [volume('v', { driver: 'other' })]),
      mounting('c', [volume('v', { volumeAttributes: {} })]),
    );
    expect(file.pods.map(({ uses }) => uses.map(({ as }) => as))).to.deep.equal([['subPath'], [], []]);
  });

  it('come with what the driver reads and writes: its credentials, and the Secrets that it syncs', async () => {
    const { file } = await imported(
      mounting('a', [volume('v', { nodePublishSecretRef: { name: 'login' } })]),
      secret('login'),
      secret('db'),
      {
        apiVersion: 'secrets-store.csi.x-k8s.io/v1',
        kind: 'SecretProviderClass',
        metadata: { name: 'vault', namespace: 'shop' },
        spec: { secretObjects: [{ secretName: 'db' }] },
      },
    );
    const [{ uses }] = file.pods;
    expect(uses.map(({ object, as }) => `${file.objects[object].name} ${as}`)).to.have.members([
      'vault volume',
      'login env',
    ]);
    expect(file.objects.find(({ name }) => name === 'db')?.managedBy).to.equal('secrets-store-csi-driver');
  });

  it('are rotated in the experiment where the driver’s pods say so', async () => {
    const args = ['--enable-secret-rotation=true', '--rotation-poll-interval=3m'];
    const { operatorsOf, answer, text, summary } = await imported(...PODS, driverPod('d', `${IMAGE}:v1.5.3`, ...args));
    expect((await operatorsOf())?.secretsStore).to.deep.equal({ rotates: true, republishes: false, pollUs: 180e6 });
    expect(answer).to.match(/Secrets Store CSI driver: 2 pods, 1 SecretProviderClass; it looks every 3m$/m);
    for (const written of [answer, text, JSON.stringify(summary)]) expect(written).not.to.contain(VALUE);
  });

  it('are simulated as in a cluster that is made from counts: every pod has what the store has', async () => {
    const { summary } = await imported(...PODS, driverPod('d', `${IMAGE}:v1.6.0`, '--enable-secret-rotation'));
    const set = ['timeline=[{at: 1m, rotateAtSource: shop/vault}]', 'factors={}'];
    const { scenarios } = await loadExperiment([summary.experimentFile], { set });
    const { metrics } = simulate(scenarios[0].input, 1);
    expect(metrics.projections, 'two volumes of one pod count once').to.equal(2);
    expect(metrics.never_projected).to.equal(0);
    expect(metrics.last_pod_max_s).to.be.within(0, 92);
    // Three volumes, each at every sync.
    expect((metrics.source_calls_per_s ?? NaN) * 1800).to.be.closeTo((3 * 1800) / 75.5, 12);
  });

  it('are left out where the driver does not rotate, or the dump does not tell: nothing of them changes', async () => {
    const silent = /; whether it rotates them is not in the input$/m;
    const cases = [
      { items: [], told: silent },
      { items: [driverPod('d', `${IMAGE}:v1.6.0`)], told: /; it does not rotate them in running pods$/m },
    ];
    for (const { items, told } of cases) {
      const { operatorsOf, answer, text, summary } = await imported(...PODS, ...items);
      expect(await operatorsOf()).to.equal(undefined);
      expect(answer).to.match(told);
      expect(text).to.match(/^ {2}# {3}secretsStore: \{.*enableSecretRotation: true\}/m);
      const set = ['timeline=[{at: 1m, rotateAtSource: shop/vault}]'];
      expect(await inputError(() => loadExperiment([summary.experimentFile], { set }))).to.contain(
        'is mounted by the Secrets Store CSI driver: add operators: {secretsStore: {enableSecretRotation: true}}',
      );
      const { scenarios } = await loadExperiment([summary.experimentFile]);
      expect(simulate(scenarios[0].input, 1).metrics.watches_open_max).to.equal(0);
    }
  });

  it('are nothing to mark immutable: advise says so', async () => {
    const { dump } = await imported(...PODS, configMap('c'));
    const { objects, warnings } = await advise({ dump: [dump], unchangedForUs: 0 });
    expect(objects.map(({ object }) => object.kind)).to.deep.equal(['ConfigMap']);
    expect(warnings.join('\n')).to.match(
      /CSI driver: 2 pods.*no API server holds them, so that there is nothing to mark/,
    );
  });
});

describe('the settings of the Secrets Store CSI driver', () => {
  const flags: readonly (readonly [args: readonly unknown[] | null, rotates: boolean | null, pollS: number | null])[] =
    [
      [null, null, null],
      [['--enable-secret-rotation'], true, null],
      [['-enable-secret-rotation=T', '--rotation-poll-interval=90s'], true, 90],
      [['--enable-secret-rotation=false', '--rotation-poll-interval=1h0m0s'], false, 3600],
      [['--enable-secret-rotation=yes', '--rotation-poll-interval=soon', 7], false, null],
      [['--no-enable-secret-rotation', '--rotation-poll-interval'], null, null],
    ];
  for (const [args, rotates, pollS] of flags) {
    it(`are read from ${JSON.stringify(args)}`, () => {
      expect(driverFlags(args)).to.deep.equal({ rotates, pollUs: pollS === null ? null : pollS * 1e6 });
    });
  }

  const settings = (image: string, args: readonly string[] = []) =>
    driverSettings([{ name: 'secrets-store', image, args: driverFlags(args) }]);

  it('tell by the tag of its image whether volumes are published again', () => {
    const versions = [':v1.4.7', ':v1.5.3@sha256:ab', ':1.6.0', ':v2.0.0-rc.1', '@sha256:ab', ':latest'];
    expect(versions.map((tag) => settings(`${IMAGE}${tag}`)?.version)).to.deep.equal([
      ...['1.5', '1.5', '1.6', '1.6', null, null],
    ]);
    expect(driverSettings([{ name: 'app', image: `${IMAGE}:v1.6.0`, args: driverFlags([]) }])).to.equal(null);
  });

  it('are the newer ones while its pods are updated, whatever their order', () => {
    const both = [settings(':v1.5.3'), settings(':v1.6.0', ['--enable-secret-rotation'])].flatMap((one) => one ?? []);
    for (const order of [both, both.slice().reverse()]) expect(newestSettings(order)?.version).to.equal('1.6');
    expect(newestSettings([])).to.equal(null);
  });
});
