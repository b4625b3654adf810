import { expect } from 'chai';
import { stringify } from 'yaml';
import { importDump } from '../../src/playground/import-dump.js';
import { configMap, inputError, node, pod } from '../import/kubernetes.js';

const ITEMS = [
  node('node-1'),
  pod('p', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }),
  pod('q', { nodeName: 'node-2' }),
  configMap('c', { key: 'value' }),
];

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += 1024) yield await Promise.resolve(bytes.subarray(at, at + 1024));
}

describe('a dump that is dropped on the playground', () => {
  it('is read as import reads it, in every form, and says what was assumed', async () => {
    for (const text of [
      JSON.stringify(ITEMS),
      stringify({ kind: 'List', items: ITEMS }),
      `\ufeff${JSON.stringify({ items: ITEMS })}`,
    ]) {
      const { cluster } = await importDump('dump', pieces(text));
      expect(cluster).to.deep.include({ nodes: 2, pods: 2, release: '1.30', apiServers: 0 });
      expect(cluster.targets).to.deep.equal([{ object: 'shop/s', kind: 'Secret', pods: 1 }]);
      expect(cluster.warnings).to.deep.equal([
        '1 pod on 1 node not in the input (new since the nodes were read?): taken as nodes without TTL annotation',
        'taken to exist though not in the input, with 4096 bytes each (secretsim import takes another with --assume-size): ' +
          '1 Secret (there is no Secret in the input)',
      ]);
    }
  });

  it('is refused for what it is', async () => {
    const text = 'kind: KubeletConfiguration\nsyncFrequency: 20s\n';
    expect(await inputError(() => importDump('kubelet.yaml', pieces(text)))).to.contain(
      'is of kind KubeletConfiguration',
    );
  });
});
