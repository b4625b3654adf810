import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { formatPlace, type ItemSink } from '../../src/import/item-sink.js';
import { readKubernetesItems } from '../../src/import/read-items.js';
import { configMap, inputError, list, node, pod, secret, TestFolder, type Fields } from './kubernetes.js';

const NOWHERE: ItemSink = { add: () => undefined, remove: () => undefined, witness: () => false };

describe('readKubernetesItems', () => {
  let folder: TestFolder;

  beforeEach(async () => {
    folder = await TestFolder.create();
  });

  afterEach(() => folder.remove());

  /** `kind name @ place` of each item. */
  async function read(content: string | Uint8Array): Promise<string[]> {
    const path = await folder.write('dump', content);
    const items: string[] = [];
    await readKubernetesItems(path, {
      add(kind, item, place) {
        const { name } = (item as { metadata: { name: string } }).metadata;
        items.push(`${kind} ${name} @${formatPlace(place).slice(path.length)}`);
      },
      remove: () => undefined,
      witness: () => false,
    });
    return items;
  }

  it('reads a List', async () => {
    expect(await read(list(node('n'), pod('p'), secret('s'), configMap('c')))).to.deep.equal([
      'Node n @: items[0]',
      'Pod p @: items[1]',
      'Secret s @: items[2]',
      'ConfigMap c @: items[3]',
    ]);
  });

  it('reads a list of one kind, whose items may have none, wherever the kind stands', async () => {
    const items: Fields[] = [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }];
    const expected = ['Secret a @: items[0]', 'Secret b @: items[1]'];
    expect(await read(JSON.stringify({ kind: 'SecretList', items }))).to.deep.equal(expected);
    expect(await read(JSON.stringify({ items, kind: 'SecretList' }))).to.deep.equal(expected);
  });

  it('reads one object, and documents that follow one another', async () => {
    const text = [JSON.stringify(node('n')), list(secret('s')), JSON.stringify(pod('p'))].join('\n');
    expect(await read(text)).to.deep.equal(['Node n @', 'Secret s @: document 2: items[0]', 'Pod p @: document 3']);
  });

  it('reads gzip and a byte order mark', async () => {
    expect(await read(gzipSync(list(node('n'))))).to.deep.equal(['Node n @: items[0]']);
    expect(await read(`\ufeff${list(node('n'))}`)).to.deep.equal(['Node n @: items[0]']);
  });

  it('reads empty lists', async () => {
    expect(await read(list())).to.deep.equal([]);
    expect(await read('{"kind": "PodList", "items": null}')).to.deep.equal([]);
  });

  it('passes over and counts items of other kinds', async () => {
    const path = await folder.write('dump', list(node('n'), { kind: 'Service', metadata: { name: 's' } }));
    expect((await readKubernetesItems(path, NOWHERE)).passedOver).to.equal(1);
  });

  const foreign: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['an empty file', '', ': is empty'],
    ['blanks', ' \n\n', ': is empty'],
    ['an HTML page', '<!DOCTYPE html>\n<html>', 'is an HTML or XML page'],
    ['a table', 'NAMESPACE   NAME   READY\n', 'is a table for people'],
    ['a message', 'Error from server (Forbidden)', 'begins with a message of kubectl'],
    ['other text', '(no text of kubectl)', 'is not JSON'],
    ['an array that is none', '[{"kind": "PodList"} {"kind": "PodList"}]', ':1:22: not valid JSON here'],
    ['an array that ends too early', '[{"kind": "PodList"},', 'the file is truncated'],
    ['YAML that is none', 'kind: List\nitems:\n- kind: Pod\n  metadata: {name: "x\n', ':4:22: not valid YAML here'],
    [
      'a KubeletConfiguration',
      'kind: KubeletConfiguration\n',
      'of kind KubeletConfiguration; needed is a List, or one of Node, Pod, Secret, ConfigMap, ClusterTrustBundle; give it as --kubelet FILE',
    ],
    ['UTF-16', Buffer.from('\ufeff{"kind": "List"}', 'utf16le'), "which PowerShell's > writes"],
    ['a binary file', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 0), 'is a binary file'],
    ['a truncated file', list(node('n')).slice(0, -30), 'the file is truncated'],
    [
      'truncated gzip',
      gzipSync(list(node('n'))).subarray(0, -12),
      'the gzip data end too early: the file is truncated',
    ],
    [
      'damaged gzip',
      Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255, 255]),
      'the gzip data are damaged',
    ],
    ['another object', '{"kind": "Deployment"}', 'is of kind Deployment'],
    ['an error answer', '{"kind": "Status", "code": 403}', 'is an error answer of the API server'],
    ['no Kubernetes object', '{"name": "x"}', 'is not a Kubernetes object: it has no kind'],
    ['items without a kind', '{"kind": "List", "items": [{}]}', 'items[0]: has no kind'],
  ];
  for (const [what, content, message] of foreign) {
    it(`refuses ${what}`, async () => {
      expect(await inputError(() => read(content)))
        .to.include(message)
        .and.include(folder.file('dump'));
    });
  }

  it('refuses what cannot be read', async () => {
    const readNothing = (path: string) => readKubernetesItems(path, NOWHERE);
    expect(await inputError(() => readNothing(folder.file('none')))).to.equal(`${folder.file('none')}: no such file`);
    expect(await inputError(() => readNothing(folder.path))).to.include('is a directory');
  });
});
