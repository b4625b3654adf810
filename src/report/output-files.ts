import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../experiment/language/values/input-error.js';
import { tryToWrite } from '../files/operations.js';
import { finishInterrupted, putTogether, type OutputFile } from '../files/write-together.js';
import { OutputError } from './output-error.js';

export type { OutputFile } from '../files/write-together.js';

/**
 * Refuses files that are there already and must not be replaced, and what is in the place of files. Finishes before what
 * a killed process has left of them. Throws an InputError, or an OutputError for folders that cannot be written to.
 */
export async function refuseExisting(paths: readonly string[], force: boolean): Promise<void> {
  await finishInterrupted(paths).catch(() => undefined);
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() === true) throw new InputError([`${path}: is a directory; name the file to be written`]);
    if (found !== null && !found.isFile()) throw new InputError([`${path}: is a device; name the file to be written`]);
    if (found !== null && !force) throw new InputError([`${path}: exists already; --force replaces it`]);
  }
  for (const path of paths) await OutputError.guard(path, () => tryToWrite(dirname(path)));
}

/**
 * Writes files of one command together, or none: each under a random temporary name and flushed to the disk, and only
 * when all are there are they put in place. Throws an OutputError, after which the old files are as they were.
 */
export function writeTogether(files: readonly OutputFile[]): Promise<void> {
  return putTogether(files, (path, operation) => OutputError.guard(path, operation));
}
