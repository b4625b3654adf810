import { expect } from 'chai';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { refuseExisting, writeTogether } from '../../src/report/output-files.js';
import { OutputError } from '../../src/report/output-error.js';
import { inputError, TestFolder } from '../import/kubernetes.js';

describe('writeTogether', () => {
  let folder: TestFolder;

  beforeEach(async () => {
    folder = await TestFolder.create();
  });

  afterEach(() => folder.remove());

  const bytes = Buffer.from('new');

  /** The OutputError that writing files of these names ends in. */
  async function failure(...names: readonly string[]): Promise<OutputError> {
    try {
      await writeTogether(names.map((name) => ({ path: folder.file(name), bytes })));
    } catch (error) {
      if (error instanceof OutputError) return error;
      throw error;
    }
    throw new Error('no OutputError was thrown');
  }

  it('writes all files and leaves nothing else', async () => {
    await folder.write('b', 'old');
    await writeTogether(['a', 'b'].map((name) => ({ path: folder.file(name), bytes })));
    expect(await readdir(folder.path)).to.deep.equal(['a', 'b']);
    expect(await readFile(folder.file('b'), 'utf8')).to.equal('new');
  });

  it('writes none where one cannot be put in its place', async () => {
    await mkdir(folder.file('b'));
    expect((await failure('a', 'b')).path).to.equal(folder.file('b'));
    expect(await readdir(folder.path)).to.deep.equal(['b']);
  });

  it('says what is wrong with the folder', async () => {
    await folder.write('file', 'x');
    expect((await failure('file/a')).message).to.include('a file of this name is in the place of the directory');
    expect(await readdir(folder.path)).to.deep.equal(['file']);
  });
});

describe('refuseExisting', () => {
  it('refuses a directory even where files may be replaced', async () => {
    const folder = await TestFolder.create();
    expect(await inputError(() => refuseExisting([folder.path], true))).to.include('is a directory');
    await refuseExisting([folder.file('new')], false);
    await folder.remove();
  });
});
