import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from './input-error.js';

/** Locks that this process holds, by path. */
const held = new Set<string>();

/** Times that a lock is taken over before a race with others is given up. */
const ATTEMPTS = 2;

/**
 * Takes a lock file that names this process, so that two processes do not write to one folder.
 * A lock whose process has ended is taken over.
 * @throws InputError when another process that is alive, or this one, holds it
 */
export async function takeLock(path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      if (held.has(path)) throw lockedBy(process.pid, path);
      await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
      held.add(path);
      return;
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) {
        // On a full disk the file is made and stays empty.
        if (!held.has(path)) await rm(path, { force: true }).catch(() => undefined);
        throw error;
      }
      if (attempt === ATTEMPTS) throw error;
      await removeStale(path);
    }
  }
}

/** Gives a lock back that `takeLock` took. */
export async function releaseLock(path: string): Promise<void> {
  if (held.delete(path)) await rm(path, { force: true });
}

/**
 * Removes the lock of a process that has ended. It is renamed before it is judged, so that of two
 * processes that find it only one judges it, and a lock taken meanwhile is not removed unseen.
 */
async function removeStale(path: string): Promise<void> {
  const owner = await readOwner(path);
  if (owner !== null && isAlive(owner)) throw lockedBy(owner, path);
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw error;
  }
  const moved = await readOwner(aside);
  if (moved !== owner && moved !== null && isAlive(moved)) {
    await rename(aside, path);
    throw lockedBy(moved, path);
  }
  await rm(aside, { force: true });
}

/** The process that a lock names; null where there is no lock or nothing legible in it. */
async function readOwner(path: string): Promise<number | null> {
  try {
    const pid = Number.parseInt(await readFile(path, 'utf8'), 10);
    return pid > 0 ? pid : null;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Whether another process has this number. Ours means a predecessor's lock: in containers numbers repeat. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}

function lockedBy(pid: number, path: string): InputError {
  return new InputError([
    `${dirname(path)}: process ${pid} is running an experiment into this folder; ` +
      `wait for it or choose another --out (if that process is not secretsim, remove ${path})`,
  ]);
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
