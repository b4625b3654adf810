import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { readTopologyFile } from '../../src/experiment/language/topology-reader.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { list, node, pod, secret, TestFolder, type Fields } from './kubernetes.js';

/** What stands beside what is read: nothing of it may be seen again. */
const VALUE = 'hunter2hunter2';

const ownedBy = (kind: string, name: string): Fields =>
  pod(
    `${name}-0`,
    { volumes: [{ name: 'v', secret: { secretName: 'tls' } }] },
    { ownerReferences: [{ kind, name, controller: true }] },
  );

const workload = (kind: string, name: string, updateStrategy: unknown, more: Fields = {}): Fields => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'shop', annotations: { token: VALUE } },
  spec: { updateStrategy, template: { spec: { containers: [{ env: [{ name: 'A', value: VALUE }] }] } } },
  ...more,
});

const rolling = (rollingUpdate: Fields): Fields => ({ type: 'RollingUpdate', rollingUpdate });

describe('how DaemonSets and StatefulSets of a dump are rolled out', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(() => folder.remove());

  /** The workloads of the topology of a dump, and all text that was written. */
  async function imported(...items: readonly Fields[]) {
    const dump = await folder.write('dump.json', list(node('node-1'), secret('tls'), ...items));
    const summary = await importCluster({ clusterFiles: [dump], out: folder.file('out.yaml'), force: true });
    const { file } = await readTopologyFile(summary.topologyFile);
    const written = (await readFile(summary.experimentFile, 'utf8')) + JSON.stringify([file, summary]);
    return { workloads: file.workloads, summary, written };
  }

  it('is in the topology where they say so themselves, of those that have pods', async () => {
    const { workloads, summary, written } = await imported(
      ownedBy('DaemonSet', 'agent'),
      ownedBy('DaemonSet', 'net'),
      ownedBy('DaemonSet', 'surging'),
      ownedBy('StatefulSet', 'db'),
      workload('DaemonSet', 'net', rolling({ maxUnavailable: '10%', maxSurge: 0 })),
      workload('DaemonSet', 'agent', rolling({ maxUnavailable: 5, maxSurge: 0 })),
      workload('DaemonSet', 'surging', rolling({ maxUnavailable: 0, maxSurge: '100%' })),
      workload('StatefulSet', 'db', { type: 'OnDelete' }),
      workload('DaemonSet', 'without-pods', { type: 'OnDelete' }),
    );
    expect(workloads).to.deep.equal([
      { workload: 'shop/agent', ownerKind: 'DaemonSet', maxUnavailable: 5 },
      { workload: 'shop/net', ownerKind: 'DaemonSet', maxUnavailable: '10%' },
      { workload: 'shop/surging', ownerKind: 'DaemonSet', maxUnavailable: '100%' },
      { workload: 'shop/db', ownerKind: 'StatefulSet', onDelete: true },
    ]);
    expect(summary.passedOver).to.equal(0);
    expect(written).not.to.contain(VALUE);
  });

  it('is not told where it is the default, is nonsense, or is that of another API group', async () => {
    const nonsense = [-1, 1.5, '0%', '05%', '101%', VALUE, {}, null];
    const { workloads, written } = await imported(
      ...nonsense.map((_, i) => ownedBy('DaemonSet', `odd${i}`)),
      ...['plain', 'none', 'kruise', 'text'].map((name) => ownedBy('DaemonSet', name)),
      ownedBy('StatefulSet', 'db'),
      ...nonsense.map((maxUnavailable, i) => workload('DaemonSet', `odd${i}`, rolling({ maxUnavailable }))),
      workload('DaemonSet', 'plain', rolling({ maxUnavailable: 1, maxSurge: 0 })),
      workload('DaemonSet', 'none', undefined),
      workload('DaemonSet', 'kruise', { type: 'OnDelete' }, { apiVersion: 'apps.kruise.io/v1alpha1' }),
      workload('DaemonSet', 'text', VALUE),
      workload('StatefulSet', 'db', rolling({ partition: 0, maxUnavailable: 3 })),
    );
    expect(workloads).to.equal(undefined);
    expect(written).not.to.contain(VALUE);
  });
});
