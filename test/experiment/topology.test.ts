import { expect } from 'chai';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TopologyFile } from '../../src/cluster/model/topology-file.js';
import { clusterSize } from '../../src/experiment/language/cluster-size.js';
import { experimentWith, TemporaryFiles } from './temporary-files.js';

const TOPOLOGY: TopologyFile = {
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: [{ name: 'worker-1' }, { name: 'worker-2' }],
  objects: [
    { namespace: 'payments', name: 'db-credentials', kind: 'Secret', size: 100 },
    { namespace: 'payments', name: 'settings', kind: 'Secret', size: 100 },
    { namespace: 'payments', name: 'settings', kind: 'ConfigMap', size: 100 },
    { namespace: 'payments', name: 'absent', kind: 'Secret', size: 0, missing: true },
  ],
  pods: [
    {
      namespace: 'payments',
      name: 'api-0',
      node: 0,
      workload: 'payments/api',
      uses: [{ object: 0, as: 'volume', volume: 0 }],
    },
    {
      namespace: 'payments',
      name: 'api-1',
      node: 1,
      workload: 'payments/api',
      uses: [
        { object: 0, as: 'volume', volume: 0 },
        { object: 2, as: 'env' },
      ],
    },
  ],
};

describe('an experiment on a real cluster', () => {
  const files = new TemporaryFiles();
  before(() => files.write('cluster.json', JSON.stringify(TOPOLOGY)));
  after(() => files.remove());
  const imported = (spec: string): string => experimentWith(`cluster: {topology: cluster.json}\n${spec}`);

  it('takes nodes, pods and objects from the topology file beside it', async () => {
    const { scenarios, inputs, spec } = await files.load(
      imported('timeline: [{at: 1m, update: payments/db-credentials}]'),
    );
    const { cluster } = scenarios[0].input;
    expect(cluster).to.deep.equal({ type: 'imported', file: TOPOLOGY });
    expect(clusterSize(cluster)).to.deep.equal({ nodes: 2, pods: 2, objects: 4, consumers: 3 });
    expect(inputs.map(({ path }) => path)).to.deep.equal(['cluster.json']);
    expect(inputs[0].sha256).to.match(/^[0-9a-f]{64}$/);
    expect(spec.cluster).not.to.have.any.keys('nodes', 'podsPerNode', 'namespaces', 'deploymentReplicas');
  });

  it('takes the actions on pods and nodes, as far as its nodes allow', async () => {
    const timeline = '{at: 1m, replace: payments/db-credentials}, {at: 2m, rollout: {}}, {at: 3m, removeNodes: 1}';
    const { scenarios } = await files.load(imported(`timeline: [${timeline}]`));
    expect(scenarios[0].input.timeline.map(({ action }) => action)).to.deep.equal([
      'replace',
      'rollout',
      'removeNodes',
    ]);
    expect((await files.problems(imported('timeline: [{at: 1m, removeNodes: 2}]')))[0]).to.include(
      'spec.timeline.0.removeNodes: 2 nodes are there at 1m, and one has to stay',
    );
    expect((await files.problems(imported('timeline: [{at: 1m, replace: payments/absent}]')))[0]).to.include(
      'only recreate can act on it',
    );
  });

  it('reads the file once for all scenarios', async () => {
    const { scenarios, inputs } = await files.load(imported('factors: {kubelet.syncFrequency: [10s, 1m]}'));
    const [first, second] = scenarios.map(({ input }) => input.cluster);
    expect(first.type === 'imported' && second.type === 'imported' && first.file === second.file).to.equal(true);
    expect(inputs).to.have.length(1);
  });

  it('finds the topology relative to the file that names it', async () => {
    mkdirSync(join(files.directory, 'below'));
    const base = files.write('below/base.yaml', experimentWith('cluster: {topology: ../cluster.json}'));
    const over = files.write('over.yaml', 'spec: {seed: b}\n');
    const problems = await files.problemsOf([base, over], { set: ['timeline=[{at: 1m, update: nobody}]'] });
    expect(problems[0]).to.include('the cluster has no such object');
  });

  it('excludes counts, objects and a preset, each at its place', async () => {
    const problems = await files.problems(
      experimentWith(
        'cluster: {topology: cluster.json, nodes: 3, podsPerNode: 2}\nobjects: [{name: a, kind: Secret, scope: pod}]',
      ),
    );
    expect(problems.map((problem) => problem.replace(/: a topology file.*/, ''))).to.deep.equal([
      'experiment.yaml:5:44: spec.cluster.nodes',
      'experiment.yaml:5:60: spec.cluster.podsPerNode',
      'experiment.yaml:6:12: spec.objects',
    ]);
    expect((await files.problems(imported('preset: kind-3')))[0]).to.match(/spec\.preset: a topology file already/);
  });

  it('acts on objects by namespace and name, and by kind where both are called so', async () => {
    const message = async (entry: string): Promise<string> =>
      (await files.problems(imported(`timeline: [{at: 1m, ${entry}}]`)))[0].replace(/^.*?timeline\.0\.\w+: /, '');
    expect(await message('update: payments/db-credential')).to.include('did you mean payments/db-credentials?');
    expect(await message('update: payments/settings')).to.equal(
      'a Secret and a ConfigMap both have this name: add kind: Secret or kind: ConfigMap',
    );
    expect(await message('update: payments/db-credentials, kind: ConfigMap')).to.include(
      'is a Secret, not a ConfigMap',
    );
    expect(await message('update: payments/absent')).to.include('the cluster has no such object');
    const { scenarios } = await files.load(
      imported('timeline: [{at: 1m, update: payments/settings, kind: Secret}, {at: 2m, recreate: payments/absent}]'),
    );
    expect(scenarios[0].input.timeline[0]).to.deep.include({ target: 'payments/settings', kind: 'Secret' });
  });

  it('takes a pattern for the objects that it matches, and says what was nearly matched', async () => {
    const message = async (entry: string): Promise<string> =>
      (await files.problems(imported(`timeline: [{at: 1m, ${entry}}]`)))[0].replace(/^.*?timeline\.0\.\w+: /, '');
    const { scenarios } = await files.load(imported("timeline: [{at: 1m, update: 'payments/*', kind: Secret}]"));
    expect(scenarios[0].input.timeline[0]).to.deep.include({ target: 'payments/*', kind: 'Secret' });
    expect(await message("update: 'paymnts/*'")).to.equal(
      'the pattern matches no object: no namespace is called so; did you mean payments?',
    );
    expect(await message("delete: 'pay*/db-credental?'")).to.equal(
      'the pattern matches none of 4 objects; did you mean db-credentials?',
    );
    expect(await message("replace: '*/db-*', kind: ConfigMap")).to.equal('the pattern matches no ConfigMap');
    expect(await message("recreate: 'payments/abs*'")).to.include('name one to recreate it');
    expect(await message("markImmutable: 'db-*'")).to.include('is namespace/name, such as payments/*');
  });

  it('enlarges the cluster of the topology, as a factor or for all scenarios', async () => {
    const { scenarios, inputs } = await files.load(imported('factors: {cluster.scale: [1, 2]}'));
    expect(scenarios.map(({ input }) => clusterSize(input.cluster).pods)).to.deep.equal([2, 4]);
    expect(inputs).to.have.length(1);
    const scaled = (scale: number) => files.load(experimentWith(`cluster: {topology: cluster.json, scale: ${scale}}`));
    const hashes = [await scaled(1), await scaled(2), await scaled(3)].map(({ hash }) => hash);
    expect(hashes[0]).to.equal((await files.load(imported(''))).hash);
    expect(new Set(hashes).size).to.equal(3);
    expect((await files.problems(experimentWith('cluster: {scale: 2}')))[0]).to.match(
      /:5:\d+: spec\.cluster\.scale: enlarges the cluster of a topology file, and there is none/,
    );
    expect(await files.problems(imported('factors: {cluster.scale: [1, 100001]}'))).to.deep.equal([
      'experiment.yaml:6:32: spec.cluster.scale: a cluster of 2 nodes, 2 pods and 3 uses of an object by a pod can be ' +
        'made at most 100000 times as large',
    ]);
  });

  it('reports a topology that cannot be read together with other problems', async () => {
    const problems = await files.problems(experimentWith('cluster: {topology: nowhere.json}\ntimeline: [{at: 1m}]'));
    expect(problems.some((problem) => problem.includes('5:23: spec.cluster.topology: no such file'))).to.equal(true);
    expect(problems.some((problem) => problem.includes('exactly one action'))).to.equal(true);
  });

  it('has another hash with another topology', async () => {
    const first = await files.load(imported('seed: a'));
    files.write('cluster.json', JSON.stringify({ ...TOPOLOGY, nodes: [...TOPOLOGY.nodes, { name: 'worker-3' }] }));
    const second = await files.load(imported('seed: a'));
    files.write('cluster.json', JSON.stringify(TOPOLOGY));
    expect(second.hash).not.to.equal(first.hash);
  });
});
