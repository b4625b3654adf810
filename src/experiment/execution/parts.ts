import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RunTables } from '../../cluster/model/run-record.js';
import type { Experiment } from '../language/experiment.js';
import { parseBesideName } from '../../files/beside-names.js';
import { isLink, makeFolder, removeEmptyFolder, removeFile, replaceFile } from '../../files/operations.js';
import { FolderLock, type LockOptions } from './folder-lock.js';
import { InputError } from '../language/values/input-error.js';
import { type FinishedRun, unpackRun } from './job-protocol.js';
import { unpackTables } from './table-bytes.js';
import { describeDifference, readIdentity, type PartsIdentity } from './parts-header.js';

/** The folder inside a results folder that holds the finished runs of an unfinished experiment. */
export const PARTS_FOLDER = '.secretsim-parts';

/** How the folder of finished runs is opened. */
export interface PartsOptions extends LockOptions {
  /** Forget the runs that are there. */
  readonly discard?: boolean;
  /** Kept beside the runs, so that they can be merged without the files that it was read from. */
  readonly experiment?: Experiment;
}

/** Where finished runs are found, and kept. */
export type KeptRuns = Pick<RunParts, 'read' | 'readTables' | 'write'>;

/** Parts that are read and not held. */
export type PartsView = Pick<RunParts, 'read' | 'readTables' | 'readExperiment'>;

const CHECKSUM_BYTES = 32;
const PART = /\.bin$/;
const HEADER = 'experiment.json';
const EXPERIMENT = 'experiment.gz';
const LOCK = 'lock';
/** What a folder of parts may hold. */
const OURS = /^(?:s\d+-r\d+\.bin|experiment\.json|experiment\.gz)$/;

/**
 * Keeps each finished run on the disk, so that an interrupted experiment goes on where it stopped. One
 * process at a time holds the folder.
 *
 * A part is `<run id>.bin`: a SHA-256 over what it belongs to (experiment, version, engine), run id and content, then
 * the content. Parts are written under a temporary name, flushed and renamed; one that is damaged nevertheless, or
 * belongs to something else, counts as missing.
 */
export class RunParts {
  private readonly path: string;
  private readonly owner: string;
  /** null: the parts are only read. */
  private lock: FolderLock | null = null;

  private constructor(path: string, { experiment, version, engine }: PartsIdentity) {
    this.path = path;
    this.owner = [experiment, version, engine].join('\n');
  }

  /**
   * Opens a folder of parts, making it if need be, and holds it until `close` or `remove`.
   * @throws InputError when they belong to something else, or another process holds the folder
   * Errors of the file system are passed on as they are, here and in the other methods.
   */
  static async open(path: string, identity: PartsIdentity, options: PartsOptions = {}): Promise<RunParts> {
    const parts = await RunParts.hold(path, identity, options);
    try {
      await parts.claim(identity, options);
    } catch (error) {
      await parts.close();
      throw error;
    }
    return parts;
  }

  /**
   * Holds a folder of parts until `close`, making it if need be, whoever's runs it keeps: none are read or written.
   * @throws InputError when another process holds it
   */
  static async hold(path: string, identity: PartsIdentity, options: LockOptions = {}): Promise<RunParts> {
    const parts = new RunParts(path, identity);
    if (await isLink(path))
      throw new InputError([`${path}: is a link; the runs of an experiment are kept in a folder of its own`]);
    await makeFolder(path);
    try {
      parts.lock = await FolderLock.take(join(path, LOCK), options);
    } catch (error) {
      await parts.removeIfEmpty();
      throw error;
    }
    return parts;
  }

  /** The identity of the parts in a folder, read without holding it; null where there are none. */
  static identityOf(path: string): Promise<PartsIdentity | null> {
    return readIdentity(join(path, HEADER));
  }

  /** The parts of a folder, to be read without holding it: for folders that nobody writes to any more. */
  static view(path: string, identity: PartsIdentity): PartsView {
    return new RunParts(path, identity);
  }

  /** A finished run; null where there is none, or a damaged one. */
  async read(runId: string): Promise<FinishedRun | null> {
    let file: Buffer;
    try {
      file = await readFile(this.partPath(runId));
    } catch {
      return null;
    }
    return this.unpack(runId, file);
  }

