import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { finish, Workplace } from './command.js';

const RESULT_FILES = [
  'bounds.csv',
  'columns.csv',
  'datapackage.json',
  'delays.csv',
  'load.csv',
  'manifest.json',
  'paired.csv',
  'runs.csv',
  'summary.csv',
  'updates.csv',
];

/** An experiment of two scenarios that takes a fraction of a second; `spec` replaces or adds lines. */
function experimentText(spec = ''): string {
  return `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: small}
spec:
  replications: 2
  warmup: 2m
  duration: 5m
  cluster: {nodes: 5, podsPerNode: 4, namespaces: 2, deploymentReplicas: 4}
  objects:
    - {name: app-tls, kind: Secret, scope: deployment}
  timeline:
    - {at: 30s, update: app-tls}
  factors:
    kubelet.configMapAndSecretChangeDetectionStrategy: [Watch, Get]
${spec}`;
}

/** One worker starts sooner than two, and such runs need no more. */
const RUN = ['run', 'small.yaml', '--workers', '1'];

describe('run', () => {
  let place: Workplace;

  beforeEach(async () => {
    place = await Workplace.make();
    await place.write('small.yaml', experimentText());
  });
  afterEach(() => place.remove());

  it('writes the results to results/<name> and prints the answer', async () => {
    const { code, out, err } = await place.run(['run', 'small.yaml']);
    expect(code).to.equal(0);
    expect(out).to.contain('Watch').and.to.contain('Get').and.to.contain('p99').and.to.contain('results/small');
    expect(err).to.match(/^small: 4\/4 runs, 100 %/m);
    expect(await place.list('results/small')).to.deep.equal(RESULT_FILES);
    const runs = (await place.read('results/small/runs.csv')).trimEnd().split('\n');
    expect(runs).to.have.lengthOf(5);
    expect(runs[1]).to.match(/^s001-r001,small,.*,1,1\/r1,Watch,/);
  });

  it('prints JSON and CSV for programs, and nothing else with --quiet', async () => {
    const json = await place.call([...RUN, '-o', 'json', '--quiet']);
    expect(json.err).to.equal('');
    const answer = JSON.parse(json.out) as { complete: boolean; scenarios: unknown[] };
    expect(answer.complete).to.be.true;
    expect(answer.scenarios).to.have.lengthOf(2);
    const csv = await place.call([...RUN, '-o', 'csv', '--quiet', '--out', 'other']);
    expect(csv.out.split('\n')[0]).to.contain('delay_p99_s');
  });

  it('gives the same result with one worker and two, lazy and eager', async () => {
    await place.call(['run', 'small.yaml', '--out', 'one', '--workers', '1']);
    await place.call(['run', 'small.yaml', '--out', 'two', '--workers', '2']);
    await place.call([...RUN, '--out', 'eager', '--eager']);
    const one = await place.result('one');
    expect(await place.result('two')).to.deep.equal(one);
    expect(await place.result('eager')).to.deep.equal(one);
  });

  it('reads an experiment from standard input, with settings from the command line', async () => {
    const args = ['run', '-', '--seed', '0012', '--replications', '1', '--set', 'duration=6m', '-o', 'csv'];
    const { code } = await place.run(args, experimentText());
    expect(code).to.equal(0);
    const manifest = JSON.parse(await place.read('results/small/manifest.json')) as Record<string, unknown>;
    expect(manifest).to.include({ seed: '0012', replications: 1 });
    expect(manifest['spec']).to.include({ duration: '6m' });
  });

  it('ends with exit code 3 when an SLO is missed', async () => {
    await place.write('strict.yaml', experimentText('  slos: ["delay_max_s < 1"]\n'));
    const { code, out } = await place.run(['run', 'strict.yaml']);
    expect(code).to.equal(3);
    expect(out).to.contain('missed');
    expect(await place.list('results/small')).to.deep.equal(RESULT_FILES);
  });

  it('keeps samples on request', async () => {
    await place.call([...RUN, '--samples', 'all']);
    expect(await place.list('results/small')).to.include('samples.csv');
    expect((await place.read('results/small/samples.csv')).split('\n')).to.have.length.above(4 * 20);
  });

  it('writes and runs nothing with --dry-run', async () => {
    const { code, out, err } = await place.call([...RUN, '--dry-run']);
    expect(code).to.equal(0);
    expect(out).to.contain('small: 2 scenarios × 2 replications = 4 runs');
    expect(out).to.match(/^strategy=Watch +5 +20 +\d+ +\d+ +2$/m);
    expect(err).to.equal('');
    expect(await place.list()).to.deep.equal(['small.yaml']);
    const json = JSON.parse((await place.call([...RUN, '--dry-run', '-o', 'json'])).out) as unknown[];
    expect(json[1]).to.deep.include({ scenario: 'strategy=Get', nodes: 5, pods: 20, runs: 2 });
  });

  it('refuses bad input with exit code 2, naming file, line and column, and writes nothing', async () => {
    await place.write('bad.yaml', experimentText('  durration: 5m\n'));
    const { code, out, err } = await place.run(['run', 'bad.yaml']);
    expect(code).to.equal(2);
    expect(out).to.equal('');
    expect(err)
      .to.match(/^bad\.yaml:15:3: /)
      .and.to.contain('duration');
    expect(await place.list()).to.deep.equal(['bad.yaml', 'small.yaml']);
  });

  describe('--only', () => {
    it('replays a run and prints its metrics, without files', async () => {
      await place.call(RUN);
      const rows = (await place.read('results/small/runs.csv')).split('\n');
      const replay = await place.call([...RUN, '--only', 's002-r001', '-o', 'csv', '--quiet']);
      expect(replay.code).to.equal(0);
      expect(replay.err).to.equal('');
      expect(replay.out).to.equal(`${rows[0]}\n${rows[3]}\n`);
      const table = await place.call([...RUN, '--only', 's002-r001']);
      expect(table.out)
        .to.match(/^s002-r001: strategy=Get, seed 1\/r1/)
        .and.to.match(/^delay_p99_s +\d/m);
      expect(await place.list()).to.deep.equal(['results', 'small.yaml']);
    });

    it('writes files with --out, but not over a result', async () => {
      const args = [...RUN, '--only', 's001-r002', '--samples', 'all', '--out', 'one'];
      expect((await place.call(args)).code).to.equal(0);
      expect(await place.list('one')).to.deep.equal([...RESULT_FILES, 'samples.csv'].sort());
      const again = await place.call(args);
      expect(again.code).to.equal(2);
      expect(again.err).to.contain('--force');
    });

    it('holds its folder, which a second process says and stops, until it ends or is killed', async () => {
      const single = [...RUN, '--only', 's001-r001', '--out', 'one'];
      const child = place.start([...single, '--set', 'cluster.nodes=20000', '--set', 'duration=200h']);
      while (!((await place.list('one/.secretsim-parts')) ?? []).includes('lock')) await setTimeout(2);
      for (const second of [single, [...single, '--force'], [...RUN, '--out', 'one']]) {
        const { code, err } = await place.run(second);
        expect(code).to.equal(2);
        expect(err).to.contain(`process ${child.pid ?? ''} is running an experiment into this folder`);
      }
      child.kill('SIGKILL');
      await finish(child);
      expect(await place.list('one')).to.deep.equal(['.secretsim-parts']);
      expect((await place.call(single)).code).to.equal(0);
      expect(await place.list('one')).to.deep.equal([...RESULT_FILES].sort());
    });

    it('refuses a run that does not exist', async () => {
      const { code, err } = await place.call([...RUN, '--only', 's003-r001']);
      expect(code).to.equal(2);
      expect(err).to.contain('has no such run').and.to.contain('s001-r001 to s002-r002');
    });
  });

  describe('on a folder that holds something', () => {
    it('does not compute a complete result again unless forced', async () => {
      const { out } = await place.call(RUN);
      const again = await place.call(RUN);
      expect(again.code).to.equal(0);
      expect(again.err).to.contain('complete').and.to.contain('--force');
      expect(again.out).to.equal(out);
      const forced = await place.call([...RUN, '--force']);
      expect(forced.code).to.equal(0);
      expect(forced.out).to.contain('p99');
    });

    it('does not replace the result of other settings unless forced', async () => {
      await place.call(RUN);
      const before = await place.result('results/small');
      const other = await place.call([...RUN, '--seed', '2']);
      expect(other.code).to.equal(2);
      expect(other.err).to.contain('other settings').and.to.contain('--force').and.to.contain('--out');
      expect(await place.result('results/small')).to.deep.equal(before);
      expect((await place.call([...RUN, '--seed', '2', '--force'])).code).to.equal(0);
      expect(await place.result('results/small')).not.to.deep.equal(before);
    });

    it('does not replace a manifest.json of somebody else', async () => {
      await place.write('manifest.json', '{"name": "my web site"}');
      const { code, err } = await place.call([...RUN, '--out', '.']);
      expect(code).to.equal(2);
      expect(err).to.contain('manifest.json was not written by secretsim');
      expect(await place.list()).to.deep.equal(['manifest.json', 'small.yaml']);
    });
  });

  it('reports an output folder that cannot be made with exit code 1, before it computes', async () => {
    const { code, out, err } = await place.run(['run', 'small.yaml', '--out', 'small.yaml/results']);
    expect(code).to.equal(1);
    expect(out).to.equal('');
    expect(err).to.equal('cannot write small.yaml/results: a part of the path is a file, not a directory\n');
  });

  describe('that is interrupted', () => {
    const LONG = [...RUN, '--replications', '50', '--out', 'cut'];
    /** The result of a process that nothing interrupts. */
    let uncut: Readonly<Record<string, unknown>>;

    before(async () => {
      const other = await Workplace.make();
      await other.write('small.yaml', experimentText());
      expect((await other.call(LONG)).code).to.equal(0);
      uncut = await other.result('cut');
      await other.remove();
    });

    /** Starts runs that take a while and waits until the first ones are kept. */
    async function startLong(): Promise<ChildProcess> {
      const child = place.start(LONG);
      for (;;) {
        const kept = (await place.list('cut/.secretsim-parts')) ?? [];
        if (kept.filter((name) => name.endsWith('.bin')).length >= 3) return child;
        await setTimeout(2);
      }
    }
    async function expectSameAsFresh(): Promise<void> {
      const resumed = await place.call(LONG);
      expect(resumed.code).to.equal(0);
      expect(resumed.err).to.match(/\d+ resumed/);
      expect(await place.result('cut')).to.deep.equal(uncut);
    }

    it('by SIGINT keeps what had finished, ends with exit code 130, and goes on to the same result', async () => {
      const child = await startLong();
      child.kill('SIGINT');
      const { code, out, err } = await finish(child);
      expect(code).to.equal(130);
      expect(out).to.equal('');
      expect(err).to.match(
        /^interrupted: (1 run|\d+ runs) had finished; (it is|they are) kept, and the same command goes on$/m,
      );
      expect(await place.list('cut')).to.deep.equal(['.secretsim-parts']);
      await expectSameAsFresh();
    });

    it('by kill -9 goes on to the same result too', async () => {
      const child = await startLong();
      child.kill('SIGKILL');
      await finish(child);
      await expectSameAsFresh();
    });

    it('by kill -9 again and again, from its start to the writing of its files, goes on to the same result', async () => {
      // Where each falls depends on the machine: before the first run, among the runs, while files are written.
      for (const afterMs of [250, 350, 500, 800]) {
        const child = place.start(LONG);
        const finished = finish(child);
        await Promise.race([setTimeout(afterMs), finished]);
        child.kill('SIGKILL');
        await finished;
        const left = (await place.list('cut')) ?? [];
        expect(left.includes('manifest.json') || left.every((name) => name.startsWith('.'))).to.equal(true);
      }
      expect((await place.call(LONG)).code).to.equal(0);
      expect(await place.result('cut')).to.deep.equal(uncut);
    });

    it('refuses other settings, and says what to do', async () => {
      const child = await startLong();
      child.kill('SIGTERM');
      expect((await finish(child)).code).to.equal(130);
      const { code, err } = await place.call([...RUN, '--out', 'cut']);
      expect(code).to.equal(2);
      expect(err).to.contain('other settings').and.to.contain('--force').and.to.contain('--out');
    });

    it('keeps a second process away while it runs', async () => {
      const child = await startLong();
      const { code, err } = await place.run(LONG);
      expect(code).to.equal(2);
      expect(err).to.contain(`process ${child.pid ?? ''} is running`);
      child.kill('SIGINT');
      await finish(child);
    });
  });
});
