import { expect } from 'chai';
import fc from 'fast-check';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { list, node, pod, secret, TestFolder } from './kubernetes.js';
import { anyText } from '../any-text.js';

/** Names as people have them, and any text that JSON can hold. */
const text = fc.oneof(anyText({ maxLength: 8 }), fc.constantFrom('s', 'a/b', '..', '\ud800', '__proto__', ''));

describe('what import writes', () => {
  it('is what run reads, whatever the names in a dump are; else nothing is written', async () => {
    const folder = await TestFolder.create();
    const out = folder.file('out.yaml');
    let written = 0;
    const property = fc.asyncProperty(
      fc.record({ ref: text, pull: text, owner: text, on: text, ttl: text, own: text }),
      async (names) => {
        const { ref, pull, owner, on, ttl, own } = names;
        const dump = list(
          node('node-1', { 'node.alpha.kubernetes.io/ttl': ttl }),
          pod(
            'p',
            { nodeName: on, volumes: [{ name: 'v', secret: { secretName: ref } }], imagePullSecrets: [{ name: pull }] },
            { ownerReferences: [{ kind: 'Job', name: owner, controller: true }] },
          ),
          pod('q'),
          secret('s', { [own]: 'QUFB' }),
        );
        const clusterFiles = [await folder.write('dump.json', dump)];
        try {
          await importCluster({ clusterFiles, out, force: true });
        } catch (error) {
          expect(error).to.be.instanceOf(InputError);
          return;
        }
        written++;
        await loadExperiment([out]);
      },
    );
    await fc.assert(property, { seed: 16, numRuns: 150 });
    expect(written).to.be.greaterThan(50);
    await folder.remove();
  }).timeout(60_000);
});
