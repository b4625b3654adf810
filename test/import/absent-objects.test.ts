import { expect } from 'chai';
import { readCluster, type ReadCluster } from '../../src/import/read-cluster.js';
import { configMap, inputError, list, node, pod, secret, TestFolder, type Fields } from './kubernetes.js';

const volumeOf = (name: string, optional = false): Fields => ({
  volumes: [{ name: 'v', secret: { secretName: name, optional } }],
});
const full = { k: 'QUFB' };
const manySecrets = (count: number): Fields[] => Array.from({ length: count }, (_, index) => secret(`s${index}`, full));
const SIZE = 700;

describe('what is not in a dump', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(() => folder.remove());

  async function reading(...items: readonly Fields[]): Promise<ReadCluster> {
    return readCluster([await folder.write('dump.json', list(...items))], SIZE);
  }

  /** `missing`, or the bytes, of each object that is not in the dump. */
  const absent = ({ topology, collected }: ReadCluster): Record<string, number | string> =>
    Object.fromEntries(
      topology.objects
        .filter(({ kind, name }) => !collected.objects.some((each) => each.kind === kind && each.name === name))
        .map(({ name, size, missing }) => [name, missing === true ? 'missing' : size]),
    );

  it('is taken to exist where its kind is absent: for running and for waiting pods, and with the size that is given', async () => {
    const cluster = await reading(
      node('node-1'),
      pod('runs', volumeOf('a')),
      pod('waits', volumeOf('b'), {}, 'Pending'),
      pod('optional', volumeOf('c', true)),
      pod('pulls', { imagePullSecrets: [{ name: 'd' }] }),
      configMap('c', { k: 'v' }),
    );
    expect(absent(cluster)).to.deep.equal({ a: SIZE, b: SIZE, c: SIZE, d: SIZE });
    expect(cluster.topology.pods.some(({ pending }) => pending === true)).to.equal(false);
    expect(cluster.notes).to.deep.equal([
      'taken to exist though not in the input, with 700 bytes each (--assume-size): ' +
        '4 Secrets (there is no Secret in the input); 1 Pending pod may wait for one of them: simulated as running',
    ]);
  });

  it('is taken to exist where its namespace has none of its kind: RBAC may forbid one namespace', async () => {
    const cluster = await reading(
      node('node-1'),
      secret('a', full, { metadata: { name: 'a', namespace: 'other' } }),
      pod('waits', volumeOf('b'), {}, 'Pending'),
    );
    expect(absent(cluster)).to.deep.equal({ b: SIZE });
    expect(cluster.notes.join()).to.contain('1 Secret (1 of namespaces without a Secret in the input)');
  });

  it('is said to be waited for only where a pod requires it: absence is no proof, and optional objects hold nothing up', async () => {
    const pull = { imagePullSecrets: [{ name: 'd' }] };
    for (const [waits, spec] of [
      [true, volumeOf('b')],
      [false, volumeOf('b', true)],
      [false, pull],
    ] as const) {
      const cluster = await reading(
        node('node-1'),
        secret('a', full, { metadata: { name: 'a', namespace: 'other' } }),
        pod('p', spec, {}, 'Pending'),
      );
      expect(cluster.topology.pods[0].pending).to.equal(undefined);
      expect(cluster.notes.join().includes('1 Pending pod may wait')).to.equal(waits);
    }
    const { notes } = await reading(node('node-1'), pod('p', volumeOf('b')));
    expect(notes.join()).to.not.contain('Pending');
  });

  it('is missing where the dump would show it, and a Pending pod that requires it waits for it', async () => {
    const cluster = await reading(
      node('node-1'),
      secret('a', full),
      pod('waits', volumeOf('b'), {}, 'Pending'),
      pod('optional', volumeOf('c', true)),
      pod('pulls', { imagePullSecrets: [{ name: 'd' }] }),
    );
    expect(absent(cluster)).to.deep.equal({ b: 'missing', c: 'missing', d: 'missing' });
    expect(cluster.topology.pods.filter(({ pending }) => pending === true).map(({ name }) => name)).to.deep.equal([
      'waits',
    ]);
    expect(cluster.notes).to.deep.equal([]);
  });

  it('is taken to exist where a running pod requires it, which could not have started without', async () => {
    const cluster = await reading(
      node('node-1'),
      secret('a', full),
      pod('runs', volumeOf('b')),
      pod('waits', volumeOf('b'), {}, 'Pending'),
    );
    expect(absent(cluster)).to.deep.equal({ b: SIZE });
    expect(cluster.topology.pods.some(({ pending }) => pending === true)).to.equal(false);
    expect(cluster.notes.join()).to.contain('1 Secret (1 required by running pods)');
  });

  it('is missing where a kubelet says so, even where nothing of its kind is in the dump', async () => {
    const env = [{ name: 'X', valueFrom: { secretKeyRef: { name: 'b' } } }];
    const waiting = { reason: 'CreateContainerConfigError', message: 'secret "b" not found' };
    const waits = pod('waits', { containers: [{ name: 'c', env }] });
    const cluster = await reading(node('node-1'), {
      ...waits,
      status: { phase: 'Pending', containerStatuses: [{ state: { waiting } }] },
    });
    expect(absent(cluster)).to.deep.equal({ b: 'missing' });
    expect(cluster.topology.pods[0].pending).to.equal(true);
  });

  it('is missing where no object can have its name, which is written so that a topology may hold it', async () => {
    for (const name of ['a/b', 'A', 'a\u001b[31m', 'a\nb', 'x'.repeat(300), 'a\ud800']) {
      const { topology } = await reading(node('node-1'), pod('p', volumeOf(name)));
      expect(topology.objects).to.have.lengthOf(1);
      expect(topology.objects[0].missing).to.equal(true);
      expect(topology.objects[0].name).to.match(/^[^/\p{Cc}\p{Cs}]{1,253}$/u);
    }
  });

  it('is a node that has pods: it is taken without annotation, as new ones of an autoscaled cluster', async () => {
    const cluster = await reading(
      node('node-1', { 'node.alpha.kubernetes.io/ttl': '15' }),
      pod('a'),
      ...['b', 'c'].map((name) => pod(name, { nodeName: 'node-2' })),
    );
    expect(cluster.topology.nodes).to.deep.equal([{ name: 'node-1', ttlSeconds: 15 }, { name: 'node-2' }]);
    expect(cluster.topology.pods.map(({ node: index }) => index)).to.deep.equal([0, 1, 1]);
    expect(cluster.notes.join()).to.contain('2 pods on 1 node not in the input');
  });

  it('is every node, where nodes may not be read', async () => {
    const cluster = await reading(pod('a'), pod('b', { nodeName: 'node-2' }));
    expect(cluster.topology.nodes.map(({ name }) => name)).to.deep.equal(['node-1', 'node-2']);
    expect(cluster.notes.join()).to.contain('there are no nodes in the input: the 2 that pods run on are taken');
  });

  it('is a pod that is being deleted, wherever it runs: it reads nothing any more', async () => {
    const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    const cluster = await reading(
      node('node-1'),
      pod('a'),
      pod('b', { nodeName: 'gone' }, deleted),
      pod('c', {}, deleted),
    );
    expect(cluster.topology.pods.map(({ name }) => name)).to.deep.equal(['a']);
    expect(cluster.topology.nodes).to.have.lengthOf(1);
    expect(cluster.notes).to.deep.equal([
      '2 pods being deleted: left out',
      'there is no Secret in the input, and no pod refers to one',
    ]);
  });

  it('is content that was taken out: lengths count, marks and emptiness get the size that is given', async () => {
    const cluster = await reading(
      node('node-1'),
      pod('p'),
      secret('lengths', { key: 14, other: 2048 }),
      secret('notes', { key: 'REDACTED # (12 bytes)' }),
      secret('marks', { key: '***HIDDEN***', other: 'QUFB' }),
      secret('words', { key: 'REDACTED' }),
      secret('true', { key: 'QUFB' }),
      configMap('empty', { key: '' }),
      configMap('none', {}, { data: null }),
    );
    const sizes = Object.fromEntries(cluster.topology.objects.map(({ name, size }) => [name, size]));
    expect(sizes).to.deep.equal({
      lengths: 8 + 2062,
      notes: 3 + 12,
      marks: SIZE,
      words: SIZE,
      true: 6,
      empty: SIZE,
      none: SIZE,
    });
    expect(cluster.notes).to.deep.equal([
      '2 Secrets with redacted contents: 700 bytes are taken for each (--assume-size)',
      '2 Secrets with lengths in place of contents: these are taken',
      '2 ConfigMaps with no content: no ConfigMap in the input has any: 700 bytes are taken for each (--assume-size)',
    ]);
  });

  it('is no number beside contents: it is one that lacks its quotes, and must not be told as a size', async () => {
    const pin = 471_100;
    const cluster = await reading(
      node('node-1'),
      pod('p'),
      secret('lengths', { a: 3, b: 0, empty: '', none: null, marked: '***' }),
      secret('mixed', { pin, key: 'QUFB' }),
      secret('fraction', { a: 1.5, b: -2 }),
      configMap('mixed-too', { pin, key: 'text' }),
    );
    const sizes = Object.fromEntries(cluster.topology.objects.map(({ name, size }) => [name, size]));
    expect(sizes).to.deep.equal({ lengths: SIZE, mixed: SIZE, fraction: SIZE, 'mixed-too': SIZE });
    const stringData = secret('written', {}, { stringData: { pin } });
    expect(await inputError(() => reading(node('node-1'), pod('p'), stringData)))
      .to.contain('Secret shop/written: stringData: expected keys with text as values')
      .and.not.contain('4711');
  });

  describe('is the rest of a list whose size is a whole number of pages: a hint asks for the exit code of kubectl', () => {
    const pods = (count: number, from = 0) => Array.from({ length: count }, (_, index) => pod(`p${from + index}`));
    const others = [node('node-1'), secret('s', full)];
    const podList = (...items: readonly Fields[]): Fields => ({ kind: 'PodList', items });
    const lines = (items: readonly Fields[]): string => items.map((item) => JSON.stringify(item)).join('\n');

    const forms: readonly (readonly [string, number, readonly string[]])[] = [
      ['one kind of a List of several', 1, [list(...others, ...pods(1000))]],
      ['one kind that does not', 0, [list(...others, ...pods(501))]],
      ['kinds that do together only', 0, [list(node('node-1'), secret('s', full), ...pods(498))]],
      ['two kinds of one List', 1, [list(node('node-1'), ...manySecrets(500), ...pods(500))]],
      ['one of two lists in a file', 1, [list(...others) + list(...pods(500)) + list(...pods(3, 500))]],
      ['lists that do together only', 0, [list(...others) + list(...pods(250)) + list(...pods(250, 250))]],
      ['one of two lists in a list', 1, [list(...others, podList(...pods(500)), podList(...pods(3, 500)))]],
      ['lists in a list that do together only', 0, [list(podList(...pods(250)), podList(...pods(250, 250)))]],
      ['the lines of jq', 1, [lines([...others, ...pods(500)])]],
      ['the lines of jq that do not', 0, [lines([...others, ...pods(499)])]],
      ['files that do together only', 0, [list(...others), list(...pods(250)), list(...pods(250, 250))]],
      ['two files', 2, [list(...others), list(...pods(500)), list(...manySecrets(1000))]],
    ];
    for (const [what, lists, files] of forms) {
      it(what, async () => {
        const paths = await Promise.all(files.map((text, index) => folder.write(`${index}.json`, text)));
        for (const given of [paths, [folder.path]]) {
          const { tally } = await readCluster(given, SIZE);
          expect(tally.fullPages).to.equal(lists);
        }
      });
    }

    it('with the reason', async () => {
      const { notes } = await reading(...others, ...pods(500));
      expect(notes.join()).to.contain('1 list with exactly a multiple of 500 objects of a kind');
    });
  });

  it('is bounded where it makes no sense: a TTL of more than a day', async () => {
    for (const [annotation, seconds] of [
      ['999999999', 86_400],
      ['86400', 86_400],
      ['1'.repeat(18), 86_400],
      ['1'.repeat(30), undefined],
      ['-1', undefined],
      ['300', 300],
    ] as const) {
      const { topology } = await reading(node('node-1', { 'node.alpha.kubernetes.io/ttl': annotation }), pod('p'));
      expect(topology.nodes[0].ttlSeconds, annotation).to.equal(seconds);
    }
  });
});