  /**
   * The tables of a finished run that `write` has kept or `read` has found, from the disk.
   * @throws Error when the part has been removed or damaged meanwhile
   */
  readTables(runId: string): RunTables {
    const run = this.unpack(runId, readFileSync(this.partPath(runId)));
    if (run === null) throw new Error(`${this.partPath(runId)} was damaged while it was in use`);
    return unpackTables(run.tables);
  }

  /** The experiment that was kept with the parts; null where there is none, or a damaged one. */
  async readExperiment(): Promise<Experiment | null> {
    try {
      const content = this.checked(EXPERIMENT, await readFile(join(this.path, EXPERIMENT)));
      return content === null ? null : (deserialize(gunzipSync(content)) as Experiment);
    } catch {
      return null;
    }
  }

  /** Keeps a finished run. */
  async write(runId: string, content: Uint8Array): Promise<void> {
    await this.check();
    await replaceFile(this.partPath(runId), [this.checksum(runId, content), content]);
  }

  /** Throws where another process has taken the folder over: whoever holds it checks before each write. */
  async check(): Promise<void> {
    await this.lock?.check();
  }

  /** Forgets all parts: the results have been written. */
  async remove(): Promise<void> {
    await this.check();
    await this.removeOwn(await readdir(this.path));
    await this.close();
  }

  /** Gives the folder back and leaves the parts for the next time; a folder without parts is removed. */
  async close(): Promise<void> {
    await this.lock?.release();
    this.lock = null;
    await this.removeIfEmpty();
  }

  /** What others have put into the folder stays, and the folder with it. */
  private async removeIfEmpty(): Promise<void> {
    const names = await readdir(this.path).catch(() => []);
    if (names.some((name) => PART.test(name) || name === LOCK)) return;
    await this.removeOwn(names);
    await removeEmptyFolder(this.path);
  }

  /** Removes our files. The header goes first: without it the parts are nobody's. */
  private async removeOwn(names: readonly string[]): Promise<void> {
    const own = names.filter((name) => {
      const target = parseBesideName(name)?.target;
      return OURS.test(target ?? name) || target === LOCK;
    });
    for (const name of own.toSorted((a, b) => Number(b === HEADER) - Number(a === HEADER))) {
      await removeFile(join(this.path, name));
    }
  }

  /** Makes the folder this experiment's own, or throws an InputError. */
  private async claim(identity: PartsIdentity, { discard = false, experiment }: PartsOptions): Promise<void> {
    const headerPath = join(this.path, HEADER);
    const owner = await readIdentity(headerPath);
    const names = await readdir(this.path);
    // What a killed process was writing.
    await this.removeOwn(names.filter((name) => OURS.test(parseBesideName(name)?.target ?? '')));
    // Without a header the parts are of unknown origin, and not used.
    if (owner !== null && !discard && names.some((name) => PART.test(name))) {
      const difference = describeDifference(owner, identity);
      if (difference === null) return;
      throw new InputError([
        `${this.path} keeps the finished runs of ${difference}; ` +
          '--force discards them and starts again, another --out leaves them alone',
      ]);
    }
    // The header goes first and comes last: what stands beside it is whole.
    await this.removeOwn(names);
    if (experiment !== undefined) {
      const content = gzipSync(serialize(experiment));
      await replaceFile(join(this.path, EXPERIMENT), [this.checksum(EXPERIMENT, content), content]);
    }
    await replaceFile(headerPath, [Buffer.from(`${JSON.stringify(identity, null, 2)}\n`)]);
  }

  private partPath(runId: string): string {
    return join(this.path, `${runId}.bin`);
  }

  /** The run in a part; null where the part is damaged, or another experiment's. */
  private unpack(runId: string, file: Buffer): FinishedRun | null {
    const content = this.checked(runId, file);
    if (content === null) return null;
    try {
      return unpackRun(content);
    } catch {
      return null; // The serialization of a newer Node.
    }
  }

  /** What follows the checksum of a file; null where the two do not match. */
  private checked(name: string, file: Buffer): Buffer | null {
    const content = file.subarray(CHECKSUM_BYTES);
    return file.subarray(0, CHECKSUM_BYTES).equals(this.checksum(name, content)) ? content : null;
  }

  private checksum(name: string, content: Uint8Array): Buffer {
    return createHash('sha256').update(`${this.owner}\n${name}\n`).update(content).digest();
  }
}
