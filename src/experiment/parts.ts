import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RunTables } from '../cluster/run-record.js';
import type { Experiment } from './experiment.js';
import { releaseLock, takeLock } from './folder-lock.js';
import { InputError } from './input-error.js';
import type { FinishedRun } from './job-protocol.js';
import { describeDifference, readIdentity, type PartsIdentity } from './parts-header.js';

/** The folder inside a results folder that holds the finished runs of an unfinished experiment. */
export const PARTS_FOLDER = '.secretsim-parts';

/** How the folder of finished runs is opened. */
export interface PartsOptions {
  /** Forget the runs that are there. */
  readonly discard?: boolean;
  /** Kept beside the runs, so that they can be merged without the files that it was read from. */
  readonly experiment?: Experiment;
}

/** Where finished runs are found, and kept. */
export type KeptRuns = Pick<RunParts, 'read' | 'readTables' | 'write'>;

const CHECKSUM_BYTES = 32;
const PART = /\.bin$/;
const HEADER = 'experiment.json';
const EXPERIMENT = 'experiment.gz';
/** What a folder of parts may hold, also what a killed process left of it. */
const OURS = /^(?:s\d+-r\d+\.bin|experiment\.json|experiment\.gz)(?:\.tmp)?$/;

/**
 * Keeps each finished run on the disk, so that an interrupted experiment goes on where it stopped. One
 * process at a time holds the folder.
 *
 * A part is `<run id>.bin`: a SHA-256 over run id and content, then the content. Parts are written under
 * a temporary name, flushed and renamed; one that is damaged nevertheless counts as missing.
 */
export class RunParts {
  private readonly path: string;
  private readonly lockPath: string;

  private constructor(path: string) {
    this.path = path;
    this.lockPath = join(path, 'lock');
  }

  /**
   * Opens a folder of parts, making it if need be, and holds it until `close` or `remove`.
   * @throws InputError when they belong to something else, or another process holds the folder
   * Errors of the file system are passed on as they are, here and in the other methods.
   */
  static async open(path: string, identity: PartsIdentity, options: PartsOptions = {}): Promise<RunParts> {
    const parts = new RunParts(path);
    await mkdir(parts.path, { recursive: true });
    try {
      await takeLock(parts.lockPath);
    } catch (error) {
      await parts.removeIfEmpty();
      throw error;
    }
    try {
      await parts.claim(identity, options);
    } catch (error) {
      await parts.close();
      throw error;
    }
    return parts;
  }

  /** The identity of the parts in a folder, read without holding it; null where there are none. */
  static identityOf(path: string): Promise<PartsIdentity | null> {
    return readIdentity(join(path, HEADER));
  }

  /** The parts of a folder, to be read without holding it: for folders that nobody writes to any more. */
  static view(path: string): Pick<RunParts, 'read' | 'readTables' | 'readExperiment'> {
    return new RunParts(path);
  }

  /** A finished run; null where there is none, or a damaged one. */
  async read(runId: string): Promise<FinishedRun | null> {
    let file: Buffer;
    try {
      file = await readFile(this.partPath(runId));
    } catch {
      return null;
    }
    return unpackPart(runId, file);
  }

  /**
   * The tables of a finished run that `write` has kept or `read` has found, from the disk.
   * @throws Error when the part has been removed or damaged meanwhile
   */
  readTables(runId: string): RunTables {
    const run = unpackPart(runId, readFileSync(this.partPath(runId)));
    if (run === null) throw new Error(`${this.partPath(runId)} was damaged while it was in use`);
    return deserialize(run.tables) as RunTables;
  }

  /** The experiment that was kept with the parts; null where there is none, or a damaged one. */
  async readExperiment(): Promise<Experiment | null> {
    try {
      const content = checkedContent(EXPERIMENT, await readFile(join(this.path, EXPERIMENT)));
      return content === null ? null : (deserialize(gunzipSync(content)) as Experiment);
    } catch {
      return null;
    }
  }

  /** Keeps a finished run. */
  async write(runId: string, content: Uint8Array): Promise<void> {
    await writeDurably(this.partPath(runId), [checksum(runId, content), content]);
  }

  /** Forgets all parts: the results have been written. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await releaseLock(this.lockPath);
  }

  /** Gives the folder back and leaves the parts for the next time; a folder without parts is removed. */
  async close(): Promise<void> {
    await releaseLock(this.lockPath);
    await this.removeIfEmpty();
  }

  private async removeIfEmpty(): Promise<void> {
    const names = await readdir(this.path).catch(() => []);
    if (!names.some((name) => PART.test(name) || name === 'lock')) {
      await rm(this.path, { recursive: true, force: true });
    }
  }

  /** Makes the folder this experiment's own, or throws an InputError. */
  private async claim(identity: PartsIdentity, { discard = false, experiment }: PartsOptions): Promise<void> {
    const headerPath = join(this.path, HEADER);
    const owner = await readIdentity(headerPath);
    const names = await readdir(this.path);
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
    await rm(headerPath, { force: true });
    for (const name of names) if (OURS.test(name)) await rm(join(this.path, name), { force: true });
    if (experiment !== undefined) {
      const content = gzipSync(serialize(experiment));
      await writeDurably(join(this.path, EXPERIMENT), [checksum(EXPERIMENT, content), content]);
    }
    await writeDurably(headerPath, [Buffer.from(`${JSON.stringify(identity, null, 2)}\n`)]);
  }

  private partPath(runId: string): string {
    return join(this.path, `${runId}.bin`);
  }
}

/** The run in a part; null where the part is damaged. */
function unpackPart(runId: string, file: Buffer): FinishedRun | null {
  const content = checkedContent(runId, file);
  if (content === null) return null;
  try {
    return deserialize(content) as FinishedRun;
  } catch {
    return null; // The serialization of a newer Node.
  }
}

/** What follows the checksum of a file; null where the two do not match. */
function checkedContent(name: string, file: Buffer): Buffer | null {
  const content = file.subarray(CHECKSUM_BYTES);
  return file.subarray(0, CHECKSUM_BYTES).equals(checksum(name, content)) ? content : null;
}

function checksum(name: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(name).update(content).digest();
}

/** Writes a file so that it exists either completely or not at all. */
async function writeDurably(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      for (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
