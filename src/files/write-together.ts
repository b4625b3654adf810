import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type BesideName, besideName, isAbandoned, ownToken, parseBesideName } from './beside-names.js';
import { keepFile, makeFolder, removeFile, renameFile, writeNewFile } from './operations.js';

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
  const token = ownToken();
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

/** What is left of a command that was killed while it wrote files together. */
export interface Interrupted {
  /** All its files were ready: putting these in place is all that is left to do. Empty: there is nothing to be saved. */
  readonly moves: readonly Move[];
  /** What nobody needs. */
  readonly remains: readonly string[];
}

/**
 * Finds what killed processes have left of a `putTogether` of these files, together with the other files of the same
 * folders that were written with them.
 */
export async function findInterrupted(paths: readonly string[]): Promise<readonly Interrupted[]> {
  const folders = new Set(paths.map((path) => dirname(path)));
  const found = (await Promise.all([...folders].map(besideNames))).flat();
  const wanted = new Set(paths.map((path) => join(dirname(path), basename(path))));
  const tokens = new Set(found.filter(({ to, token }) => token !== '' && wanted.has(to)).map(({ token }) => token));
  const left = await Promise.all(
    [...tokens].map(async (token): Promise<readonly Interrupted[]> => {
      const own = found.filter((each) => each.token === token);
      const abandoned = await Promise.all(own.map(({ from }) => isAbandoned(from)));
      if (!abandoned.every(Boolean)) return [];
      const begun = own.some(({ role }) => role === 'tmp');
      const moves = begun ? [] : own.filter(({ role }) => role === 'ready');
      return [{ moves, remains: own.filter((each) => !moves.includes(each)).map(({ from }) => from) }];
    }),
  );
  return left.flat();
}

/** Finishes what killed processes have left: puts their files in place if all were ready, else removes what there is. */
export async function finishInterrupted(paths: readonly string[]): Promise<void> {
  for (const { moves, remains } of await findInterrupted(paths)) {
    for (const { from, to } of moves) await renameFile(from, to);
    for (const path of remains) await removeFile(path);
  }
}

/** The names in a folder that stand beside other files. */
async function besideNames(folder: string): Promise<readonly (BesideName & Move)[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const parts = parseBesideName(name);
    return parts === null ? [] : [{ ...parts, from: join(folder, name), to: join(folder, parts.target) }];
  });
}
