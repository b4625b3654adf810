import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../experiment/input-error.js';
import { OutputError } from './output-error.js';

/** A file to be written. */
export interface OutputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Refuses files that are there already and must not be replaced, and directories in the place of files.
 * Throws an InputError.
 */
export async function refuseExisting(paths: readonly string[], force: boolean): Promise<void> {
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() === true) throw new InputError([`${path}: is a directory; name the file to be written`]);
    if (found !== null && !force) throw new InputError([`${path}: exists already; --force replaces it`]);
  }
}

/**
 * Writes files of one folder together: each under a temporary name and flushed to the disk, and only when
 * all are there are they renamed. Throws an OutputError, after which no new file is left.
 */
export async function writeTogether(files: readonly OutputFile[]): Promise<void> {
  const temporary = ({ path }: OutputFile): string => join(dirname(path), `.${basename(path)}.tmp`);
  const created: string[] = [];
  try {
    for (const file of files) {
      await OutputError.guard(dirname(file.path), () => mkdir(dirname(file.path), { recursive: true }));
      await OutputError.guard(file.path, () => writeFlushed(temporary(file), file.bytes));
    }
    for (const file of files) {
      const isNew = await isAbsent(file.path);
      await OutputError.guard(file.path, () => rename(temporary(file), file.path));
      if (isNew) created.push(file.path);
    }
  } catch (error) {
    // What cannot be removed was never made; the first error is the one to report.
    await Promise.allSettled([...files.map(temporary), ...created].map((path) => rm(path, { force: true })));
    throw error;
  }
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isAbsent(path: string): Promise<boolean> {
  return access(path).then(
    () => false,
    () => true,
  );
}
