import { createHash, type Hash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { besideName, isAbandoned, ownToken, parseBesideName } from '../files/beside-names.js';
import { makeFolder, NewFile, removeFile } from '../files/operations.js';
import { replaceAll } from '../files/write-together.js';
import { OutputError } from './output-error.js';

/** A file of a result, as the manifest lists it. */
export interface WrittenFile {
  readonly name: string;
  /** Rows of a table, without its header; of a file that holds none, 0. */
  readonly rows: number;
  readonly sha256: string;
}

/** Whether a file name belongs to a result. */
export type IsResult = (name: string) => boolean;

/** Makes sure, before each change of the folder, that it is still ours. */
export type Check = () => Promise<void>;

/**
 * A folder whose files are replaced together: each is written under a random temporary name beside its place and flushed
 * to the disk; only when all are there are they renamed. After a failure the folder still holds the previous result and
 * no half-written file.
 */
export class ResultFolder {
  private readonly path: string;
  private readonly check: Check;
  private readonly token = ownToken();
  private readonly started: string[] = [];
  private readonly written: WrittenFile[] = [];

  private constructor(path: string, check: Check) {
    this.path = path;
    this.check = check;
  }

  /**
   * Replaces the result in a folder, which is made if it does not exist.
   * @param isResult such files that are not written anew are removed
   * @param fill writes the files; they are put in place in the order of writing. The last one vouches for the
   * others: its predecessor is removed before any is replaced, so that a kill in between leaves no mixture that
   * passes for a result
   * @returns the paths of the files
   * @throws OutputError when the disk or the folder does not take them
   */
  static async replace(
    path: string,
    isResult: IsResult,
    fill: (folder: ResultFolder) => Promise<void>,
    check: Check = () => Promise.resolve(),
  ): Promise<readonly string[]> {
    await OutputError.guard(path, () => makeFolder(path));
    const folder = new ResultFolder(path, check);
    try {
      await fill(folder);
      await OutputError.guard(path, () => folder.commit(isResult));
    } catch (error) {
      await Promise.allSettled(folder.started.map((name) => removeFile(folder.temporary(name))));
      throw error;
    }
    await OutputError.guard(path, () => ResultFolder.tidy(path, isResult));
    return folder.written.map(({ name }) => join(path, name));
  }

  /** Removes what killed processes have left of their files under other names. */
  static async tidy(path: string, isResult: IsResult): Promise<void> {
    for (const name of await readdir(path)) {
      const parts = parseBesideName(name);
      if (parts === null || !isResult(parts.target)) continue;
      if (await isAbandoned(join(path, name))) await removeFile(join(path, name));
    }
  }

  /** Writes one file under its temporary name; `fill` returns the number of rows. */
  async write(name: string, fill: (file: OpenFile) => Promise<number>): Promise<void> {
    await OutputError.guard(join(this.path, name), async () => {
      await this.check();
      const target = await NewFile.create(this.temporary(name));
      this.started.push(name);
      try {
        const file = new OpenFile(target);
        const rows = await fill(file);
        await target.sync();
        this.written.push({ name, rows, sha256: file.digest() });
      } finally {
        await target.close();
      }
    });
  }

  /** The files written so far. */
  get files(): readonly WrittenFile[] {
    return this.written;
  }

  /** Old tables that nobody vouches for any more go before the new voucher comes: a kill leaves none beside it. */
  private async commit(isResult: IsResult): Promise<void> {
    const moves = this.written.map(({ name }) => ({ from: this.temporary(name), to: join(this.path, name) }));
    const voucher = moves.at(-1)?.to;
    const kept = new Set(this.written.map(({ name }) => name));
    const stale = (await readdir(this.path)).filter((name) => isResult(name) && !kept.has(name));
    const outdated = [...(voucher === undefined ? [] : [voucher]), ...stale.map((name) => join(this.path, name))];
    await replaceAll(
      moves,
      this.token,
      (path, operation) =>
        OutputError.guard(path, async () => {
          await this.check();
          return operation();
        }),
      outdated,
    );
  }

  private temporary(name: string): string {
    return besideName(join(this.path, name), this.token, 'tmp');
  }
}

/** A file being written: each write waits for the disk, so that a table is never in memory as a whole. */
export class OpenFile {
  private readonly target: NewFile;
  private readonly hash: Hash = createHash('sha256');

  constructor(target: NewFile) {
    this.target = target;
  }

  async write(content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    this.hash.update(bytes);
    await this.target.write(bytes);
  }

  /** SHA-256 of what was written, hexadecimal; ends the writing. */
  digest(): string {
    return this.hash.digest('hex');
  }
}
