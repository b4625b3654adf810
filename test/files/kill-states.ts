import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Operation, watchOperations } from '../../src/files/operations.js';

/** No process has this number: it is above the largest that Linux gives out. */
export const DEAD_PROCESS = 2 ** 22 + 1;
/** What the names of this process's temporary files tell of it. */
const ALIVE = `-${process.pid.toString(36)}-`;

/** What a folder holds: files by path, null for a folder. */
export type Snapshot = ReadonlyMap<string, Buffer | null>;

function snapshot(folder: string): Snapshot {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length), entry.isDirectory() ? null : readFileSync(path)];
    }),
  );
}

function sameFiles(a: Snapshot, b: Snapshot): boolean {
  return a.size === b.size && [...a].every(([path, bytes]) => b.has(path) && isEqual(bytes, b.get(path) ?? null));
}

function isEqual(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

/**
 * What a folder holds before each operation of a command, and so after a kill there: nothing of the program is executed
 * any more, not even what would clean up. Operations that change nothing that a reader sees (a file is flushed) have the
 * state of the one before.
 */
export async function statesOf(
  folder: string,
  write: () => Promise<unknown>,
): Promise<{ readonly states: readonly Snapshot[]; readonly operations: readonly Operation[] }> {
  const states: Snapshot[] = [];
  const operations: Operation[] = [];
  watchOperations((operation) => {
    operations.push(operation);
    const state = snapshot(folder);
    const last = states.at(-1);
    if (last === undefined || !sameFiles(state, last)) states.push(state);
  });
  await write();
  watchOperations(null);
  return { states, operations };
}

/** Makes a folder as a killed process has left it: what tells of the process tells of one that is gone. */
export async function restore(state: Snapshot, folder: string): Promise<void> {
  await mkdir(folder);
  for (const [path, bytes] of state) {
    const place = join(folder, path.replace(ALIVE, `-${DEAD_PROCESS.toString(36)}-`));
    const lock = basename(path) === 'lock';
    if (bytes === null) await mkdir(place);
    else
      await writeFile(place, lock ? bytes.toString().replace(`"pid":${process.pid}`, `"pid":${DEAD_PROCESS}`) : bytes);
  }
}
