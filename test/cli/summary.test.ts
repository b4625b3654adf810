import { expect } from 'chai';
import { Workplace } from './command.js';

const EXPERIMENT = `
apiVersion: secretsim/v1
kind: Experiment
metadata: {name: gate}
spec:
  replications: 2
  duration: 3m
  cluster: {kubernetesVersion: '1.33', nodes: 3, podsPerNode: 2}
  objects: [{name: ca, kind: Secret, scope: cluster}]
  timeline: [{at: 10s, update: ca}]
  slos: ['last_pod_max_s < 95', 'delay_p50_s < 1']
`;

describe('--summary', () => {
  let place: Workplace;

  before(async () => {
    place = await Workplace.make();
    await place.write('gate.yaml', EXPERIMENT);
  });
  after(() => place.remove());

  it('writes the verdicts beside the answer, again when a finished result is asked', async () => {
    // What a CI server hands over is there already.
    await place.write('page.md', '');
    const args = ['run', 'gate.yaml', '--workers', '1', '--summary', 'junit=slo.xml', '--summary', 'markdown=page.md'];
    expect((await place.call(args)).code).to.equal(3);
    const written = await place.read('slo.xml');
    expect(written).to.include('tests="2" failures="1"');
    expect(await place.read('page.md')).to.match(/^## gate: 1 of 2 SLOs missed\n/);
    expect((await place.call([...args.slice(0, -1), 'markdown=again.md'])).code).to.equal(3);
    expect(await place.read('again.md')).to.equal(await place.read('page.md'));
  });

  it('is that of the whole where shards are merged, and of both scenarios where a change is asked for', async () => {
    for (const shard of ['1/2', '2/2']) {
      await place.call(['run', 'gate.yaml', '--workers', '1', '--shard', shard, '--out', 'parts']);
    }
    const merged = await place.call(['merge', 'parts', '--out', 'merged', '--summary', 'junit=merged.xml']);
    expect(merged.code).to.equal(3);
    expect(await place.read('merged.xml')).to.equal(await place.read('slo.xml'));
    const asked = ['whatif', 'gate.yaml', '--upgrade', '1.37', '--workers', '1', '--summary', 'junit=whatif.xml'];
    expect((await place.call(asked)).code).to.equal(3);
    expect(await place.read('whatif.xml')).to.include('<testsuite name="now');
  });

  it('says that there are no verdicts where nothing is asked', async () => {
    const args = ['run', 'gate.yaml', '--set', 'slos=[]', '--replications', '1', '--workers', '1', '--out', 'free'];
    const { code, err } = await place.call([...args, '--summary', 'junit=free.xml']);
    expect(code).to.equal(0);
    expect(err).to.include('the experiment has no SLOs (spec.slos), so that there are no verdicts');
    expect(await place.read('free.xml')).to.include('tests="0"');
  });

  for (const [what, args, message] of [
    ['no form', ['--summary', 'slo.xml'], '--summary: expected junit=FILE or markdown=FILE'],
    ['a misspelt form', ['--summary', 'juint=slo.xml'], 'did you mean junit?'],
    ['no file', ['--summary', 'junit='], '--summary: expected junit=FILE'],
    ['one file twice', ['--summary', 'junit=a', '--summary', 'markdown=a'], 'two summaries cannot be one file'],
    ['a folder', ['--summary', 'junit=.'], 'is a directory'],
    ['one run', ['--summary', 'junit=a', '--only', 's001-r001'], '--summary is about the whole experiment'],
    ['a shard', ['--summary', 'junit=a', '--shard', '1/2'], 'give --summary to merge'],
  ] as const) {
    it(`refuses ${what} before anything is run`, async () => {
      const { code, out, err } = await place.call(['run', 'gate.yaml', '--out', 'nothing', ...args]);
      expect(code).to.equal(2);
      expect(err).to.include(message);
      expect(out).to.equal('');
      expect(await place.list('nothing')).to.equal(null);
    });
  }
});
