import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import type { RunTables } from '../cluster/run-record.js';
import { releaseLock, takeLock } from './folder-lock.js';
import { InputError } from './input-error.js';
import type { FinishedRun } from './job-protocol.js';

/** The folder inside a results folder that holds the finished runs of an unfinished experiment. */
export const PARTS_FOLDER = '.secretsim-parts';

/** What finished runs belong to: they are only taken up again by an experiment alike in all of it. */
export interface PartsIdentity {
  /** Hash of the experiment. */
  readonly experiment: string;
  /** Version of secretsim. */
  readonly version: string;
  readonly engine: 'lazy' | 'eager';
}

const CHECKSUM_BYTES = 32;
const PART = /^(.+)\.bin$/;

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
   * Opens the parts of a results folder, making both if need be, and holds them until `close` or `remove`.
   * @param discard forget the runs that are there
   * @throws InputError when they belong to something else, or another process holds the folder
   * Errors of the file system are passed on as they are, here and in the other methods.
   */
  static async open(resultsFolder: string, identity: PartsIdentity, discard = false): Promise<RunParts> {
    const parts = new RunParts(join(resultsFolder, PARTS_FOLDER));
    await mkdir(parts.path, { recursive: true });
    try {
      await takeLock(parts.lockPath);
    } catch (error) {
      await parts.removeIfEmpty();
      throw error;
    }
    try {
      await parts.claim(identity, discard);
    } catch (error) {
      await parts.close();
      throw error;
    }
    return parts;
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
  private async claim(identity: PartsIdentity, discard: boolean): Promise<void> {
    const headerPath = join(this.path, 'experiment.json');
    const owner = await readHeader(headerPath);
    const names = await readdir(this.path);
    const usable = owner !== null && !discard;
    if (usable && names.some((name) => PART.test(name))) {
      const difference = describeDifference(owner, identity);
      if (difference !== null) {
        throw new InputError([
          `${this.path} keeps the finished runs of ${difference}; ` +
            '--force discards them and starts again, another --out leaves them alone',
        ]);
      }
      return;
    }
    for (const name of names) if (name !== 'lock') await rm(join(this.path, name), { recursive: true });
    await writeDurably(headerPath, [Buffer.from(`${JSON.stringify(identity, null, 2)}\n`)]);
  }

  private partPath(runId: string): string {
    return join(this.path, `${runId}.bin`);
  }
}

/** The run in a part; null where the part is damaged. */
function unpackPart(runId: string, file: Buffer): FinishedRun | null {
  const content = file.subarray(CHECKSUM_BYTES);
  if (!file.subarray(0, CHECKSUM_BYTES).equals(checksum(runId, content))) return null;
  try {
    return deserialize(content) as FinishedRun;
  } catch {
    return null; // The serialization of a newer Node.
  }
}

/** How the owner of parts differs from who wants them; null: not at all. */
function describeDifference(owner: PartsIdentity, wanted: PartsIdentity): string | null {
  if (owner.experiment !== wanted.experiment) return 'an experiment with other settings';
  if (owner.version !== wanted.version) return `secretsim ${owner.version} (this is ${wanted.version})`;
  if (owner.engine !== wanted.engine) return `a run ${owner.engine === 'eager' ? 'with' : 'without'} --eager`;
  return null;
}

async function readHeader(path: string): Promise<PartsIdentity | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as PartsIdentity;
  } catch {
    return null; // No header, or one that a crash cut off: parts of unknown origin are not used.
  }
}

function checksum(runId: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(runId).update(content).digest();
}

/** Writes a file so that it exists either completely or not at all. */
async function writeDurably(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = `${path}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    for (const chunk of chunks) await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}
