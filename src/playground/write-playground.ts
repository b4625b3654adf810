import { open, readFile } from 'node:fs/promises';
import { isSystemError } from '../files/operations.js';
import { finishInterrupted } from '../files/write-together.js';
import { packageFile } from '../package-files.js';
import { OutputError } from '../report/output-error.js';
import { refuseExisting, writeTogether } from '../report/output-files.js';

/** The page, as `npm run bundle` made it. */
const PAGE = packageFile('dist/pages/playground.html');

/** How a page of ours begins, of this version or another, and where that stands at the latest. */
const TITLE = '<title>secretsim playground</title>';
const HEAD_BYTES = 4096;

/**
 * Writes the playground to a file: one page that needs no network and no other file. An earlier page is replaced.
 * @param force replaces any file
 * @throws InputError where the file is there and no page of ours
 * @throws OutputError where it cannot be written
 */
export async function writePlayground(path: string, force = false): Promise<void> {
  await finishInterrupted([path]).catch(() => undefined);
  await refuseExisting([path], force || (await isPlayground(path)));
  await writeTogether([{ path, bytes: await readFile(PAGE) }]);
}

async function isPlayground(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('latin1', 0, bytesRead).includes(TITLE);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'EACCES', 'ENOTDIR'].some((code) => isSystemError(error, code))) return false;
    throw error instanceof Error ? new OutputError(path, error) : error;
  }
}
