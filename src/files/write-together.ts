import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  besideName,
  keepFile,
  makeFolder,
  parseBesideName,
  randomToken,
  removeFile,
  renameFile,
  writeNewFile,
} from './operations.js';

/** A file to be written. */
export interface OutputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes files together, or none of them. Each is written under a random name (`.tmp`) and flushed; when all are there
 * they are declared `.ready`; then they are put in place. A kill before the last is ready leaves the old files, and
 * `finishInterrupted` puts the rest in place after a later one. An error at any step brings the old files back.
 * @param guard is given each path with what is done to it, to make an error of its own
 */
export async function putTogether(
  files: readonly OutputFile[],
  guard: <T>(path: string, operation: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const token = randomToken();
  const names = (role: 'tmp' | 'ready'): string[] => files.map(({ path }) => besideName(path, token, role));
  try {
    for (const { path, bytes } of files) {
      await guard(dirname(path), () => makeFolder(dirname(path)));
      await guard(path, () => writeNewFile(besideName(path, token, 'tmp'), [bytes]));
    }
    for (const { path } of files) {
      await guard(path, () => renameFile(besideName(path, token, 'tmp'), besideName(path, token, 'ready')));
    }
    await replaceAll(
      files.map(({ path }) => ({ from: besideName(path, token, 'ready'), to: path })),
      token,
      guard,
    );
  } catch (error) {
    // What cannot be removed was never made; the first error is the one to report.
    await Promise.allSettled([...names('tmp'), ...names('ready')].map(removeFile));
    throw error;
  }
}

/** A file that is ready, and its place. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * Renames files to their places, in order; an error on the way brings back what was there before.
 * @param outdated files that are removed with it, before any is put in place
 */
export async function replaceAll(
  moves: readonly Move[],
  token: string,
  guard: <T>(path: string, operation: () => Promise<T>) => Promise<T>,
  outdated: readonly string[] = [],
): Promise<void> {
  const kept: { readonly path: string; readonly old: string | null }[] = [];
  try {
    for (const path of new Set([...outdated, ...moves.map(({ to }) => to)])) {
      const old = besideName(path, token, 'old');
      kept.push({ path, old: (await guard(path, () => keepFile(path, old))) ? old : null });
    }
    for (const path of outdated) await guard(path, () => removeFile(path));
    for (const { from, to } of moves) await guard(to, () => renameFile(from, to));
  } catch (error) {
    for (const { path, old } of kept.toReversed()) {
      // The first error is the one to report; what cannot be brought back stays under its second name.
      await (old === null ? removeFile(path) : bringBack(old, path)).catch(() => undefined);
    }
    throw error;
  }
  // All is in place: what cannot be removed now is removed the next time.
  await Promise.allSettled(kept.flatMap(({ old }) => (old === null ? [] : [removeFile(old)])));
}

/** Of two names of one file, a renaming leaves both. */
async function bringBack(old: string, path: string): Promise<void> {
  await renameFile(old, path);
  await removeFile(old);
}

/**
 * Finishes what a killed process has left of a `putTogether` of these files: puts them in place if all were ready, else
 * removes what there is of them.
 */
export async function finishInterrupted(paths: readonly string[]): Promise<void> {
  const found = (
    await Promise.all(
      paths.map(async (path) => {
        const names = await readdir(dirname(path)).catch(() => []);
        return names.flatMap((name) => {
          const parts = parseBesideName(name);
          return parts?.target === basename(path) ? [{ path, ...parts }] : [];
        });
      }),
    )
  ).flat();
  for (const token of new Set(found.map((each) => each.token))) {
    const own = found.filter((each) => each.token === token);
    const begun = own.some(({ role }) => role === 'tmp');
    for (const { path, role } of own) {
      if (token === '') continue;
      const name = besideName(path, token, role as 'tmp' | 'ready' | 'old');
      if (role === 'ready' && !begun) await renameFile(name, path);
      else await removeFile(name);
    }
  }
}
