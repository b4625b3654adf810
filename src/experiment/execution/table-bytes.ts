import { deserialize, serialize } from 'node:v8';
import type { Chunk } from '../../sim/growable.js';
import type { RunTables, SampleTable } from '../../cluster/model/run-record.js';
import { type CodedSamples, codedSamples, samplesOf } from '../../cluster/record/coded-samples.js';
import { numbersIn } from './joined-bytes.js';

/** A run's tables as bytes. */
export interface PackedTables {
  /** All but the samples (structured-clone serialization). */
  readonly others: Uint8Array;
  /** The samples by themselves: who reads the other tables does not unpack them. */
  readonly samples: PackedSamples | null;
}

/** What rows have in common, serialized, and the columns of the rows as they lie in memory: nearly all of it. */
export type PackedSamples = readonly [common: Uint8Array, ...columns: [Uint8Array, Uint8Array, Uint8Array, Uint8Array]];

export function packTables({ samples, ...others }: RunTables): PackedTables {
  return { others: serialize(others), samples: samples && packSamples(codedSamples(samples)) };
}

/** The tables of `packTables`. */
export function unpackTables({ others, samples }: PackedTables): RunTables {
  let unpacked: SampleTable | null = null;
  return {
    ...(deserialize(others) as Omit<RunTables, 'samples'>),
    get samples() {
      if (samples !== null) unpacked ??= samplesOf(unpackSamples(samples));
      return unpacked;
    },
  };
}

function packSamples({ rows, ...common }: CodedSamples): PackedSamples {
  const { consumer, cacheDelayUs, syncWaitUs, refreshUs } = rows;
  return [serialize(common), bytesOf(consumer), bytesOf(cacheDelayUs), bytesOf(syncWaitUs), bytesOf(refreshUs)];
}

function unpackSamples([common, consumers, ...stages]: PackedSamples): CodedSamples {
  const consumer = numbersIn(consumers, Uint32Array);
  const [cacheDelayUs, syncWaitUs, refreshUs] = stages.map((bytes): Chunk =>
    bytes.length === consumers.length ? numbersIn(bytes, Uint32Array) : numbersIn(bytes, Float64Array),
  );
  return {
    ...(deserialize(common) as Omit<CodedSamples, 'rows'>),
    rows: { consumer, cacheDelayUs, syncWaitUs, refreshUs },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Chunk): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
