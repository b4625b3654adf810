import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMITTED = join(ROOT, 'results/imported-rotation');

function run(command: string, args: readonly string[], shell = false): { status: number | null; output: string } {
  const { status, stdout } = spawnSync(command, args, { cwd: ROOT, shell, encoding: 'utf8' });
  return { status, output: stdout };
}

/** The command behind `npm start`, and the folder that it writes to. */
function startScript(): { readonly command: string; readonly folder: string } {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return { command: scripts.start, folder: /--out (\S+)/.exec(scripts.start)?.[1] ?? 'results/imported-rotation' };
}

describe('npm start', () => {
  const { command, folder } = startScript();
  const status = (): string => run('git', ['status', '--porcelain', '--', 'results', 'experiments']).output;
  let clean = '';
  let answer = '';

  before(() => {
    clean = status();
    const started = run(command, [], true);
    expect(started.status).to.equal(0);
    answer = started.output;
  });

  it('answers as the README shows it', () => {
    const shown = readFileSync(join(ROOT, 'README.md'), 'utf8').match(/^```\n(Watch: [^]*?)^```/m);
    expect(answer.startsWith(shown?.[1] ?? 'what the README does not show')).to.equal(true);
  });

  it('gives the committed tables, byte for byte', () => {
    const tables = readdirSync(COMMITTED).filter((name) => name.endsWith('.csv'));
    expect(tables).to.include('runs.csv');
    expect(readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.csv'))).to.deep.equal(tables);
    for (const name of tables) {
      const [written, committed] = [join(ROOT, folder), COMMITTED].map((path) => readFileSync(join(path, name)));
      expect(written.equals(committed), name).to.equal(true);
    }
  });

  it('leaves the working tree as it was, although times of execution differ', function () {
    if (!existsSync(join(ROOT, '.git')) || run('git', ['--version']).status !== 0) this.skip();
    expect(run('git', ['check-ignore', `${folder}/manifest.json`]).status, `${folder} is ignored`).to.equal(0);
    expect(status()).to.equal(clean);
  });
});
