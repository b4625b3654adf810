import type { RunTables } from '../../cluster/model/run-record.js';
import type { FinishedRun } from './job-protocol.js';
import type { KeptRuns } from './parts.js';
import { unpackTables, withoutSamples } from './table-bytes.js';

/** A finished run without its tables. */
export interface Unpacked extends Pick<FinishedRun, 'record' | 'wallS'> {
  readonly readTables: () => RunTables;
}

/** Makes a finished run of its bytes. */
export type Unpacker = (runId: string, run: FinishedRun) => Unpacked;

/** So many bytes of tables stay in memory although they are on the disk: those of a small sweep, which each file reads. */
const HELD_BYTES_MAX = 2 ** 24;

/** Of larger tables the samples are by far the most: without them they may have room. */
const LARGE_BYTES = 2 ** 20;

/** Leaves the tables of runs on the disk where they are kept, but for the first ones; else in memory as they came. */
export function unpacker(parts: KeptRuns | undefined): Unpacker {
  let held = 0;
  const hold = (bytes: Uint8Array): boolean => {
    if (held + bytes.length > HELD_BYTES_MAX) return false;
    held += bytes.length;
    return true;
  };
  return (runId, { record, tables, wallS }) => {
    if (parts === undefined || hold(tables)) return { record, wallS, readTables: () => unpackTables(tables) };
    const others = tables.length > LARGE_BYTES ? withoutSamples(tables) : tables;
    if (!hold(others)) return { record, wallS, readTables: () => parts.readTables(runId) };
    const readTables = (): RunTables => ({
      ...unpackTables(others),
      get samples() {
        return parts.readTables(runId).samples;
      },
    });
    return { record, wallS, readTables };
  };
}
