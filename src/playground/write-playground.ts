import { readFile, writeFile } from 'node:fs/promises';
import { OutputError } from '../report/output-error.js';
import { packageFile } from '../package-files.js';

/** The page, which `npm run build` bundles beside this module. */
const PAGE = packageFile('dist/src/playground/playground.html');

/**
 * Writes the playground to a file: one page that needs no network and no other file.
 * @throws OutputError where it cannot be written
 */
export async function writePlayground(path: string): Promise<void> {
  const page = await readFile(PAGE);
  await OutputError.guard(path, () => writeFile(path, page));
}
