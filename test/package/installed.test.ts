import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { finish, type CommandResult } from '../cli/command.js';
import { installOffline, pack, withNpm } from './npm.js';

const ROOT = new URL('../../../', import.meta.url);

const EXPERIMENT = `
apiVersion: secretsim/v1
kind: Experiment
metadata: {name: small}
spec:
  duration: 3m
  cluster: {nodes: 5, podsPerNode: 4}
  objects: [{name: ca, kind: Secret, scope: cluster}]
  timeline: [{at: 30s, update: ca}]
`;

describe('the tarball of npm pack, installed where there is nothing else, without a network', () => {
  let folder = '';
  const run = (args: readonly string[], input = ''): Promise<CommandResult> => {
    const program = join(folder, 'node_modules/.bin/secretsim');
    return finish(spawn(process.execPath, [program, ...args], { cwd: folder, stdio: 'pipe' }), input);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secretsim-package-'));
    const { filename } = await pack(folder);
    await installOffline(join(folder, filename), folder);
    await writeFile(join(folder, 'small.yaml'), EXPERIMENT);
  });
  after(() => rm(folder, { recursive: true }));

  it('brings no other package', async () => {
    const names = await readdir(join(folder, 'node_modules'));
    expect(names.filter((name) => !name.startsWith('.'))).to.deep.equal(['secretsim']);
  });

  it('is found by npx, which may not fetch anything', async () => {
    const { version } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as { version: string };
    expect(await withNpm('npx', ['--no', '--', 'secretsim', '--version'], folder)).to.equal(`${version}\n`);
  });

  it('runs an experiment on worker threads, and makes its page with the validation in it', async () => {
    const { code, out, err } = await run(['run', 'small.yaml', '--report', '--workers', '2']);
    expect(code, err).to.equal(0);
    expect(out).to.match(/^Watch: every pod has the new keys by /);
    expect(await readFile(join(folder, 'results/small/report.html'), 'utf8')).to.match(/closed forms: \d+ of \d+ rows/);
  });

  it('imports a cluster from a pipe, and runs it', async () => {
    const dump = gunzipSync(await readFile(new URL('experiments/imported-rotation/cluster.json.gz', ROOT)));
    const { code, err } = await run(['import', '--cluster', '-', '-f', 'mine.yaml'], dump.toString());
    expect(code, err).to.equal(0);
    expect((await run(['run', 'mine.yaml', '--replications', '1'])).code).to.equal(0);
  });

  it('writes the playground', async () => {
    expect((await run(['playground', '-f', 'page.html'])).code).to.equal(0);
    expect(await readFile(join(folder, 'page.html'), 'utf8')).to.include('<title>secretsim playground</title>');
  });

  it('recomputes the validation against those laboratories whose tables it has', async () => {
    const { code, out, err } = await run(['validate', '--only', 'storm', '--quiet']);
    expect(code, err).to.equal(0);
    expect(out)
      .to.match(/^4 of 6 rows agree/m)
      .and.to.contain('Misses: ');
  });

  it('compares with delays measured elsewhere', async () => {
    await writeFile(join(folder, 'measured.csv'), 'delay_s\n10\n20\n30\n40\n50\n60\n');
    const { out, err } = await run(['validate', '--measured', 'measured.csv', '--experiment', 'small.yaml']);
    expect(out, err).to.match(/^6 of 6 rows agree/m);
  });

  it('runs the example of a program that imports it', async () => {
    const page = await readFile(new URL('docs/library.md', ROOT), 'utf8');
    const example = /```ts\n([^]*?)```/.exec(page)?.[1] ?? '';
    await writeFile(join(folder, 'example.mjs'), example);
    const { code, out, err } = await finish(spawn(process.execPath, ['example.mjs'], { cwd: folder, stdio: 'pipe' }));
    expect(code, err).to.equal(0);
    expect(out).to.match(/^\d+\.\d+\nWatch: every pod has the new keys by /);
    expect(out).to.include('\nCache: ');
  });
});
