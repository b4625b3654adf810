import { expect } from 'chai';
import { finish, Workplace } from './command.js';

/** One run of four million consumers: large enough that its nodes are worth sharing. */
const LARGE = `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: large}
spec:
  replications: 1
  duration: 10m
  cluster: {nodes: 1000, podsPerNode: 100}
  objects:
${Array.from({ length: 40 }, (_, i) => `    - {name: secret-${i}, kind: Secret, scope: cluster}`).join('\n')}
  timeline:
    - {at: 1m, update: secret-1}
`;

const PROGRESS = /^large: 0\/1 runs, [1-9]\d? %, elapsed [\dhms]+, left [\dhms]+$/m;

describe('a large run on several threads', () => {
  let place: Workplace;

  beforeEach(async () => {
    place = await Workplace.make();
    await place.write('large.yaml', LARGE);
  });
  afterEach(() => place.remove());

  it('writes the bytes that it writes on one', async () => {
    for (const workers of [1, 3]) {
      const { code, err } = await place.run(['run', 'large.yaml', '--workers', `${workers}`, '--out', `on-${workers}`]);
      expect(code, err).to.equal(0);
    }
    const files = (await place.list('on-1'))?.filter((name) => name.endsWith('.csv')) ?? [];
    expect(files).to.include.members(['runs.csv', 'updates.csv', 'load.csv', 'delays.csv']);
    for (const name of files) expect(await place.read(`on-3/${name}`), name).to.equal(await place.read(`on-1/${name}`));
    const countedIn = async (folder: string): Promise<unknown> => {
      const text = await place.read(`${folder}/manifest.json`);
      const { execution } = JSON.parse(text) as { execution: { runs: object[] } };
      // How many random numbers are drawn hangs on which reflectors are walked side by side.
      return execution.runs.map((run) => ({ ...run, wall_s: null, draws: null }));
    };
    expect(await countedIn('on-3')).to.deep.equal(await countedIn('on-1'));
  });

  it('tells how much of it is done, and ends with all its threads when it is interrupted', async () => {
    const large = ['run', 'large.yaml', '--set', 'cluster.nodes=20000', '--workers', '3', '--out', 'cut'];
    const child = place.start(large);
    const finished = finish(child);
    // The first lines of a busy machine may tell of less than a hundredth.
    let told = '';
    child.stderr?.on('data', (text: Buffer) => {
      told += text.toString();
      if (PROGRESS.test(told) && !child.killed) child.kill('SIGINT');
    });
    const { code, out, err } = await finished;
    expect(code).to.equal(130);
    expect(out).to.equal('');
    expect(err).to.match(PROGRESS);
    expect(err).to.match(/^interrupted before a run had finished$/m);
    expect(await place.list('cut')).to.deep.equal([]);
  });
});
