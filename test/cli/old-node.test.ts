import { expect } from 'chai';
import { transform } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { PROGRAM } from './command.js';

describe('a version of Node that is too old', () => {
  it('is told so in one line, with the exit code of bad usage, whatever the command', () => {
    for (const [version, args] of [
      ['18.20.8', ['--version']],
      ['20.10.0', ['run', 'experiment.yaml']],
    ] as const) {
      const faked = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', faked, PROGRAM, ...args], {
        encoding: 'utf8',
      });
      expect(stderr).to.equal(
        `secretsim needs Node.js 20.19 or newer; this is ${version} (nodejs.org has newer ones)\n`,
      );
      expect(stdout).to.equal('');
      expect(status).to.equal(2);
    }
  });

  it('finds nothing in the first file that it does not understand', async () => {
    const source = (await readFile(PROGRAM, 'utf8')).replace(/^#!.*\n/, '');
    const text = async (target: string): Promise<string> => (await transform(source, { target })).code;
    // Nothing has to be put in other words for it.
    expect(await text('node12.22')).to.equal(await text('esnext'));
    const imports = [...source.matchAll(/^import\b.*?from '([^']*)'|^import '([^']*)'/gm)].map(([, name]) => name);
    expect(imports.filter((name) => !name.startsWith('node:'))).to.deep.equal([]);
    expect(source).to.include('import("./start-');
  });
});