describe('the API servers of a dump', () => {
  const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
  const system = 'kube-system';
  const counted: readonly (readonly [string, Fields, number])[] = [
    [
      'kubeadm, RKE2, Talos',
      pod('kube-apiserver-node-1', {}, { namespace: system, labels: { component: 'kube-apiserver' } }),
      1,
    ],
    ['kops, bootkube', pod('x', {}, { namespace: system, labels: { 'k8s-app': 'kube-apiserver' } }), 1],
    [
      'OpenShift',
      pod(
        'kube-apiserver-node-1',
        {},
        { namespace: 'openshift-kube-apiserver', labels: { app: 'openshift-kube-apiserver' } },
      ),
      1,
    ],
    ['static pods without labels', pod('kube-apiserver-node-1', {}, { namespace: 'control', ...mirror }), 1],
    [
      'guards of OpenShift',
      pod('kube-apiserver-guard-node-1', {}, { namespace: 'openshift-kube-apiserver', labels: { app: 'guard' } }),
      0,
    ],
    [
      'clusters within this one',
      pod('kube-apiserver-0', {}, { namespace: 'clusters-a', labels: { app: 'kube-apiserver' } }),
      0,
    ],
    ['other static pods', pod('etcd-node-1', {}, { namespace: system, ...mirror }), 0],
    [
      'extension API servers',
      pod('x', {}, { namespace: 'openshift-apiserver', labels: { app: 'openshift-apiserver' } }),
      0,
    ],
  ];
  for (const [what, item, count] of counted) {
    it(`are ${count === 0 ? 'not ' : ''}${what}`, async () => {
      const folder = await TestFolder.create();
      const { collected } = await readCluster([await folder.write('dump.json', list(node('node-1'), item))], SIZE);
      expect(collected.apiServerPods).to.equal(count);
      await folder.remove();
    });
  }
});
