import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { readTopologyFile } from '../../../src/experiment/language/topology-reader.js';
import { topologyBytes } from '../../../src/import/topology-text.js';
import { inputError, TestFolder } from '../../import/kubernetes.js';

const topology: TopologyFile = {
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: [{ name: 'node-1', ttlSeconds: 0 }, { name: 'node-2' }],
  objects: [
    { namespace: 'shop', name: 'tls', kind: 'Secret', size: 3000, type: 'kubernetes.io/tls', immutable: true },
    { namespace: 'shop', name: 'tls', kind: 'ConfigMap', size: 0, missing: true },
  ],
  pods: [
    {
      namespace: 'shop',
      name: 'web-0',
      node: 1,
      workload: 'shop/web',
      pending: true,
      uses: [
        { object: 0, as: 'volume', volume: 0 },
        { object: 1, as: 'env', optional: true },
      ],
    },
    { namespace: 'shop', name: 'web-1', node: 0, uses: [] },
  ],
  workloads: [
    { workload: 'shop/agent', ownerKind: 'DaemonSet', maxUnavailable: '10%' },
    { workload: 'shop/db', ownerKind: 'StatefulSet', onDelete: true },
  ],
};

describe('readTopologyFile', () => {
  let folder: TestFolder;

  beforeEach(async () => {
    folder = await TestFolder.create();
  });

  afterEach(() => folder.remove());

  it('gives back what was written, and the hash of the file', async () => {
    const bytes = topologyBytes(topology);
    const { file, sha256 } = await readTopologyFile(await folder.write('t.json.gz', bytes));
    expect(file).to.deep.equal(topology);
    expect(sha256).to.equal(createHash('sha256').update(bytes).digest('hex'));
  });

  it('reads plain JSON, too', async () => {
    const { file } = await readTopologyFile(await folder.write('t.json', JSON.stringify(topology)));
    expect(file).to.deep.equal(topology);
  });

  it('is written as the same bytes each time, without a time', () => {
    expect(topologyBytes(topology)).to.deep.equal(topologyBytes(structuredClone(topology)));
    expect([...topologyBytes(topology).subarray(4, 8)]).to.deep.equal([0, 0, 0, 0]);
  });

  /** The topology with one part replaced. */
  type Lists = Record<'nodes' | 'objects' | 'pods' | 'workloads', Record<string, unknown>[]>;
  function changed(change: (copy: Lists) => void): string {
    const copy = structuredClone(topology) as unknown as Lists;
    change(copy);
    return JSON.stringify(copy);
  }

  const bad: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['an empty file', '', 'is empty'],
    ['YAML', 'kind: Topology', 'is not a topology file'],
    ['truncated JSON', '{"apiVersion":\n "sec', ':2:6: the JSON ends in the middle'],
    ['broken JSON', '{"apiVersion":\n x}', ':2:2: not valid JSON here'],
    ['two documents', '{} {}', 'holds more than one JSON document'],
    ['truncated gzip', gzipSync('{}').subarray(0, -4), 'the file is truncated'],
    [
      'another kind',
      '{"apiVersion": "secretsim/v1", "kind": "Experiment"}',
      'kind: Invalid input: expected "Topology"',
    ],
    ['no nodes', changed((copy) => (copy.nodes = [])), 'nodes: a cluster has at least one node'],
    ['an empty name', changed(({ nodes }) => (nodes[0].name = '')), 'nodes.0.name: a name must not be empty'],
    ['an unknown field', changed(({ pods }) => (pods[0].nodeName = 'x')), 'has a field that is not known here'],
    ['an unknown mode', changed(({ pods }) => (pods[0].uses = [{ object: 0, as: 'file' }])), 'pods.0.uses.0.as: '],
    [
      'a size beyond any object',
      changed(({ objects }) => (objects[0].size = 2_000_000)),
      'objects.0.size: an object has',
    ],
    ['a negative size', changed(({ objects }) => (objects[0].size = -1)), 'objects.0.size: '],
    [
      'a node out of range',
      changed(({ pods }) => (pods[1].node = 2)),
      'pods.1.node: is not an index of nodes, of which',
    ],
    [
      'an object out of range',
      changed(({ pods }) => (pods[1].uses = [{ object: 2, as: 'env' }])),
      'pods.1.uses.0.object: is not an index of objects, of which there are 2 (0 to 1)',
    ],
    [
      'a volume without number',
      changed(({ pods }) => (pods[1].uses = [{ object: 0, as: 'volume' }])),
      'number of its volume',
    ],
    [
      'env with a volume',
      changed(({ pods }) => (pods[1].uses = [{ object: 0, as: 'env', volume: 0 }])),
      'a use as env has no volume',
    ],
    [
      'a node twice',
      changed(({ nodes }) => (nodes[1].name = 'node-1')),
      'nodes.1: its name is there twice; first in nodes.0',
    ],
    ['an object twice', changed(({ objects }) => (objects[1].kind = 'Secret')), 'objects.1: its name is there twice'],
    [
      'a workload twice',
      changed(({ workloads }) => workloads.push(workloads[0])),
      'workloads.2: its name is there twice',
    ],
    [
      'another kind of workload',
      changed(({ workloads }) => (workloads[0].ownerKind = 'Deployment')),
      'workloads.0.ownerKind: expected DaemonSet or StatefulSet',
    ],
    [
      'a StatefulSet that may miss many',
      changed(({ workloads }) => (workloads[1].maxUnavailable = 3)),
      'workloads.1.maxUnavailable: belongs to a DaemonSet',
    ],
    ...[0, 1.5, '0%', '101%', 'many'].map(
      (value) =>
        [
          `${value} pods that may be missing`,
          changed(({ workloads }) => (workloads[0].maxUnavailable = value)),
          'workloads.0.maxUnavailable: expected a number of pods from 1 on, or a percentage from 1% to 100%',
        ] as const,
    ),
    ['a pod twice', changed(({ pods }) => (pods[1].name = 'web-0')), 'pods.1: its name is there twice'],
  ];
  for (const [what, content, message] of bad) {
    it(`refuses ${what}`, async () => {
      const path = await folder.write('t.json', content);
      expect(await inputError(() => readTopologyFile(path)))
        .to.include(message)
        .and.include(path);
    });
  }

  it('refuses what cannot be read', async () => {
    expect(await inputError(() => readTopologyFile(folder.file('none')))).to.equal(
      `${folder.file('none')}: no such file`,
    );
  });
});
