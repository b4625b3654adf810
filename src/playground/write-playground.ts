import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { OutputError } from '../report/output-error.js';

/** The page, which `npm run build` bundles beside this module. */
export const PLAYGROUND_PAGE = fileURLToPath(new URL('./playground.html', import.meta.url));

/**
 * Writes the playground to a file: one page that needs no network and no other file.
 * @throws OutputError where it cannot be written
 */
export async function writePlayground(path: string): Promise<void> {
  await OutputError.guard(path, () => copyFile(PLAYGROUND_PAGE, path));
}
