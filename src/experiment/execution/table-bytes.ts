import { deserialize, serialize } from 'node:v8';
import type { RunTables, SampleTable } from '../../cluster/model/run-record.js';
import {
  type CodedTexts,
  type SampleNumbers,
  samplesOf,
  type SampleTexts,
  sampleTexts,
} from '../../cluster/record/sample-texts.js';

/** Whole numbers in as few bytes as hold them all, or any numbers. */
type PackedNumbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Samples as they travel and rest. */
type PackedSamples = Readonly<Record<keyof SampleNumbers, PackedNumbers>> & SampleTexts;

/** The samples are packed by themselves: who reads the other tables does not unpack them. */
type PackedTables = Omit<RunTables, 'samples'> & { readonly samples: Uint8Array | null };

/** A run's tables as bytes (structured-clone serialization). */
export function packTables({ samples, ...others }: RunTables): Uint8Array {
  const packed = samples && serialize(packSamples(samples));
  return serialize({ ...others, samples: packed } satisfies PackedTables);
}

/** The tables of `packTables`. */
export function unpackTables(bytes: Uint8Array): RunTables {
  const { samples, ...others } = deserialize(bytes) as PackedTables;
  let unpacked: SampleTable | null = null;
  return {
    ...others,
    get samples() {
      if (samples !== null) unpacked ??= unpackSamples(deserialize(samples) as PackedSamples);
      return unpacked;
    },
  };
}

/** What `packTables` gave, without the samples. */
export function withoutSamples(bytes: Uint8Array): Uint8Array {
  return serialize({ ...(deserialize(bytes) as PackedTables), samples: null } satisfies PackedTables);
}

function packSamples(samples: SampleTable): PackedSamples {
  const { object, node, pod, owner, as } = sampleTexts(samples);
  return {
    update: packNumbers(samples.update),
    object: packTexts(object),
    version: packNumbers(samples.version),
    node: packTexts(node),
    pod: packTexts(pod),
    owner: packTexts(owner),
    as: packTexts(as),
    writtenAtUs: packNumbers(samples.writtenAtUs),
    projectedAtUs: packNumbers(samples.projectedAtUs),
    cacheDelayUs: packNumbers(samples.cacheDelayUs),
    syncWaitUs: packNumbers(samples.syncWaitUs),
    refreshUs: packNumbers(samples.refreshUs),
  };
}

function unpackSamples({ object, node, pod, owner, as, ...packed }: PackedSamples): SampleTable {
  const numbers: SampleNumbers = {
    update: new Int32Array(packed.update),
    version: new Int32Array(packed.version),
    writtenAtUs: new Float64Array(packed.writtenAtUs),
    projectedAtUs: new Float64Array(packed.projectedAtUs),
    cacheDelayUs: new Float64Array(packed.cacheDelayUs),
    syncWaitUs: new Float64Array(packed.syncWaitUs),
    refreshUs: new Float64Array(packed.refreshUs),
  };
  return samplesOf(numbers, { object, node, pod, owner, as });
}

function packNumbers(values: Int32Array | Uint32Array | Float64Array): PackedNumbers {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value >>> 0) return new Float64Array(values);
    if (value > most) most = value;
  }
  return packNumbersBelow(most + 1, values);
}

/** Whole numbers that are not negative. */
function packNumbersBelow(end: number, values: ArrayLike<number>): Uint8Array | Uint16Array | Uint32Array {
  if (end <= 2 ** 8) return new Uint8Array(values);
  return end <= 2 ** 16 ? new Uint16Array(values) : new Uint32Array(values);
}

function packTexts<Text extends string>({ texts, rows }: CodedTexts<Text>): CodedTexts<Text> {
  return { texts, rows: packNumbersBelow(texts.length, rows) };
}
