import { readFileSync } from 'node:fs';
import { packageFile } from './package-files.js';

/** Name and version of this program, from its package. */
export const TOOL = readPackage(packageFile('package.json'));

function readPackage(path: URL): { readonly name: string; readonly version: string } {
  const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name: string; version: string };
  return { name, version };
}
