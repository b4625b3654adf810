import { deserialize, serialize } from 'node:v8';
import type { RunTables, SampleTable } from '../../cluster/model/run-record.js';

/** Whole numbers in as few bytes as hold them all, or any numbers. */
type PackedNumbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Text of many rows, each different one once. */
interface PackedTexts<Text extends string> {
  readonly texts: readonly Text[];
  /** Index of each row's text. */
  readonly rows: PackedNumbers;
}

/** Samples as they travel and rest: millions of rows repeat some thousand names. */
type PackedSamples = {
  readonly [Column in keyof SampleTable]: SampleTable[Column] extends readonly (infer Text extends string)[]
    ? PackedTexts<Text>
    : PackedNumbers;
};

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

function packSamples(samples: SampleTable): PackedSamples {
  return {
    update: packNumbers(samples.update),
    object: packTexts(samples.object),
    version: packNumbers(samples.version),
    node: packTexts(samples.node),
    pod: packTexts(samples.pod),
    owner: packTexts(samples.owner),
    as: packTexts(samples.as),
    writtenAtUs: packNumbers(samples.writtenAtUs),
    projectedAtUs: packNumbers(samples.projectedAtUs),
    cacheDelayUs: packNumbers(samples.cacheDelayUs),
    syncWaitUs: packNumbers(samples.syncWaitUs),
    refreshUs: packNumbers(samples.refreshUs),
  };
}

function unpackSamples(packed: PackedSamples): SampleTable {
  return {
    update: new Int32Array(packed.update),
    object: unpackTexts(packed.object),
    version: new Int32Array(packed.version),
    node: unpackTexts(packed.node),
    pod: unpackTexts(packed.pod),
    owner: unpackTexts(packed.owner),
    as: unpackTexts(packed.as),
    writtenAtUs: new Float64Array(packed.writtenAtUs),
    projectedAtUs: new Float64Array(packed.projectedAtUs),
    cacheDelayUs: new Float64Array(packed.cacheDelayUs),
    syncWaitUs: new Float64Array(packed.syncWaitUs),
    refreshUs: new Float64Array(packed.refreshUs),
  };
}

function packNumbers(values: Int32Array | Uint32Array | Float64Array): PackedNumbers {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value >>> 0) return new Float64Array(values);
    if (value > most) most = value;
  }
  if (most < 2 ** 8) return new Uint8Array(values);
  return most < 2 ** 16 ? new Uint16Array(values) : new Uint32Array(values);
}

function packTexts<Text extends string>(column: readonly Text[]): PackedTexts<Text> {
  const texts: Text[] = [];
  const indexOf = new Map<Text, number>();
  const rows = new Uint32Array(column.length);
  let index = 0;
  for (let row = 0; row < column.length; row++) {
    const text = column[row];
    // Mostly the text of the row before, or the one that followed it the last time: looked up only otherwise.
    if (text !== texts[index]) {
      if (text === texts[index + 1]) index++;
      else {
        index = indexOf.get(text) ?? texts.length;
        if (index === texts.length) {
          indexOf.set(text, index);
          texts.push(text);
        }
      }
    }
    rows[row] = index;
  }
  return { texts, rows: packNumbers(rows) };
}

function unpackTexts<Text extends string>({ texts, rows }: PackedTexts<Text>): readonly Text[] {
  const column = new Array<Text>(rows.length);
  for (let row = 0; row < rows.length; row++) column[row] = texts[rows[row]];
  return column;
}
