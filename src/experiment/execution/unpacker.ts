import type { RunTables } from '../../cluster/model/run-record.js';
import type { FinishedRun } from './job-protocol.js';
import type { KeptRuns } from './parts.js';
import { unpackTables } from './table-bytes.js';

/** A finished run without its tables. */
export interface Unpacked extends Pick<FinishedRun, 'record' | 'wallS'> {
  readonly readTables: () => RunTables;
}

/** Makes a finished run of its bytes. */
export type Unpacker = (runId: string, run: FinishedRun) => Unpacked;

/** So many bytes of tables stay in memory although they are on the disk: those of a small sweep, which each file reads. */
const HELD_BYTES_MAX = 2 ** 24;

/** Leaves the tables of runs on the disk where they are kept, but for the first ones; else in memory as they came. */
export function unpacker(parts: KeptRuns | undefined): Unpacker {
  let held = 0;
  return (runId, { record, tables, wallS }) => {
    if (parts !== undefined) {
      if (held + tables.length > HELD_BYTES_MAX) return { record, wallS, readTables: () => parts.readTables(runId) };
      held += tables.length;
    }
    return { record, wallS, readTables: () => unpackTables(tables) };
  };
}
