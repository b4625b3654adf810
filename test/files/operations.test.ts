import { expect } from 'chai';
import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, replaceFile, tryToWrite } from '../../src/files/operations.js';
import { writePlayground } from '../../src/playground/write-playground.js';
import { writeTogether } from '../../src/report/output-files.js';
import { runShard } from '../../src/run/run-shard.js';
import { FAKE_WORKER, fakeExperiment } from '../experiment/fakes.js';
import { inputError, TestFolder } from '../import/kubernetes.js';

describe('file operations', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(() => folder.remove());

  const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'done',
      (error: unknown) => (error as { readonly code?: unknown }).code,
    );

  it('make folders within folders, and say which were not there', async () => {
    expect(await makeFolder(folder.file('a/b'))).to.deep.equal([folder.file('a'), folder.file('a/b')]);
    expect(await makeFolder(folder.file('a/b'))).to.deep.equal([]);
  });

  it('end at once where a folder cannot be: behind a link to nowhere or to itself, in a file, in a device', async () => {
    await symlink('nowhere', folder.file('dangling'));
    await symlink('loop', folder.file('loop'));
    await writeFile(folder.file('file'), 'x');
    for (const name of ['dangling', 'loop', 'file']) {
      expect(await codeOf(makeFolder(folder.file(name))), name).to.equal('EEXIST');
    }
    expect(await codeOf(makeFolder(folder.file('dangling/a/b')))).to.equal('EEXIST');
    expect(await codeOf(makeFolder(folder.file('loop/a')))).to.equal('ELOOP');
    expect(await codeOf(makeFolder(folder.file('file/a/b')))).to.equal('ENOTDIR');
    expect(await codeOf(makeFolder('/dev/null/a'))).to.equal('ENOTDIR');
    expect(await codeOf(makeFolder(folder.file('x'.repeat(300))))).to.equal('ENAMETOOLONG');
  });

  it('try whether a folder can be written to, and leave nothing', async () => {
    await tryToWrite(folder.file('a/b/c'));
    expect(await readdir(folder.path)).to.deep.equal([]);
  });

  it('follow no link out of the folder, under whatever name it was put there', async () => {
    await writeFile(folder.file('precious'), 'old');
    for (const name of ['.out.tmp', 'out', '.report.html.tmp']) await symlink('precious', folder.file(name));
    await replaceFile(folder.file('out'), [Buffer.from('new')]);
    await writeTogether([{ path: folder.file('other'), bytes: Buffer.from('new') }]);
    expect(await readFile(folder.file('precious'), 'utf8')).to.equal('old');
    expect((await lstat(folder.file('out'))).isFile()).to.equal(true);
  });

  it('replace a playground by a playground, and another file only by force', async () => {
    await writePlayground(folder.file('p.html'));
    await writePlayground(folder.file('p.html'));
    await writeFile(folder.file('thesis.html'), 'mine');
    expect(await inputError(() => writePlayground(folder.file('thesis.html')))).to.include('exists already; --force');
    await writePlayground(folder.file('thesis.html'), true);
    expect((await stat(folder.file('thesis.html'))).size).to.be.above(1000);
  });

  it('keep what is not ours where a shard is run, and refuse shards of another number before anything is computed', async () => {
    const experiment = fakeExperiment(['compute'], 2);
    const options = { workers: 1, workerScript: FAKE_WORKER };
    const own = folder.file('shard-1-of-2');
    await mkdir(own);
    await writeFile(join(own, 'notes.txt'), 'mine');
    await runShard(experiment, folder.path, { index: 1, count: 2 }, options);
    await runShard(fakeExperiment(['compute'], 1), folder.file('other'), { index: 2, count: 2 }, options);
    const problem = await inputError(() => runShard(experiment, folder.path, { index: 1, count: 3 }, options));
    expect(problem).to.include('has shards of 2, and this is shard 1 of 3').and.to.include('--shard I/2');
    expect(await readdir(own)).to.include('notes.txt');
    expect(await readdir(folder.path)).not.to.include('shard-1-of-3');
  });
});
