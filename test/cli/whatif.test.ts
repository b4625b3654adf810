import { expect } from 'chai';
import { Workplace } from './command.js';

const node = (name: string) => ({
  kind: 'Node',
  metadata: { name },
  status: { nodeInfo: { kubeletVersion: 'v1.30.1' } },
});
const secret = (name: string) => ({
  kind: 'Secret',
  metadata: { name, namespace: 'shop' },
  data: { key: Buffer.from('hush-hush').toString('base64') },
});
const pod = (name: string, nodeName: string, secretName: string) => ({
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    ownerReferences: [{ kind: 'StatefulSet', name: 'web', controller: true }],
  },
  spec: { nodeName, containers: [], volumes: [{ name: 'v', secret: { secretName } }] },
  status: { phase: 'Running' },
});
const DUMP = JSON.stringify({
  kind: 'List',
  items: [node('n1'), node('n2'), secret('keys'), secret('tls'), pod('web-0', 'n1', 'keys'), pod('web-1', 'n2', 'tls')],
});
const QUICK = ['--replications', '2', '--set', 'duration=5m', '--quiet', '--workers', '1'];

describe('whatif', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
    await place.write('dump.json', DUMP);
    await place.write('a.yaml', 'kind: KubeletConfiguration\nconfigMapAndSecretChangeDetectionStrategy: Cache\n');
    await place.write('b.yaml', 'kind: KubeletConfiguration\nsyncFrequency: 20s\n');
    await place.call(['import', '--cluster', 'dump.json', '--kubelet', 'a.yaml', '-f', 'mine.yaml']);
  });
  after(() => place.remove());

  const ALL = ['--kubelet', 'b.yaml', '--upgrade', '1.37', '--scale', '2', '--update', 'shop/*'];

  it('tells in one command what the whole change does, from an imported experiment', async () => {
    const { code, out } = await place.call(['whatif', 'mine.yaml', ...ALL, ...QUICK]);
    expect(code).to.equal(0);
    expect(out).to.match(
      /^what if: cluster\.kubernetesVersion 1\.30 → 1\.37, kubelet\.\w+Strategy Cache → Watch, kubelet\.syncFrequency 1m → 20s, cluster\.scale 1 → 2 \(2 nodes, 2 pods → 4 nodes, 4 pods\)$/m,
    );
    expect(out).to.match(/^now: .*half of them after/m);
    expect(out).to.match(/^what if: every .*half of them after/m);
    expect(out).to.match(/^difference to now\n +what if\n/m);
    expect(await place.list()).not.to.include('results');
  });

  it('says the same of the dump, with the configuration that the cluster has', async () => {
    const ask = async (...args: readonly string[]): Promise<unknown> => {
      const { out } = await place.call(['whatif', ...args, ...ALL, ...QUICK, '-o', 'json']);
      const { scenarios } = JSON.parse(out) as { readonly scenarios: unknown };
      return scenarios;
    };
    expect(await ask('dump.json', '--kubelet-now', 'a.yaml')).to.deep.equal(await ask('mine.yaml'));
  });

  it('writes results with the topology of a dump, of which a report can be made, and no value of a Secret', async () => {
    const args = ['whatif', 'dump.json', '--scale', '1.5', ...QUICK, '--out', 'r'];
    expect((await place.call(args)).code).to.equal(0);
    expect(await place.list('r')).to.include.members(['runs.csv', 'groups.csv', 'cluster.topology.json.gz']);
    expect(await place.read('r/runs.csv')).to.match(/,what if,1,/);
    expect(await place.read('r/groups.csv')).to.contain(',owner,StatefulSet shop/web,');
    for (const name of (await place.list('r')) ?? []) expect(await place.read(`r/${name}`)).not.to.contain('hush');
    expect((await place.call(['report', 'r'])).code).to.equal(0);
    const again = await place.call(args);
    expect(again.code).to.equal(0);
    expect(again.err).to.contain('complete');
  });

  it('asks only of the cluster as it is where nothing is to change, and keeps the exit code of an SLO', async () => {
    const { code, out } = await place.call([
      ...['whatif', 'mine.topology.json.gz', '--release', '1.30', '--update', 'shop/*', ...QUICK],
      ...['--set', 'slos=["last_pod_max_s < 1"]'],
    ]);
    expect(code).to.equal(3);
    expect(out).to.match(/^now: 2 nodes, 2 pods; nothing is changed/);
    expect(out).to.match(/^now: .*half of them after/m);
  });

  it('refuses what it cannot answer, in one line', async () => {
    const problem = async (...args: readonly string[]): Promise<string> => {
      const { code, err } = await place.call(['whatif', ...args, '--quiet']);
      expect(code).to.equal(2);
      return err;
    };
    expect(await problem('mine.yaml', '--update', 'shpo/*')).to.contain('did you mean shop?');
    expect(await problem('mine.yaml', '--scale', '0.5')).to.contain('--scale: expected a number from 1');
    expect(await problem('mine.yaml', '--upgrade', '1.30')).to.contain('the kubelets are of 1.30 already');
    expect(await problem('missing.json')).to.contain('missing.json: no such file');
  });
});
