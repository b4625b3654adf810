import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A file of the package, by its path in it. */
export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/** What `npm pack` makes. */
export interface Packed {
  readonly filename: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly files: readonly PackedFile[];
}

/** Runs npm, or another program beside it, with the Node that runs this test. @returns its standard output */
export async function withNpm(program: 'npm' | 'npx', args: readonly string[], cwd: string): Promise<string> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const { stdout } = await execute(program, args, { cwd, env: { ...process.env, PATH: path } });
  return stdout;
}

/** Packs what the last build made, into a folder; without one, only tells what would be packed. */
export async function pack(folder?: string): Promise<Packed> {
  const place = folder === undefined ? ['--dry-run'] : ['--pack-destination', folder];
  const [packed] = JSON.parse(await withNpm('npm', ['pack', '--json', '--ignore-scripts', ...place], ROOT)) as Packed[];
  return packed;
}

/** Installs a tarball into a folder of its own, without a network and without anything that npm has seen before. */
export function installOffline(tarball: string, folder: string): Promise<string> {
  return withNpm('npm', ['install', '--offline', '--cache', join(folder, '.npm'), tarball], folder);
}
