import { expect } from 'chai';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finish, Workplace } from './command.js';

/** A cluster of ten pods with one Secret each, updated at independent times. */
const EXPERIMENT = `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: mine}
spec:
  warmup: 1m
  duration: 20m
  cluster: {nodes: 10, podsPerNode: 1, serviceAccountMaterial: none}
  objects: [{name: own, kind: Secret, scope: pod}]
  timeline: [{every: 100s, from: 10s, jitter: 90s, update: own}]
`;

/** Delays as even as the law of a sync interval of 60 to 90 s would have them; `scale` stretches them. */
const delays = (scale: number): string =>
  `delay_s,pod\n${Array.from({ length: 60 }, (_, i) => `${(((i + 0.5) / 60) * 75 * scale).toFixed(3)},p`).join('\n')}\n`;

describe('validate', function () {
  this.timeout(60_000);
  let place: Workplace;

  beforeEach(async () => {
    place = await Workplace.make();
    await place.write('mine.yaml', EXPERIMENT);
  });
  afterEach(() => place.remove());

  it('recomputes a part, prints a verdict per row and writes it to results/validation', async () => {
    const { code, out } = await place.run(['validate', '--only', 'closed-forms', '--workers', '1', '--quiet']);
    expect(code).to.equal(0);
    expect(out)
      .to.match(/^41 of 41 rows agree/m)
      .and.to.contain('results/validation/closed-forms.csv');
    expect(await place.list('results/validation')).to.deep.equal(['closed-forms.csv']);
    const committed = await readFile(new URL('../../../results/validation/closed-forms.csv', import.meta.url), 'utf8');
    expect(await place.read('results/validation/closed-forms.csv')).to.equal(committed);
  });

  it('holds the simulation to laboratories of one’s own, by folder, and refuses one that lacks what is needed', async () => {
    const folder = fileURLToPath(new URL('../../../experiments/validation', import.meta.url));
    await cp(folder, join(place.path, 'mine'), { recursive: true });
    const command = ['validate', '--only', 'restarts', '--workers', '1', '--quiet', '-o', 'json'];
    const { code, out } = await place.call([...command, '--laboratory', 'mine']);
    // Why the rows of the one that is shipped miss is known; of a laboratory of one's own nobody knows.
    expect(code).to.equal(3);
    const [table] = JSON.parse(out) as { rows: { release: string; laboratory: string; verdict: string }[] }[];
    expect(new Set(table.rows.map(({ release, laboratory }) => `${release} ${laboratory}`))).to.deep.equal(
      new Set(['1.20 mine']),
    );
    expect(table.rows.some(({ verdict }) => verdict === 'agrees')).to.equal(true);
    expect(await place.list('.')).to.not.include('results');
    await rm(join(place.path, 'mine', 'pods.csv'));
    const refused = await place.call([...command, '--laboratory', 'mine']);
    expect(refused.code).to.equal(2);
    expect(refused.err).to.contain('mine: has no pods.csv or pods.csv.gz');
    const both = await place.call([
      'validate',
      '--measured',
      'd.csv',
      '--experiment',
      'mine.yaml',
      '--laboratory',
      'x',
    ]);
    expect(both.err).to.contain('--laboratory belongs to the built-in validations');
  });

  it('compares measured delays and prints for programs, too; files are written with --out only', async () => {
    await place.write('delays.csv', delays(1));
    const command = ['validate', '--measured', 'delays.csv', '--experiment', 'mine.yaml', '--replications', '20'];
    const { code, out, err } = await place.call([...command, '-o', 'json', '--out', 'v']);
    expect(code).to.equal(0);
    const [table] = JSON.parse(out) as { name: string; rows: { statistic: string; verdict: string }[] }[];
    expect(table.rows.map(({ verdict }) => verdict)).to.deep.equal(Array.from(table.rows, () => 'agrees'));
    expect(err).to.contain('not grouped by 1 other columns: --by COLUMN');
    expect(await place.list('v')).to.deep.equal(['measured.csv']);
  });

  it('has exit code 3 where a row misses', async () => {
    await place.write('delays.csv', delays(1.5));
    const command = ['validate', '--measured', 'delays.csv', '--experiment', 'mine.yaml', '--replications', '20'];
    const { code, out } = await place.call([...command, '--quiet']);
    expect(code).to.equal(3);
    expect(out).to.match(/delay_p90_s .* misses/);
  });

  it('refuses what it cannot do, names what is allowed, and writes nothing', async () => {
    await place.write('delays.csv', delays(1));
    const refused = async (...args: string[]): Promise<string> => {
      const { code, err } = await place.call(['validate', ...args]);
      expect(code, args.join(' ')).to.equal(2);
      return err;
    };
    expect(await refused('--only', 'closed-form')).to.match(/--only: expected closed-forms, .*did you mean/);
    expect(await refused('--measured', 'delays.csv')).to.contain('--measured and --experiment belong together');
    expect(await refused('--measured', 'd.csv', '--experiment', 'mine.yaml')).to.contain('d.csv: no such file');
    const both = ['--measured', 'delays.csv', '--experiment', 'mine.yaml'];
    expect(await refused(...both, '--by', 'node')).to.contain('has no column of a name that --by gives');
    expect(await refused(...both, '--from', 'commit')).to.match(/--from: expected sent or acknowledged or committed/);
    expect(await refused(...both, '--allowance', '2')).to.contain('--allowance: expected a number from 0 to below 1');
    expect(await refused(...both, '--only', 'storm')).to.contain('--only chooses among the built-in validations');
    expect(await place.list('.')).to.have.members(['delays.csv', 'mine.yaml']);
  });

  it('can be interrupted, and then writes nothing', async () => {
    await place.write('delays.csv', delays(1));
    const both = ['--measured', 'delays.csv', '--experiment', 'mine.yaml'];
    const child = place.start(['validate', ...both, '--replications', '1000', '--workers', '1', '--out', 'v']);
    const finished = finish(child);
    // It tells of its progress when a tenth is done.
    child.stderr?.once('data', () => child.kill('SIGINT'));
    const { code, err } = await finished;
    expect(code).to.equal(130);
    expect(err).to.contain('interrupted: nothing was written');
    expect(await place.list('.')).to.deep.equal(['delays.csv', 'mine.yaml']);
  });
});
