import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { importCluster, type ImportOptions } from '../../src/import/import-cluster.js';
import { formatImportSummary, type ImportSummary } from '../../src/import/import-summary.js';
import { readTopologyFile } from '../../src/experiment/language/topology-reader.js';
import type { TopologyFile } from '../../src/cluster/model/topology-file.js';
import { configMap, inputError, list, node, pod, secret, TestFolder, type Fields } from './kubernetes.js';

const REAL = new URL('../../../experiments/imported-rotation/', import.meta.url).pathname;

const volumeOf = (name: string): Fields => ({ volumes: [{ name: 'v', secret: { secretName: name } }] });

describe('importCluster', () => {
  let folder: TestFolder;

  beforeEach(async () => {
    folder = await TestFolder.create();
  });

  afterEach(() => folder.remove());

  /** Imports files with these contents into `out.yaml`. */
  async function importing(contents: readonly string[], options: Partial<ImportOptions> = {}): Promise<ImportSummary> {
    const clusterFiles = await Promise.all(contents.map((content, index) => folder.write(`in-${index}.json`, content)));
    return importCluster({ clusterFiles, out: folder.file('out.yaml'), ...options });
  }

  async function topologyOf(...items: readonly Fields[]): Promise<TopologyFile> {
    const { topologyFile } = await importing([list(...items)], { force: true });
    return (await readTopologyFile(topologyFile)).file;
  }

  it('writes an experiment that loads, with its topology beside it', async () => {
    const dump = list(node('node-1', {}, 'v1.28.4'), pod('p', volumeOf('tls')), secret('tls', { k: 'AAAA' }));
    const kubeletFile = await folder.write(
      'kubelet.yaml',
      'kind: KubeletConfiguration\nsyncFrequency: 30s\nconfigMapAndSecretChangeDetectionStrategy: Cache\n',
    );
    const summary = await importing([dump], { kubeletFiles: [kubeletFile] });
    expect(summary.topologyFile).to.equal(folder.file('out.topology.json.gz'));
    const { name, spec, scenarios, replications } = await loadExperiment([summary.experimentFile]);
    expect(name).to.equal('out');
    expect(replications).to.equal(10);
    expect(spec.cluster.kubernetesVersion).to.equal('1.28');
    expect(spec.kubelet).to.include({ syncFrequency: '30s', configMapAndSecretChangeDetectionStrategy: 'Cache' });
    expect(spec.timeline).to.deep.equal([{ at: '1m', update: 'shop/tls' }]);
    expect(scenarios.map((scenario) => scenario.name)).to.deep.equal([
      'now (strategy=Cache)',
      'strategy=Watch',
      'strategy=Get',
    ]);
  });

  it('names experiment.yaml after its folder, which it makes', async () => {
    const out = folder.file('orders/experiment.yaml');
    await importing([list(node('node-1'), pod('p'))], { out });
    const { name } = await loadExperiment([out]);
    expect(name).to.equal('orders');
    expect(await readdir(folder.file('orders'))).to.have.members(['experiment.yaml', 'experiment.topology.json.gz']);
  });

  it('loads whatever the names are: they are quoted where YAML would read something else', async () => {
    for (const name of ['true', '=cmd()', '- a: #b', '"x"', '{a}', '1e3', 'ns: *x', '@home']) {
      const out = folder.file(`${name}.yaml`);
      const own = { metadata: { name, namespace: name } };
      await importing([list(node('node-1'), pod('p', volumeOf(name), { namespace: name }), secret(name, {}, own))], {
        out,
      });
      const experiment = await loadExperiment([out]);
      expect(experiment.name).to.equal(name);
      expect(experiment.spec.timeline[0].update).to.equal(`${name}/${name}`);
    }
  });

  it('tells the Secret from a ConfigMap of the same name', async () => {
    await importing([list(node('node-1'), pod('p', volumeOf('x')), secret('x'), configMap('x'))]);
    const { spec } = await loadExperiment([folder.file('out.yaml')]);
    expect(spec.timeline).to.deep.equal([{ at: '1m', update: 'shop/x', kind: 'Secret' }]);
  });

  it('has no timeline where no Secret can change', async () => {
    const summary = await importing([
      list(node('node-1', {}, ''), pod('p', volumeOf('x')), secret('x', {}, { immutable: true })),
    ]);
    expect(summary.rotated).to.equal(null);
    expect(formatImportSummary(summary)).to.include('nothing: no running pod mounts a Secret that can change');
    const { spec } = await loadExperiment([folder.file('out.yaml')]);
    expect(spec.timeline).to.deep.equal([]);
  });

  it('keeps sizes: keys and decoded values', async () => {
    const { objects } = await topologyOf(
      node('node-1'),
      pod('p'),
      secret(
        's',
        { ab: Buffer.from('12345').toString('base64'), c: '' },
        { type: 'kubernetes.io/tls', immutable: true },
      ),
      configMap('c', { k: 'äö' }, { binaryData: { bin: Buffer.alloc(10).toString('base64') } }),
      configMap('empty', {}, { data: null }),
    );
    expect(objects).to.deep.equal([
      { namespace: 'shop', name: 'c', kind: 'ConfigMap', size: 1 + 4 + 3 + 10 },
      { namespace: 'shop', name: 'empty', kind: 'ConfigMap', size: 0 },
      { namespace: 'shop', name: 's', kind: 'Secret', size: 2 + 5 + 1, type: 'kubernetes.io/tls', immutable: true },
    ]);
  });

  it('keeps the pool of a node and the kind of what owns a pod, for delays by group', async () => {
    const labels = { 'eks.amazonaws.com/nodegroup': 'gpu', zone: 'z1' };
    const owner = { ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }] };
    const dump = list(node('n', {}, 'v1.30.1', { labels }), pod('p', { nodeName: 'n' }, owner));
    const read = async (options: Partial<ImportOptions>): Promise<TopologyFile> =>
      (await readTopologyFile((await importing([dump], { force: true, ...options })).topologyFile)).file;
    const { nodes, pods } = await read({});
    expect(nodes).to.deep.equal([{ name: 'n', pool: 'gpu' }]);
    expect(pods[0]).to.include({ workload: 'shop/db', ownerKind: 'StatefulSet' });
    expect((await read({ nodePoolLabel: 'zone' })).nodes).to.deep.equal([{ name: 'n', pool: 'z1' }]);
    expect((await loadExperiment([folder.file('out.yaml')])).scenarios[0].input.groups).to.equal(true);
  });

  it('keeps the TTL annotation where it is a number', async () => {
    const ttl = (value: string) => ({ 'node.alpha.kubernetes.io/ttl': value });
    const { nodes } = await topologyOf(
      node('b', ttl('300')),
      node('a', ttl('0')),
      node('c'),
      node('d', ttl('x')),
      pod('p', { nodeName: 'a' }),
    );
    expect(nodes).to.deep.equal([
      { name: 'a', ttlSeconds: 0 },
      { name: 'b', ttlSeconds: 300 },
      { name: 'c' },
      { name: 'd' },
    ]);
  });

  it('leaves out finished pods and pods without a node, and says how many', async () => {
    const dump = list(
      node('node-1'),
      pod('running'),
      pod('done', {}, {}, 'Succeeded'),
      pod('crashed', {}, {}, 'Failed'),
      pod('new', { nodeName: undefined }, {}, 'Pending'),
    );
    const { pods } = await importing([dump]);
    expect(pods).to.deep.equal({
      imported: 1,
      waitingForObject: 0,
      starting: 0,
      finished: 2,
      unscheduled: 1,
      terminating: 0,
    });
  });

  it('keeps missing objects; a Pending pod waits for a required one, and is taken to run otherwise', async () => {
    const optional = { volumes: [{ name: 'v', secret: { secretName: 'gone', optional: true } }] };
    const { objects, pods } = await topologyOf(
      node('node-1'),
      pod('a-waits', volumeOf('gone'), {}, 'Pending'),
      pod('b-optional', optional, {}, 'Pending'),
      pod('c-pull', { imagePullSecrets: [{ name: 'gone' }] }, {}, 'Pending'),
      secret('other', { k: 'AAAA' }),
    );
    expect(objects[0]).to.deep.equal({ namespace: 'shop', name: 'gone', kind: 'Secret', size: 0, missing: true });
    expect(pods.map(({ name, pending }) => [name, pending])).to.deep.equal([
      ['a-waits', true],
      ['b-optional', undefined],
      ['c-pull', undefined],
    ]);
    expect(pods[1].uses).to.deep.equal([{ object: 0, as: 'volume', volume: 0, optional: true }]);
  });

  it('gives the same topology whatever the order of items and files', async () => {
    const items = [
      node('node-1'),
      node('node-2'),
      pod('p', volumeOf('b')),
      pod('o', volumeOf('a')),
      secret('a'),
      secret('b'),
    ];
    const { topologyFile } = await importing([list(...items)]);
    const first = await readFile(topologyFile);
    const { sha256 } = await readTopologyFile(topologyFile);
    await importing(
      items.toReversed().map((item) => JSON.stringify(item)),
      { force: true },
    );
    expect(await readFile(topologyFile)).to.deep.equal(first);
    expect((await readTopologyFile(topologyFile)).sha256).to.equal(sha256);
  });

  it('counts the API servers where they run as pods', async () => {
    const server = (name: string) =>
      pod(name, {}, { namespace: 'kube-system', labels: { component: 'kube-apiserver' } });
    await importing([list(node('node-1'), server('kube-apiserver-a'), server('kube-apiserver-b'))]);
    expect((await loadExperiment([folder.file('out.yaml')])).spec.cluster.apiServers).to.equal(2);
  });

  describe('with secret values in every place', () => {
    const CANARY = 'c4n4ryV4lue';
    const encoded = Buffer.from(CANARY).toString('base64');
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': `{"stringData":"${CANARY}"}`,
      other: encoded,
    };
    const environment = [{ name: 'PLAIN', value: CANARY }];
    const items = [
      node('node-1', annotations),
      pod('p', { ...volumeOf('s'), containers: [{ name: 'c', env: environment, command: [CANARY] }] }, { annotations }),
      secret(
        's',
        { key: encoded },
        { metadata: { name: 's', namespace: 'shop', annotations }, stringData: { key: CANARY } },
      ),
      configMap('c', { key: CANARY }, { binaryData: { bin: encoded } }),
    ];

    /** What a person comes to see of an import: the error, or all that is written. */
    async function outcome(content: string): Promise<string> {
      try {
        const summary = await importing([content], { force: true });
        const topology = gunzipSync(await readFile(summary.topologyFile)).toString('utf8');
        return `${JSON.stringify(summary)}${await readFile(summary.experimentFile, 'utf8')}${topology}`;
      } catch (error) {
        if (error instanceof InputError) return error.message;
        throw error;
      }
    }

    it('lets none into a file, the summary or a warning', async () => {
      const summary = await importing([list(...items)]);
      const outputs = [
        await readFile(summary.experimentFile, 'utf8'),
        gunzipSync(await readFile(summary.topologyFile)).toString('utf8'),
        JSON.stringify(summary),
        formatImportSummary(summary),
      ];
      for (const output of outputs) expect(output).to.not.include(CANARY).and.not.include(encoded);
    });

    it('lets none into an error, wherever the file breaks', async () => {
      const dump = list(...items);
      const places = [...dump.matchAll(new RegExp(`${CANARY}|${encoded}`, 'g'))].map(({ index }) => index);
      expect(places.length).to.be.greaterThan(8);
      const broken = places.flatMap((place) => [
        dump.slice(0, place + 8),
        `${dump.slice(0, place + 8)}"${dump.slice(place + 8)}`,
        `${dump.slice(0, place - 1)}${dump.slice(place)}`,
        `${dump.slice(0, place + 8)}\n${dump.slice(place + 8)}`,
      ]);
      for (const content of broken) {
        const message = await inputError(() => importing([content]));
        for (const length of [4, 8])
          expect(message).to.not.include(CANARY.slice(0, length)).and.not.include(encoded.slice(0, length));
      }
    });

    it('lets none into an error, whatever form it is written in and wherever that breaks', async () => {
      const texts = [
        stringify({ kind: 'List', items }),
        items.map((item) => `---\n${stringify(item)}`).join(''),
        items.map((item) => JSON.stringify(item)).join('\n'),
        JSON.stringify(items),
        JSON.stringify({ items: items.map((item) => ({ ...item, kind: undefined })) }),
        items.map((item) => JSON.stringify({ type: 'ADDED', object: item })).join('\n'),
        `${list(...items)}\n==== START logs for container c of pod shop/p ====\n${CANARY}\n`,
        `${list(...items)}\n${CANARY}\n`,
        `${CANARY}\n${list(...items)}`,
        `kind: ${CANARY}\n`,
        `${CANARY}: ${CANARY}\n`,
        JSON.stringify({ kind: CANARY, data: { key: CANARY } }),
        JSON.stringify({ kind: 'List', metadata: { continue: CANARY }, items }),
      ];
      const messages = new Set<string>();
      for (const text of texts) {
        const places = [...text.matchAll(new RegExp(`${CANARY}|${encoded}`, 'g'))].map(({ index }) => index);
        for (const place of places) {
          const [before, after] = [text.slice(0, place + 4), text.slice(place + 4)];
          for (const broken of [text, before, `${before}"${after}`, `${before}\n${after}`, `${before}: {${after}`]) {
            messages.add(await outcome(broken));
          }
        }
      }
      expect(messages.size).to.be.greaterThan(50);
      for (const message of messages) expect(message).to.not.include('c4n4').and.not.include(encoded.slice(0, 4));
    });

    it('lets none into an error about content of the wrong type, not even its key', async () => {
      const wrong = [
        secret('s', { [CANARY]: true }),
        secret('s', { [CANARY]: { [CANARY]: encoded } }),
        secret('s', {}, { data: CANARY }),
      ];
      for (const item of wrong) {
        const message = await inputError(() => importing([list(node('node-1'), item)]));
        expect(message).to.include('items[1]: Secret shop/s: data').and.not.include(CANARY).and.not.include(encoded);
      }
    });
  });

  const mebibyte = Buffer.alloc(1_048_577).toString('base64');
  const bad: readonly (readonly [string, readonly string[], string])[] = [
    ['no pods', [list(node('node-1'))], 'there are no pods that run on a node'],
    [
      'two objects of one name',
      [list(secret('s', { k: 'AAAA' }), secret('s'))],
      'items[1]: Secret shop/s is there twice; first in',
    ],
    [
      'two clusters',
      [list(node('n', {}, 'v1.30.1', { uid: '1' })), list(node('n', {}, 'v1.30.1', { uid: '2' }))],
      'with another uid: the files are of different clusters',
    ],
    [
      'a page of a list',
      ['{"kind": "PodList", "items": [], "metadata": {"continue": "x"}}'],
      'is one page of a longer list',
    ],
    [
      'a Secret beyond 1 MiB',
      [list(secret('s', { k: mebibyte }))],
      'items[0]: Secret shop/s holds more than the 1048576 bytes',
    ],
    ['a pod without name', [list(pod(''))], 'items[0]: Pod shop: metadata.name: a name must not be empty'],
    ['a name with a slash', [list(secret('a/b'))], 'metadata.name: a name has no slash'],
    [
      'an item that is no object',
      ['{"kind": "PodList", "items": [7]}'],
      'items[0]: Pod: Invalid input: expected object',
    ],
    ['volumes of the wrong type', [list(pod('p', { volumes: 5 }))], 'Pod shop/p: spec.volumes: '],
  ];
  for (const [what, contents, message] of bad) {
    it(`refuses ${what}, and writes nothing`, async () => {
      expect(await inputError(() => importing(contents))).to.include(message);
      expect(await readdir(folder.path)).to.deep.equal(contents.map((_, index) => `in-${index}.json`));
    });
  }

  it('accepts a Secret of exactly 1 MiB', async () => {
    const { objects } = await topologyOf(
      node('node-1'),
      pod('p'),
      secret('s', { k: Buffer.alloc(1_048_576).toString('base64') }),
    );
    expect(objects[0].size).to.equal(1_048_577);
  });

  it('replaces nothing without force', async () => {
    const dump = list(node('node-1'), pod('p'));
    await importing([dump]);
    expect(await inputError(() => importing([dump]))).to.equal(
      `${folder.file('out.yaml')}: exists already; --force replaces it`,
    );
    await importing([dump], { force: true });
  });

  it('refuses an output that cannot be the experiment, before it reads anything', async () => {
    const clusterFiles = [folder.file('none')];
    const to = (out: string, files = clusterFiles) => inputError(() => importCluster({ clusterFiles: files, out }));
    expect(await to(folder.file('out.json'))).to.include('name it FILE.yaml');
    expect(await to('-')).to.include('name it FILE.yaml');
    expect(await to(folder.file('out.yaml'), ['-', '-'])).to.equal('standard input (-): is given twice');
  });

  describe('of the real cluster', () => {
    // Counted independently of this program.
    it('finds every node, pod, object and use', async () => {
      const summary = await importCluster({
        clusterFiles: [`${REAL}cluster.json.gz`],
        kubeletFiles: [`${REAL}kubelet.yaml`],
        out: folder.file('experiment.yaml'),
      });
      expect(summary).to.deep.include({
        kubeletRelease: '1.20',
        nodes: 48,
        nodesWithTtl: 16,
        pods: { imported: 648, waitingForObject: 16, starting: 72, finished: 0, unscheduled: 0, terminating: 0 },
        objects: {
          Secret: { present: 553, assumed: 0, bytes: 412_643, immutable: 52, unused: 4, missing: 8 },
          ConfigMap: { present: 12, assumed: 0, bytes: 50_448, immutable: 4, unused: 0, missing: 0 },
        },
        uses: { volume: 1528, projected: 408, subPath: 64, env: 152, imagePullSecret: 168 },
        rotated: 'default/shared',
        passedOver: 0,
        warnings: [],
      });
      expect(summary.widest[0]).to.deep.equal({ kind: 'Secret', object: 'default/shared', pods: 480, nodes: 48 });
      const { file } = await readTopologyFile(summary.topologyFile);
      expect(file).to.deep.equal((await readTopologyFile(`${REAL}experiment.topology.json.gz`)).file);
    });

    it('is committed as an experiment of three scenarios', async () => {
      const { name, scenarios, warnings } = await loadExperiment([`${REAL}experiment.yaml`]);
      expect(name).to.equal('imported-rotation');
      expect(scenarios).to.have.length(3);
      expect(warnings).to.deep.equal([]);
    });
  });
});
