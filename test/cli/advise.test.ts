import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { Workplace } from './command.js';

const IMPORTED = fileURLToPath(new URL('../../../experiments/imported-rotation/', import.meta.url));
const REAL = `${IMPORTED}cluster.json.gz`;

describe('advise', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.make();
  });
  afterEach(() => place.remove());

  it('says first what marking saves, then which objects, what is left alone, and how long old keys are needed', async () => {
    const { code, out, err } = await place.run(['advise', REAL]);
    expect(code).to.equal(0);
    expect(out).to.match(/^Marking 497 objects immutable saves 824 of 1,064 watches \(77.4 %\):/);
    expect(out).to.match(/^Secret default\/shared +48 .* unchanged since its creation/m);
    expect(out).to.match(/^already immutable +56 +0$/m);
    expect(out).to.match(/^Secret default\/shared +92 s +480/m);
    expect(err).to.contain('were created less than 720h before');
  });

  it('says that nothing is saved under the strategy of the KubeletConfiguration, which is Cache', async () => {
    const { out } = await place.call(['advise', REAL, '--kubelet', `${IMPORTED}kubelet.yaml`]);
    expect(out).to.match(/^Under Cache marking objects immutable saves nothing/);
    expect(out)
      .to.contain('would save 824')
      .and.to.match(/^Secret default\/shared +392 s/m);
  });

  it('writes the commands to a script and the objects to a CSV file, and replaces them only when forced', async () => {
    const args = ['advise', REAL, '-f', 'patch.sh', '--out', 'objects.csv', '-o', 'csv'];
    const { code, out } = await place.call(args);
    expect(code).to.equal(0);
    const commands = (await place.read('patch.sh')).split('\n').filter((line) => line.startsWith('kubectl '));
    expect(commands).to.have.lengthOf(497);
    expect(commands[0]).to.match(
      /^kubectl patch --namespace=default secret\/shared --type=merge -p '\{"metadata":\{"resourceVersion":"\d+"\},"immutable":true\}' # 48 watches$/,
    );
    const rows = parse<Record<string, string>>(await place.read('objects.csv'), { columns: true });
    expect(rows.filter((row) => row['advice'] === 'mark')).to.have.lengthOf(497);
    expect(rows[0]).to.include({ kind: 'Secret', name: 'shared', watches_saved: '48', overlap_s: '92' });
    expect(out).to.equal(await place.read('objects.csv'));
    const again = await place.call(args);
    expect(again.code).to.equal(2);
    expect(again.err).to.contain('exists already');
    expect((await place.call([...args, '--force'])).code).to.equal(0);
  });

  it('prints JSON for programs', async () => {
    const { out } = await place.call(['advise', REAL, '-o', 'json']);
    const advice = JSON.parse(out) as { saved: Record<string, number>; objects: unknown[] };
    expect(advice.saved).to.include({ watches: 824, storm_reconnects: 824, apiserver_memory_bytes: 824 * 98 * 1024 });
    expect(advice.objects).to.have.lengthOf(573);
  });

  it('quotes names for the shell', async () => {
    const name = "it's $(boom)";
    const metadata = { name, namespace: 'a b', creationTimestamp: '2025-01-01T00:00:00Z' };
    const items = [
      { kind: 'Node', metadata: { name: 'n' } },
      { kind: 'Secret', metadata },
      {
        kind: 'Pod',
        metadata: { name: 'p', namespace: 'a b' },
        spec: { nodeName: 'n', volumes: [{ name: 'v', secret: { secretName: name } }] },
      },
    ];
    const { code } = await place.call(
      ['advise', '-', '-f', 'patch.sh'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    );
    expect(code).to.equal(0);
    expect(await place.read('patch.sh')).to.contain(
      `kubectl patch --namespace='a b' 'secret/it'\\''s $(boom)' --type=merge -p '{"immutable":true}'`,
    );
  });

  it('refuses what is no dump with exit code 2 and writes nothing', async () => {
    for (const [args, message] of [
      [[IMPORTED], 'an imported experiment'],
      [[`${IMPORTED}experiment.topology.json.gz`], 'an imported experiment'],
      [['nowhere.json'], 'no such file'],
      [[], 'advise needs a FILE'],
      [[REAL, '--unchanged-for', '30d'], 'Go has no days'],
    ] as const) {
      const { code, out, err } = await place.call(['advise', ...args, '-f', 'patch.sh']);
      expect(code, message).to.equal(2);
      expect(out).to.equal('');
      expect(err).to.contain(message);
    }
    expect(await place.list()).to.be.empty;
  });
});
