import { readFileSync } from 'node:fs';

/** Name and version of this program, from its package. */
export const TOOL = readPackage(new URL('../../package.json', import.meta.url));

function readPackage(path: URL): { readonly name: string; readonly version: string } {
  const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name: string; version: string };
  return { name, version };
}
