import type { Chunk } from '../../sim/growable.js';
import type { ConsumptionMode } from '../model/kinds.js';
import type { SampleTable } from '../model/run-record.js';

/** Text of many: each different one once, and the index of each one's. */
export interface CodedTexts<Text extends string = string> {
  readonly texts: readonly Text[];
  readonly codes: Uint32Array;
}

/** What rows that follow each other have in common: mostly all rows of an update. */
export interface SampledUpdates {
  readonly update: Int32Array;
  readonly object: readonly string[];
  readonly version: Int32Array;
  readonly writtenAtUs: Float64Array;
  /** The row behind the last one of each. */
  readonly end: Int32Array;
}

/** Those who have rows, mostly one for each update. */
export interface SampledConsumers {
  readonly node: CodedTexts;
  readonly pod: CodedTexts;
  readonly owner: CodedTexts;
  readonly as: CodedTexts<ConsumptionMode>;
}

/** What is each row's own. When it was projected is the sum of its stages. */
export interface SampleRows {
  readonly consumer: Uint32Array;
  readonly cacheDelayUs: Chunk;
  readonly syncWaitUs: Chunk;
  readonly refreshUs: Chunk;
}

/** Samples as they are made, travel and rest: millions of rows repeat what some updates and some thousand pods are. */
export interface CodedSamples {
  readonly updates: SampledUpdates;
  readonly consumers: SampledConsumers;
  readonly rows: SampleRows;
}

/** How each column of samples is made of coded ones. */
type Makers = { readonly [Column in keyof SampleTable]: () => SampleTable[Column] };

const coded = new WeakMap<SampleTable, CodedSamples>();

/** Samples whose columns are made when they are read: who writes them to a file reads none (`codedSamples`). */
export function samplesOf(samples: CodedSamples): SampleTable {
  const makers = makersOf(samples);
  const made: Partial<Record<keyof SampleTable, SampleTable[keyof SampleTable]>> = {};
  const table = {};
  for (const column of Object.keys(makers) as (keyof SampleTable)[]) {
    Object.defineProperty(table, column, { enumerable: true, get: () => (made[column] ??= makers[column]()) });
  }
  coded.set(table as SampleTable, samples);
  return table as SampleTable;
}

/**
 * Samples, coded: as they were made, or from the columns of whoever has made them otherwise.
 * @throws Error when the stages of a sample do not sum to its delay: a fault of the model that no file may hide
 */
export function codedSamples(samples: SampleTable): CodedSamples {
  return coded.get(samples) ?? codeColumns(samples);
}

/** Codes the names of entities; each name is made once. */
export function codeNames<Text extends string>(
  entities: Int32Array,
  entityCount: number,
  nameOf: (entity: number) => Text,
): CodedTexts<Text> {
  const texts = new TextCodes<Text>();
  /** Of each entity: 0 where it was not met yet, else one more than its code. */
  const known = new Uint32Array(entityCount);
  const codes = new Uint32Array(entities.length);
  for (let i = 0; i < codes.length; i++) {
    const entity = entities[i];
    if (known[entity] === 0) known[entity] = texts.codeOf(nameOf(entity)) + 1;
    codes[i] = known[entity] - 1;
  }
  return { texts: texts.texts, codes };
}

/** Numbers different texts in the order in which they are met. */
class TextCodes<Text extends string> {
  readonly texts: Text[] = [];
  private readonly known = new Map<Text, number>();

  codeOf(text: Text): number {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    this.known.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

function makersOf({ updates, consumers, rows }: CodedSamples): Makers {
  const { consumer } = rows;
  const updateOf = (): Int32Array => updateOfRows(updates, consumer.length);
  const textOf = <Text extends string>({ texts, codes }: CodedTexts<Text>): readonly Text[] =>
    Array.from(consumer, (each) => texts[codes[each]]);
  const writtenAtUs = (): Float64Array => Float64Array.from(updateOf(), (each) => updates.writtenAtUs[each]);
  return {
    update: () => updateOf().map((each) => updates.update[each]),
    object: () => Array.from(updateOf(), (each) => updates.object[each]),
    version: () => updateOf().map((each) => updates.version[each]),
    node: () => textOf(consumers.node),
    pod: () => textOf(consumers.pod),
    owner: () => textOf(consumers.owner),
    as: () => textOf(consumers.as),
    writtenAtUs,
    projectedAtUs: () => writtenAtUs().map((at, row) => at + delayOf(rows, row)),
    cacheDelayUs: () => new Float64Array(rows.cacheDelayUs),
    syncWaitUs: () => new Float64Array(rows.syncWaitUs),
    refreshUs: () => new Float64Array(rows.refreshUs),
  };
}

/** The place of each row's update. */
function updateOfRows({ end }: SampledUpdates, rows: number): Int32Array {
  const updateOf = new Int32Array(rows);
  end.forEach((until, update) => updateOf.fill(update, update === 0 ? 0 : end[update - 1], until));
  return updateOf;
}

/** The delay of a row, µs. */
export function delayOf({ cacheDelayUs, syncWaitUs, refreshUs }: Omit<SampleRows, 'consumer'>, row: number): number {
  return cacheDelayUs[row] + syncWaitUs[row] + refreshUs[row];
}

function codeColumns(samples: SampleTable): CodedSamples {
  const { cacheDelayUs, syncWaitUs, refreshUs } = samples;
  checkStages(samples);
  return {
    updates: codeUpdates(samples),
    ...codeConsumers(samples, { cacheDelayUs, syncWaitUs, refreshUs }),
  };
}

function checkStages(samples: SampleTable): void {
  const { writtenAtUs, projectedAtUs } = samples;
  for (let row = 0; row < writtenAtUs.length; row++) {
    const delayUs = projectedAtUs[row] - writtenAtUs[row];
    if (delayOf(samples, row) === delayUs && writtenAtUs[row] + delayUs === projectedAtUs[row]) continue;
    throw new Error(`sample ${row + 1}: the stages do not sum to the delay of ${delayUs} µs`);
  }
}

function codeUpdates({ update, object, version, writtenAtUs }: SampleTable): SampledUpdates {
  const sameAsNext = (row: number): boolean =>
    update[row] === update[row + 1] &&
    object[row] === object[row + 1] &&
    version[row] === version[row + 1] &&
    writtenAtUs[row] === writtenAtUs[row + 1];
  const last: number[] = [];
  for (let row = 0; row < update.length; row++) if (!sameAsNext(row)) last.push(row);
  return {
    update: Int32Array.from(last, (row) => update[row]),
    object: last.map((row) => object[row]),
    version: Int32Array.from(last, (row) => version[row]),
    writtenAtUs: Float64Array.from(last, (row) => writtenAtUs[row]),
    end: Int32Array.from(last, (row) => row + 1),
  };
}

function codeConsumers(
  { node, pod, owner, as }: SampleTable,
  stages: Omit<SampleRows, 'consumer'>,
): Pick<CodedSamples, 'consumers' | 'rows'> {
  const keys = new TextCodes<string>();
  const consumer = Uint32Array.from(pod, (_, row) => keys.codeOf(JSON.stringify([node[row], pod[row], owner[row], as[row]]))); // prettier-ignore
  const firstRow = new Int32Array(keys.texts.length);
  for (let row = consumer.length - 1; row >= 0; row--) firstRow[consumer[row]] = row;
  const texts = <Text extends string>(column: readonly Text[]): CodedTexts<Text> =>
    codeNames(firstRow, column.length, (row) => column[row]);
  return {
    consumers: { node: texts(node), pod: texts(pod), owner: texts(owner), as: texts(as) },
    rows: { consumer, ...stages },
  };
}
