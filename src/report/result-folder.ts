import { createHash, type Hash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { OutputError } from './output-error.js';

/** A file of a result, as the manifest lists it. */
export interface WrittenFile {
  readonly name: string;
  /** Rows of a table, without its header. */
  readonly rows: number;
  readonly sha256: string;
}

/**
 * A folder whose files are replaced together: each is written under a temporary name beside its place
 * and flushed to the disk; only when all are there are they renamed. After a failure the folder still
 * holds the previous result and no half-written file.
 */
export class ResultFolder {
  private readonly path: string;
  private readonly started: string[] = [];
  private readonly written: WrittenFile[] = [];

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Replaces the result in a folder, which is made if it does not exist.
   * @param isResult whether a file name belongs to a result: such files that are not written anew are removed
   * @param fill writes the files; they are put in place in the order of writing. The last one vouches for the
   * others: its predecessor is removed before any is replaced, so that a kill in between leaves no mixture that
   * passes for a result
   * @returns the paths of the files
   * @throws OutputError when the disk or the folder does not take them
   */
  static async replace(
    path: string,
    isResult: (name: string) => boolean,
    fill: (folder: ResultFolder) => Promise<void>,
  ): Promise<readonly string[]> {
    await OutputError.guard(path, () => mkdir(path, { recursive: true }));
    const folder = new ResultFolder(path);
    try {
      await fill(folder);
      return await folder.commit(isResult);
    } catch (error) {
      await Promise.all(folder.started.map((name) => rm(folder.temporary(name), { force: true })));
      throw error;
    }
  }

  /** Writes one file under its temporary name; `fill` returns the number of rows. */
  async write(name: string, fill: (file: OpenFile) => Promise<number>): Promise<void> {
    await OutputError.guard(join(this.path, name), async () => {
      this.started.push(name);
      const handle = await open(this.temporary(name), 'w');
      try {
        const file = new OpenFile(handle);
        const rows = await fill(file);
        await handle.sync();
        this.written.push({ name, rows, sha256: file.digest() });
      } finally {
        await handle.close();
      }
    });
  }

  /** The files written so far. */
  get files(): readonly WrittenFile[] {
    return this.written;
  }

  private async commit(isResult: (name: string) => boolean): Promise<readonly string[]> {
    const paths: string[] = [];
    const voucher = this.written.at(-1)?.name;
    if (voucher !== undefined) {
      const path = join(this.path, voucher);
      await OutputError.guard(path, () => rm(path, { force: true }));
    }
    for (const { name } of this.written) {
      const path = join(this.path, name);
      await OutputError.guard(path, () => rename(this.temporary(name), path));
      paths.push(path);
    }
    const kept = new Set(this.written.map((file) => file.name));
    await OutputError.guard(this.path, async () => {
      for (const name of await readdir(this.path)) {
        // A killed process may have left its temporary files.
        const target = /^\.(.+)\.tmp$/.exec(name)?.[1];
        const outdated = target === undefined ? isResult(name) && !kept.has(name) : isResult(target);
        if (outdated) await rm(join(this.path, name));
      }
    });
    return paths;
  }

  private temporary(name: string): string {
    return join(this.path, `.${name}.tmp`);
  }
}

/** A file being written: each write waits for the disk, so that a table is never in memory as a whole. */
export class OpenFile {
  private readonly handle: FileHandle;
  private readonly hash: Hash = createHash('sha256');

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    this.hash.update(bytes);
    await this.handle.writeFile(bytes);
  }

  /** SHA-256 of what was written, hexadecimal; ends the writing. */
  digest(): string {
    return this.hash.digest('hex');
  }
}
