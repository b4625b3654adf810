import { expect } from 'chai';
import { Workplace } from './command.js';

const SMALL = `
apiVersion: secretsim/v1
kind: Experiment
metadata: { name: small, question: When is the last pod updated? }
spec:
  replications: 2
  warmup: 1m
  duration: 2m
  cluster: { nodes: 5, podsPerNode: 2, namespaces: 1, serviceAccountMaterial: none }
  objects: [{ name: ca, kind: Secret, scope: cluster }]
  timeline: [{ at: 10s, update: ca }]
`;

describe('report', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
    await place.write('small.yaml', SMALL);
  });
  after(() => place.remove());

  it('writes the same page after a run as with it', async () => {
    const run = await place.run(['run', 'small.yaml', '--out', 'out', '--report', '--quiet', '--workers', '1']);
    expect(run.code).to.equal(0);
    expect(run.err).to.contain('report: out/report.html');
    const page = await place.read('out/report.html');
    expect(page).to.contain('When is the last pod updated?').and.to.contain('id="wave"');
    const report = await place.run(['report', 'out', '--quiet']);
    expect(report).to.deep.equal({ code: 0, out: 'out/report.html\n', err: '' });
    expect(await place.read('out/report.html')).to.equal(page);
  });

  it('goes with the results it is of: new ones replace it', async () => {
    const { code } = await place.call([
      'run',
      'small.yaml',
      '--out',
      'out',
      '--force',
      '--quiet',
      '--seed',
      'other',
      '--workers',
      '1',
    ]);
    expect(code).to.equal(0);
    expect(await place.list('out'))
      .to.include('runs.csv')
      .and.not.include('report.html');
  });

  it('refuses a manifest that tells of a file which is not there, or elsewhere, without a word of its name', async () => {
    await place.call(['run', 'small.yaml', '--out', 'lost', '--quiet', '--workers', '1']);
    const manifest = JSON.parse(await place.read('lost/manifest.json')) as { files: { name: string }[] };
    for (const name of ['hushed.csv', '../small.yaml', '']) {
      await place.write('lost/manifest.json', JSON.stringify({ ...manifest, files: [{ ...manifest.files[0], name }] }));
      const { code, out, err } = await place.call(['report', 'lost']);
      expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      expect(err)
        .to.match(/lost: its manifest\.json tells of a file that is not in it/)
        .and.not.to.match(/hushed|small/);
    }
  });

  it('refuses no folder, a folder without a result, and --report of a single run', async () => {
    for (const [args, message] of [
      [['report'], 'report needs one DIR'],
      [['report', '.'], 'holds no manifest.json'],
      [['run', 'small.yaml', '--only', 's001-r001', '--report'], 'give one of them'],
    ] as const) {
      const { code, err } = await place.call(args);
      expect(code).to.equal(2);
      expect(err).to.contain(message);
    }
  });
});
