import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import modules from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../src/cli/compiled-code.js';
import { PROGRAM } from './command.js';

describe('what Node has compiled of the program', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'secretsim-cache-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** The program, started with a place of its own for what programs keep. */
  function start(place: string): void {
    const env = { ...process.env, XDG_CACHE_HOME: place, NODE_COMPILE_CACHE: undefined };
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, '--version'], { encoding: 'utf8', env });
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  }

  it('is kept in the folder of the user for such things', () => {
    expect(cacheFolder('linux', {}, '/home/ada')).to.equal('/home/ada/.cache/secretsim');
    expect(cacheFolder('linux', { XDG_CACHE_HOME: '/fast' }, '/home/ada')).to.equal('/fast/secretsim');
    expect(cacheFolder('darwin', {}, '/Users/ada')).to.equal('/Users/ada/Library/Caches/secretsim');
    // A path that is not absolute is to be ignored (XDG Base Directory Specification).
    expect(cacheFolder('linux', { XDG_CACHE_HOME: 'here' }, '/home/ada')).to.equal('/home/ada/.cache/secretsim');
    expect(cacheFolder('linux', {}, '')).to.equal(null);
    expect(cacheFolder('win32', {}, 'C:\\Users\\ada')).to.equal(null);
  });

  it('is kept by versions of Node that can, and by the others nothing is', () => {
    start(folder);
    const kept = readdirSync(folder);
    expect(kept).to.deep.equal('enableCompileCache' in modules ? ['secretsim'] : []);
  });

  it('is left where nothing can be kept', () => {
    writeFileSync(join(folder, 'file'), '');
    start(join(folder, 'file'));
    expect(readdirSync(folder)).to.deep.equal(['file']);
  });
});
