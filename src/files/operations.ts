import { constants } from 'node:fs';
import { access, copyFile, link, lstat, mkdir, open, rename, rm, rmdir, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { besideName, ownToken } from './beside-names.js';

/** What changes the disk: everything that this program does to files goes through this module. */
export type Operation = 'create' | 'write' | 'sync' | 'rename' | 'remove' | 'folder' | 'link';

/** Told of each operation before it happens; what it throws happens instead. */
export type Watcher = (operation: Operation, path: string) => void;

let watcher: Watcher | null = null;

/** Has a watcher told of every operation from now on: tests end the program at one of them. null: nobody. */
export function watchOperations(next: Watcher | null): void {
  watcher = next;
}

function announce(operation: Operation, path: string): void {
  watcher?.(operation, path);
}

/** A file being written. */
export class NewFile {
  private readonly path: string;
  private readonly handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
  }

  /** Makes a file that must not exist; a link of this name is not followed. */
  static async create(path: string): Promise<NewFile> {
    announce('create', path);
    return new NewFile(path, await open(path, 'wx'));
  }

  async write(bytes: Uint8Array): Promise<void> {
    announce('write', this.path);
    await this.handle.writeFile(bytes);
  }

  /** Waits until the disk has it. */
  async sync(): Promise<void> {
    announce('sync', this.path);
    await this.handle.sync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Writes a whole new file and waits until the disk has it; where that fails there is none. */
export async function writeNewFile(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const file = await NewFile.create(path);
  try {
    try {
      for (const chunk of chunks) await file.write(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await removeFile(path).catch(() => undefined);
    throw error;
  }
}

/** Replaces a file by one that exists either completely or not at all. */
export async function replaceFile(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = besideName(path, ownToken(), 'tmp');
  await writeNewFile(temporary, chunks);
  try {
    await renameFile(temporary, path);
  } catch (error) {
    await removeFile(temporary).catch(() => undefined);
    throw error;
  }
}

/** Makes a file that must not exist, with its content at once: nobody finds a piece of it. Throws where it is there. */
export async function placeFile(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = besideName(path, ownToken(), 'tmp');
  await writeNewFile(temporary, chunks);
  try {
    if (!(await keepFile(temporary, path))) throw new Error(`${temporary} was removed by another program`);
  } finally {
    await removeFile(temporary).catch(() => undefined);
  }
}

export async function renameFile(from: string, to: string): Promise<void> {
  announce('rename', to);
  await rename(from, to);
}

/** Removes a file or a link, if it is there; never a folder. */
export async function removeFile(path: string): Promise<void> {
  announce('remove', path);
  await rm(path, { force: true });
}

/** Removes a folder if it is empty. */
export async function removeEmptyFolder(path: string): Promise<void> {
  announce('remove', path);
  try {
    await rmdir(path);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].some((code) => isSystemError(error, code))) throw error;
  }
}

/** Errors of file systems that have no second name for a file. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

/** Keeps a file under a second name. @returns false where there is none to keep */
export async function keepFile(path: string, kept: string): Promise<boolean> {
  announce('link', path);
  try {
    await link(path, kept);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    if (!NO_LINKS.some((code) => isSystemError(error, code))) throw error;
    await copyFile(path, kept, constants.COPYFILE_EXCL);
    return true;
  }
}

/**
 * Makes a folder and those around it. (Node's own recursive way tries for ever where a part of the path is a link to
 * nowhere.)
 * @returns those that were not there, outermost first
 */
export async function makeFolder(path: string): Promise<readonly string[]> {
  const made: string[] = [];
  if (await tryFolder(path, made)) return made;
  const parent = dirname(path);
  if (parent === path) throw notThere(path);
  made.push(...(await makeFolder(parent)));
  if (!(await tryFolder(path, made))) throw notThere(path);
  return made;
}

/** @returns false where the folder around it is missing */
async function tryFolder(path: string, made: string[]): Promise<boolean> {
  if (await isFolder(path)) return true;
  announce('folder', path);
  try {
    await mkdir(path);
    made.push(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    if (isSystemError(error, 'EEXIST') && (await isFolder(path))) return true;
    throw error;
  }
}

function notThere(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, mkdir '${path}'`), {
    code: 'ENOENT',
    syscall: 'mkdir',
    path,
  });
}

/** Finds out whether a folder can be written to, before long work is done for it; leaves nothing behind. */
export async function tryToWrite(folder: string): Promise<void> {
  const made = await makeFolder(folder);
  try {
    await access(folder, constants.W_OK);
  } finally {
    for (const path of made.toReversed()) await removeEmptyFolder(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** Whether there is a link of this name, wherever it leads. */
export async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isSymbolicLink() === true;
}

/** Whether an error is one of the operating system's with this code. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
