import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { readDropped } from '../../src/playground/read-file.js';
import { configMap, inputError, node, pod } from '../import/kubernetes.js';

const ITEMS = JSON.stringify({ kind: 'List', items: [node('node-1'), pod('p'), configMap('c', { key: 'value' })] });

describe('a file that is dropped on the playground', () => {
  it('is told by its content: a kubelet’s configuration in any form, or a dump', async () => {
    const forms = [
      'kind: KubeletConfiguration\nsyncFrequency: 20s\n',
      JSON.stringify({ kubeletconfig: { syncFrequency: '20s' } }),
      '/usr/bin/kubelet --sync-frequency=20s --v=2\n',
      `kind: MachineConfig\nspec: {config: {ignition: {version: 3.2.0}, storage: {files: [{path: /etc/kubernetes/kubelet.conf, contents: {source: "data:;base64,${gzipSync('kind: KubeletConfiguration\nsyncFrequency: 20s\n').toString('base64')}"}}]}}}\n`,
    ];
    for (const text of forms) {
      const read = await readDropped('x', new Blob([text]));
      expect(read, text).to.deep.include({ kind: 'kubelet', settings: { syncFrequency: '20s' } });
    }
    for (const bytes of [Buffer.from(ITEMS), gzipSync(ITEMS)]) {
      expect(await readDropped('x', new Blob([bytes]))).to.have.property('kind', 'cluster');
    }
  });

  it('is refused for what is wrong with it', async () => {
    const wrong = new Blob(['kind: KubeletConfiguration\nsyncFrequency: 20\n']);
    expect(await inputError(() => readDropped('kubelet.yaml', wrong))).to.contain('kubelet.yaml:2:16: syncFrequency:');
    const status = new Blob(['{"kind": "Status"}']);
    expect(await inputError(() => readDropped('x.json', status))).to.contain('is an error answer of the API server');
    const image = new Blob([Buffer.from([0x89, 0x50, 0, 0x47])]);
    expect(await inputError(() => readDropped('x.png', image))).to.contain('x.png');
  });
});
