import { open, readFile, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { besideName, ownToken, randomToken } from '../../files/beside-names.js';
import { isSystemError, placeFile, removeFile, renameFile } from '../../files/operations.js';
import { hostMark, isRunning, markOf, type ProcessMark } from '../../files/owner.js';
import { InputError } from '../language/values/input-error.js';

/** Who holds a lock. */
export interface Owner extends ProcessMark {
  /** Random: tells this lock from every other. */
  readonly token: string;
}

/** Locks that this process holds, by path. */
const held = new Set<string>();

/** Times that a lock is taken over before a race with others is given up. */
const ATTEMPTS = 2;

/** A holder touches its lock this often. */
const BEAT_MS = 3_000;

/** A lock of another machine that nobody touches for so long has lost its holder. */
const PATIENCE_MS = 5 * BEAT_MS;

/** How a lock is taken. */
export interface LockOptions {
  /** How long a lock of another machine is watched before it counts as left behind. */
  readonly patienceMs?: number;
}

/** A lock that was lost: the folder is another process's now, and nothing more may be written to it. */
class LockLostError extends Error {
  readonly code = 'ELOCKLOST';
  readonly syscall = 'lock';
}

/** A lock file that names this process, so that two processes do not write to one folder. */
export class FolderLock {
  private readonly path: string;
  private readonly token: string;
  private readonly beat: NodeJS.Timeout;

  private constructor(path: string, token: string) {
    this.path = path;
    this.token = token;
    held.add(path);
    this.beat = setInterval(() => {
      // A beat that is missed is no harm; that the lock is still ours is checked before each write.
      utimes(path, new Date(), new Date()).catch(() => undefined);
    }, BEAT_MS).unref();
  }

  /**
   * Takes a lock. One whose process has ended is taken over.
   * @throws InputError when another process that is alive, or this one, holds it
   */
  static async take(path: string, { patienceMs = PATIENCE_MS }: LockOptions = {}): Promise<FolderLock> {
    const owner = ownerOf(process.pid);
    for (let attempt = 0; ; attempt++) {
      if (held.has(path)) throw lockedBy(owner, path);
      try {
        await placeFile(path, [Buffer.from(`${JSON.stringify(owner)}\n`)]);
        return new FolderLock(path, owner.token);
      } catch (error) {
        if (!isSystemError(error, 'EEXIST') || attempt === ATTEMPTS) throw error;
        await removeStale(path, patienceMs);
      }
    }
  }

  /** Throws where the lock is no longer this process's own. */
  async check(): Promise<void> {
    const owner = await readOwner(this.path);
    if (owner?.token === this.token) return;
    throw new LockLostError('another process has taken the folder over');
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    clearInterval(this.beat);
    if (!held.delete(this.path)) return;
    if ((await readOwner(this.path))?.token === this.token) await removeFile(this.path);
  }
}

/** What a lock of a process of this machine says. */
export function ownerOf(pid: number): Owner {
  return { ...markOf(pid), token: randomToken() };
}

/**
 * Removes the lock of a process that has ended. It is renamed before it is judged again, so that of two
 * processes that find it only one judges it, and a lock taken meanwhile is not removed unseen.
 */
async function removeStale(path: string, patienceMs: number): Promise<void> {
  const owner = await readOwner(path);
  if (owner !== null && (await isAlive(owner, path, patienceMs))) throw lockedBy(owner, path);
  const aside = besideName(path, ownToken(), 'old');
  try {
    await renameFile(path, aside);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw error;
  }
  const moved = await readOwner(aside);
  if (moved !== null && moved.token !== owner?.token) {
    await renameFile(aside, path);
    throw lockedBy(moved, path);
  }
  await removeFile(aside);
}

/** Who a lock names; null where there is no lock or nothing legible in it. */
async function readOwner(path: string): Promise<Owner | null> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner> | null;
    const { host, pid, start, token } = owner ?? {};
    return typeof host === 'string' && typeof pid === 'number' && typeof start === 'string' && typeof token === 'string'
      ? { host, pid, start, token }
      : null;
  } catch (error) {
    if (error instanceof SyntaxError || isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Whether the holder of a lock still runs. On another machine only its beat can tell. */
async function isAlive(owner: Owner, path: string, patienceMs: number): Promise<boolean> {
  return isRunning(owner) ?? (await isTouched(path, patienceMs));
}

/** Watches a file. It is opened each time: network file systems then ask for its true time. */
async function isTouched(path: string, patienceMs: number): Promise<boolean> {
  const first = await touchedAt(path);
  await wait(patienceMs);
  const last = await touchedAt(path);
  return last !== null && last !== first;
}

async function touchedAt(path: string): Promise<number | null> {
  try {
    const handle = await open(path, 'r');
    try {
      return (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

function lockedBy({ pid, host }: Owner, path: string): InputError {
  const where = host === hostMark() ? '' : ' on another machine or in another container';
  return new InputError([
    `${dirname(path)}: process ${pid}${where} is running an experiment into this folder; ` +
      `wait for it or choose another --out (if that process is not secretsim, remove ${path})`,
  ]);
}
