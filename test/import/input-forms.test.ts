import { expect } from 'chai';
import { mkdir } from 'node:fs/promises';
import { stringify } from 'yaml';
import { readCluster, type ReadCluster } from '../../src/import/read-cluster.js';
import { configMap, inputError, list, node, pod, secret, TestFolder, type Fields } from './kubernetes.js';

const SIZE = 700;
const ITEMS = [
  node('node-1'),
  pod('p', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }),
  secret('s', { key: 'QUFB' }),
  configMap('c', { key: 'a\n- b: c\n# d\n' }),
];

/** An object as programs in Go print it whose types have no kind. */
const withoutKind = (item: Fields): Fields =>
  Object.fromEntries(Object.entries(item).filter(([field]) => field !== 'kind'));
const lines = (items: readonly Fields[]): string => items.map((item) => JSON.stringify(item)).join('\n');
const event = (type: string, object: Fields): Fields => ({ type, object });

describe('a cluster is read', () => {
  let folder: TestFolder;
  let expected: ReadCluster;
  before(async () => {
    folder = await TestFolder.create();
    expected = await reading(list(...ITEMS));
  });
  after(() => folder.remove());

  async function reading(...texts: readonly string[]): Promise<ReadCluster> {
    return readCluster(await Promise.all(texts.map((text, index) => folder.write(`dump-${index}`, text))), SIZE);
  }

  const LOG = [
    '==== START logs for container c of pod shop/p ====',
    '{"kind": "Pod", "metadata": {"name": "from-a-log"',
    '==== END logs for container d of pod shop/p ====',
    '',
    'no line feed at the end==== END logs for container c of pod shop/p ====',
    '',
  ].join('\n');
  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    ['as an array, which jq makes', JSON.stringify(ITEMS), []],
    ['as an array of lists', `[${list(...ITEMS.slice(0, 2))}, ${list(...ITEMS.slice(2))}]`, []],
    ['as a list of lists', list({ kind: 'List', items: ITEMS }), []],
    ['as a line for each object', lines(ITEMS), []],
    ['with objects of other kinds among the lines', lines([{ kind: 'Service' }, ...ITEMS, { kind: 'Event' }]), []],
    [
      'without kinds',
      JSON.stringify({ items: ITEMS.map(withoutKind) }),
      ['4 items without a kind: it is told by the fields'],
    ],
    ['as lines without kinds', lines(ITEMS.map(withoutKind)), ['4 items without a kind: it is told by the fields']],
    [
      'from the events of a watch',
      lines([
        event('ADDED', pod('gone')),
        ...ITEMS.map((item) => event('ADDED', item)),
        event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '9' } }),
        event('DELETED', pod('gone')),
      ]),
      ['7 events of a watch: the last of each object counts'],
    ],
    [
      'from kubectl cluster-info dump',
      `${list(...ITEMS.slice(0, 2))}\n${LOG}${list(...ITEMS.slice(2))}\n`,
      ['1 log of containers between the lists, as of kubectl cluster-info dump: passed over'],
    ],
    ['as YAML', stringify({ apiVersion: 'v1', items: ITEMS, kind: 'List' }), []],
    ['as YAML that kubectl prints', stringify({ items: ITEMS, kind: 'List' }, { indentSeq: false }), []],
    ['as documents of YAML', ITEMS.map((item) => `--- # next\n# an object\n${stringify(item)}`).join('\n...\n'), []],
    ['as a list in YAML', stringify(ITEMS), []],
    [
      'as YAML behind comments, with line ends of Windows',
      `# a\r\n\r\n# b\r\n${stringify({ kind: 'List', items: ITEMS }).replaceAll('\n', '\r\n')}`,
      [],
    ],
  ];
  for (const [what, text, notes] of forms) {
    it(what, async () => {
      const { topology, notes: found } = await reading(text);
      expect(topology).to.deep.equal(expected.topology);
      expect(found).to.deep.equal(notes);
    });
  }

  it('whatever the pieces are that a log is read in', async () => {
    const text = `${list(...ITEMS)}\n${'x'.repeat(0)}${LOG.repeat(2000)}`;
    expect((await reading(text)).notes[0]).to.contain('2000 logs of containers');
  });

  it('where an object is there twice: the newest counts, wherever it stands', async () => {
    const versions = ['9', '10'].map((resourceVersion) =>
      node('node-1', { 'node.alpha.kubernetes.io/ttl': resourceVersion }, 'v1.30.1', { uid: 'u', resourceVersion }),
    );
    for (const order of [versions, versions.toReversed()]) {
      const { topology, notes } = await reading(list(...order, ...ITEMS.slice(1)));
      expect(topology.nodes).to.deep.equal([{ name: 'node-1', ttlSeconds: 10 }]);
      expect(notes).to.deep.equal(['1 object more than once in the input: the newest of each counts']);
    }
  });

  it('where a watch shows how a pod is deleted and made anew, and where it has ended', async () => {
    const seen = (uid: string, resourceVersion: string, phase: string) =>
      pod('web-0', {}, { uid, resourceVersion }, phase);
    const { topology, collected } = await reading(
      lines([...ITEMS, seen('1', '5', 'Running'), seen('2', '7', 'Pending'), seen('2', '8', 'Running')]),
    );
    expect(topology.pods.map(({ name }) => name)).to.deep.equal(['p', 'web-0']);
    expect(collected.repeated).to.equal(2);
    const ended = await reading(lines([...ITEMS, seen('1', '5', 'Running'), seen('1', '6', 'Succeeded')]));
    expect(ended.topology.pods).to.have.lengthOf(1);
    expect(ended.collected.finishedPods).to.equal(1);
  });

  const PAGE = { kind: 'PodList', metadata: { continue: 'x' }, items: [pod('p')] };
  const refused: readonly (readonly [string, string, string])[] = [
    ['a page of a list', JSON.stringify(PAGE), 'is one page of a longer list'],
    ['a page that names no kind', JSON.stringify(withoutKind(PAGE)), 'is one page of a longer list'],
    ['a page in an array', JSON.stringify([node('node-1'), PAGE]), 'document 2: is one page of a longer list'],
    ['a page in a list', list(node('node-1'), PAGE), 'items[1]: is one page of a longer list'],
    ['a page as YAML', stringify(PAGE), 'is one page of a longer list'],
    [
      'an error among the documents',
      lines([...ITEMS, { kind: 'Status', code: 403 }]),
      'document 5: is an error answer',
    ],
    ['an error of a watch', lines([...ITEMS, event('ERROR', { kind: 'Status' })]), 'document 5: is an error answer'],
    ['an object of no known kind alone', '{"kind": "PASSWORD-1"}', 'is of another kind; needed is a List'],
    ['half a log', `${list(...ITEMS)}\n${LOG.slice(0, -20)}`, 'ends within the log of a container'],
    ['half a mark', `${list(...ITEMS)}\n==== START logs`, 'ends within the log of a container'],
    ['lines of text', `${list(...ITEMS)}\n==== PASSWORD\n`, 'holds text between its JSON documents'],
    [
      'a part that is too large',
      `{"kind": "Secret", "data": {"k": "${'A'.repeat(17 * 2 ** 20)}"}}`,
      'is larger than 16 MiB',
    ],
    [
      'aliases that repeat',
      `a: &a [x, x]\nb: &b [*a, *a]\nkind: List\nitems: [${'*b, '.repeat(200)}*b]\n`,
      'aliases repeat too many parts',
    ],
    ['a warning of kubectl', `Warning: PASSWORD-1\n{"kind":"List","items":[]}\n`, 'no 2>&1'],
    ['a log line of kubectl', 'E1128 05:00:00.000000   12 memcache.go:1] PASSWORD-1\n', 'a message of kubectl'],
    ['an error of kubectl', 'Error from server (Forbidden): PASSWORD-1\n', 'a message of kubectl'],
    ['YAML that is too deep', `kind: List\nitems: ${'['.repeat(5000)}${']'.repeat(5000)}\n`, 'nested too deeply'],
  ];
  for (const [what, text, message] of refused) {
    it(`but not from ${what}`, async () => {
      expect(await inputError(() => reading(text)))
        .to.contain(message)
        .and.not.contain('PASSWORD');
    });
  }

  describe('from a folder', () => {
    const write = async (name: string, content: string): Promise<void> => {
      await mkdir(folder.file(name.split('/').slice(0, -1).join('/')), { recursive: true });
      await folder.write(name, content);
    };

    it('of a support bundle: what holds no objects is passed over and counted', async () => {
      await write('bundle/analysis.json', '[{"name": "x"}]');
      await write('bundle/version.yaml', 'apiVersion: x/v1\nspec: {}\n');
      await write('bundle/values.yaml', '{{ template }}\n');
      await write('bundle/cluster-resources/groups.json', '[{"name": "apps"}]');
      await write('bundle/cluster-resources/nodes.json', list(ITEMS[0]));
      await write('bundle/cluster-resources/pods/shop.json', JSON.stringify({ kind: 'PodList', items: [ITEMS[1]] }));
      await write('bundle/cluster-resources/pods/logs/p.log', 'x');
      const { topology, notes, otherFiles } = await readCluster([folder.file('bundle')], SIZE);
      expect(topology.pods).to.have.lengthOf(1);
      expect(otherFiles).to.equal(5);
      expect(notes[0]).to.equal('4 files of the folder hold no objects of the cluster: passed over');
      expect(notes[1]).to.match(/values\.yaml:1:2: not valid JSON here .*: passed over$/);
    });

    it('of oc adm must-gather: lists in YAML, and the pods once more alone', async () => {
      const alone = { uid: 'u', resourceVersion: '4' };
      const gathered = pod('p', ITEMS[1]['spec'] as Fields, alone);
      await write('gather/cluster-scoped-resources/core/nodes/node-1.yaml', `---\n${stringify(ITEMS[0])}`);
      await write('gather/namespaces/shop/core/pods.yaml', `---\n${stringify({ kind: 'PodList', items: [gathered] })}`);
      await write('gather/namespaces/shop/core/secrets.yaml', stringify({ kind: 'SecretList', items: [ITEMS[2]] }));
      await write(
        'gather/namespaces/shop/core/configmaps.yaml',
        stringify({ kind: 'ConfigMapList', items: [ITEMS[3]] }),
      );
      await write('gather/namespaces/shop/pods/p/p.yaml', stringify(gathered));
      const { topology, notes } = await readCluster([folder.file('gather')], SIZE);
      expect(topology).to.deep.equal(expected.topology);
      expect(notes).to.deep.equal(['1 object more than once in the input: the newest of each counts']);
    });

    it('but not where a file of the cluster is broken or a page', async () => {
      await write('broken/nodes.json', list(ITEMS[0]));
      await write('broken/pods.json', list(...ITEMS).slice(0, -20));
      expect(await inputError(() => readCluster([folder.file('broken')], SIZE))).to.contain('pods.json');
      await write('broken/pods.json', JSON.stringify(PAGE));
      expect(await inputError(() => readCluster([folder.file('broken')], SIZE))).to.contain(
        'is one page of a longer list',
      );
      await write('broken/pods.json', JSON.stringify({ ...PAGE, kind: 'EventList', items: [] }));
      expect(await inputError(() => readCluster([folder.file('broken')], SIZE))).to.contain('there are no pods');
    });

    it('but not where it has no such file', async () => {
      await write('empty/x.log', '');
      expect(await inputError(() => readCluster([folder.file('empty')], SIZE))).to.contain(
        'has no .json or .yaml file',
      );
    });
  });
});
