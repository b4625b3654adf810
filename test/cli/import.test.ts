import { expect } from 'chai';
import { Workplace } from './command.js';

const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'keys', namespace: 'shop' },
  data: { key: Buffer.from('hush-hush').toString('base64') },
};
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    nodeName: 'n1',
    containers: [{ name: 'c', volumeMounts: [{ name: 'v', mountPath: '/keys' }] }],
    volumes: [{ name: 'v', secret: { secretName: 'keys' } }],
  },
  status: { phase: 'Running' },
};
const DUMP = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [NODE, SECRET, POD] });

describe('import', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.make();
  });
  afterEach(() => place.remove());

  it('makes an experiment from what kubectl prints, which run accepts as it is', async () => {
    const imported = await place.run(['import', '--cluster', '-', '-f', 'mine.yaml'], DUMP);
    expect(imported.code).to.equal(0);
    expect(imported.out).to.match(/^nodes +1 /m);
    expect(imported.out).to.match(/^most used +Secret shop\/keys: 1 pod on 1 node$/m);
    expect(await place.list()).to.deep.equal(['mine.topology.json.gz', 'mine.yaml']);
    expect(await place.read('mine.yaml')).not.to.contain('hush');
    const plan = await place.call(['run', 'mine.yaml', '--dry-run', '-o', 'json']);
    expect(plan.code).to.equal(0);
    expect((JSON.parse(plan.out) as unknown[])[0]).to.include({ nodes: 1, pods: 1 });
  });

  it('reads a folder, and gives objects that are not in it the size that is given', async () => {
    const own = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [NODE, POD] });
    await place.write('dump.json', own);
    await place.write('notes.yaml', 'a: 1');
    const args = ['import', '--cluster', '.', '--assume-size', '2Ki', '-f', 'mine.yaml'];
    const { code, out, err } = await place.call(args);
    expect(code).to.equal(0);
    expect(out).to.match(/^Secrets +1 \(1 taken to exist, 2,048 bytes/m);
    expect(out).to.match(/^API servers +3 \(assumed\)$/m);
    expect(err).to.contain('there is no Secret in the input').and.to.contain('with 2048 bytes each');
    expect((await place.call([...args, '--force', '--assume-size', '2Mi'])).code).to.equal(2);
  });

  it('prints its summary as JSON on request', async () => {
    const { out } = await place.call(['import', '--cluster', '-', '-f', 'mine.yaml', '-o', 'json'], DUMP);
    expect(JSON.parse(out)).to.deep.include({ nodes: 1, rotated: 'shop/keys' });
  });

  it('replaces files only when forced', async () => {
    await place.write('mine.yaml', 'mine');
    const refused = await place.call(['import', '--cluster', '-', '-f', 'mine.yaml'], DUMP);
    expect(refused.code).to.equal(2);
    expect(await place.list()).to.deep.equal(['mine.yaml']);
    expect((await place.call(['import', '--cluster', '-', '-f', 'mine.yaml', '--force'], DUMP)).code).to.equal(0);
  });

  it('refuses a dump that is none with exit code 2, and writes nothing', async () => {
    for (const dump of ['', '<html></html>', 'kind: List', '{"items": [']) {
      const { code, out, err } = await place.call(['import', '--cluster', '-', '-f', 'mine.yaml'], dump);
      expect(code).to.equal(2);
      expect(out).to.equal('');
      expect(err).not.to.equal('');
      expect(err).not.to.contain('    at ').and.not.to.contain('internal error');
    }
    expect(await place.list()).to.be.empty;
  });
});
