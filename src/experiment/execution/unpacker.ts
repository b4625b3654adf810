import { sum } from 'd3-array';
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
  const hold = (pieces: readonly Uint8Array[]): boolean => {
    const bytes = sum(pieces, ({ length }) => length);
    if (held + bytes > HELD_BYTES_MAX) return false;
    held += bytes;
    return true;
  };
  return (runId, { record, tables, wallS }) => {
    const { others, samples } = tables;
    if (parts === undefined || hold([others, ...(samples ?? [])]))
      return { record, wallS, readTables: () => unpackTables(tables) };
    // Samples are by far the most: without them the other tables may have room.
    if (!hold([others])) return { record, wallS, readTables: () => parts.readTables(runId) };
    const readTables = (): RunTables => ({
      ...unpackTables({ others, samples: null }),
      get samples() {
        return parts.readTables(runId).samples;
      },
    });
    return { record, wallS, readTables };
  };
}
