import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { Workplace } from './command.js';

const IMPORTED = fileURLToPath(new URL('../../../experiments/imported-rotation/', import.meta.url));
const REAL = `${IMPORTED}cluster.json.gz`;
/** The real cluster was set up in an hour: everything in it is young. */
const ANY_AGE = ['--unchanged-for', '0s'];

describe('advise', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.make();
  });
  afterEach(() => place.remove());

  it('says first what marking saves, then which objects, what is left alone, and how long old keys are needed', async () => {
    const { code, out } = await place.run(['advise', REAL, ...ANY_AGE]);
    expect(code).to.equal(0);
    expect(out).to.match(/^Marking 493 objects immutable saves 782 of 1,064 watches \(73.5 %\):/);
    expect(out).to.match(/^Secret default\/shared +48 .* unchanged since its creation/m);
    expect(out).to.contain('Next: -f patch.sh writes the kubectl commands');
    expect(out).to.match(/^already immutable +56 +0 +new content needs a new name and a rollout$/m);
    expect(out).to.match(/^TLS certificate +4 +42 /m);
    expect(out).to.match(/^Secret default\/shared +91\.4 s +480/m);
    expect(out).to.contain('In all 128 by env, 0 by subPath');
  });

  it('leaves a young cluster alone', async () => {
    const { out } = await place.call(['advise', REAL, '-f', 'patch.sh']);
    expect(out).to.match(/^Marking objects immutable saves none of the 1,064 open watches\./);
    expect(out).to.match(/^recently created +493 +789 +younger than --unchanged-for/m);
    expect(await place.read('patch.sh')).to.equal(
      '#!/bin/sh\n# Nothing to mark: no object that may be marked would save a watch.\n',
    );
  });

  it('says that nothing is saved under the strategy of the KubeletConfiguration, which is Cache', async () => {
    const kubelet = `${IMPORTED}kubelet.yaml`;
    const { out } = await place.call(['advise', REAL, ...ANY_AGE, '--kubelet', kubelet, '-f', 'patch.sh']);
    expect(out).to.match(/^Under Cache marking objects immutable saves nothing/);
    // The TTL of 300 s, and pods that read imagePullSecrets, too.
    expect(out)
      .to.contain('marking 493 objects would save 782')
      .and.to.match(/^saves nothing +493 /m)
      .and.to.match(/^Secret data\/db-credentials +392\.4 s/m);
    expect(await place.read('patch.sh'), 'no patch').to.match(/^#!\/bin\/sh\n# Nothing to mark: under Cache .*\n$/);
  });

  it('writes the commands to a script and the objects to a CSV file, and replaces them only when forced', async () => {
    const args = ['advise', REAL, ...ANY_AGE, '-f', 'patch.sh', '--out', 'objects.csv', '-o', 'csv'];
    const { code, out } = await place.call(args);
    expect(code).to.equal(0);
    const commands = (await place.read('patch.sh')).split('\n').filter((line) => line.startsWith('kubectl '));
    expect(commands).to.have.lengthOf(493);
    expect(commands[0]).to.match(
      /^kubectl patch --namespace=default secret\/shared --type=merge -p '\{"metadata":\{"resourceVersion":"\d+"\},"immutable":true\}' # 48 watches$/,
    );
    const rows = parse<Record<string, string>>(await place.read('objects.csv'), { columns: true });
    expect(rows.filter((row) => row['advice'] === 'mark')).to.have.lengthOf(493);
    expect(rows[0]).to.include({ kind: 'Secret', name: 'shared', watches_saved: '48', no_overlap: '' });
    expect(Number(rows[0]['overlap_s'])).to.be.within(91, 92);
    expect(out).to.equal(await place.read('objects.csv'));
    const again = await place.call(args);
    expect(again.code).to.equal(2);
    expect(again.err).to.contain('exists already');
    expect((await place.call([...args, '--force'])).code).to.equal(0);
  });

  it('prints JSON for programs', async () => {
    const { out } = await place.call(['advise', REAL, ...ANY_AGE, '-o', 'json']);
    const advice = JSON.parse(out) as { saved: Record<string, number>; objects: unknown[] };
    expect(advice.saved).to.include({ watches: 782, storm_reconnects: 782, apiserver_memory_bytes: 782 * 98 * 1024 });
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
      ['advise', '-', ...ANY_AGE, '-f', 'patch.sh'],
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
