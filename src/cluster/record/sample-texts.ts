import type { SampleTable } from '../model/run-record.js';

/** Text of many rows: each different one once, and the index of each row's. */
export interface CodedTexts<Text extends string = string> {
  readonly texts: readonly Text[];
  readonly rows: Uint8Array | Uint16Array | Uint32Array;
}

/** Columns of samples that hold text. */
const TEXT_COLUMNS = ['object', 'node', 'pod', 'owner', 'as'] as const;
type TextColumn = (typeof TEXT_COLUMNS)[number];

/** Those columns, coded: millions of rows repeat some thousand names. */
export type SampleTexts = {
  readonly [Column in TextColumn]: CodedTexts<SampleTable[Column][number]>;
};

/** The other columns. */
export type SampleNumbers = Omit<SampleTable, TextColumn>;

const coded = new WeakMap<SampleTable, SampleTexts>();

/** Samples whose columns of text are made when they are read: who writes them to a file reads none (`sampleTexts`). */
export function samplesOf(numbers: SampleNumbers, texts: SampleTexts): SampleTable {
  const made: Partial<Record<TextColumn, readonly string[]>> = {};
  const samples = { ...numbers } as SampleTable;
  for (const column of TEXT_COLUMNS) {
    Object.defineProperty(samples, column, { enumerable: true, get: () => (made[column] ??= decoded(texts[column])) });
  }
  coded.set(samples, texts);
  return samples;
}

/** The text of samples, coded: as they were made, or from the columns of whoever has made them otherwise. */
export function sampleTexts(samples: SampleTable): SampleTexts {
  const known = coded.get(samples);
  if (known !== undefined) return known;
  return {
    object: textCodes(samples.object),
    node: textCodes(samples.node),
    pod: textCodes(samples.pod),
    owner: textCodes(samples.owner),
    as: textCodes(samples.as),
  };
}

/** Codes the names of entities, row by row; each name is made once. */
export class NameCodes<Text extends string> {
  readonly texts: Text[] = [];
  readonly rows: Uint32Array;
  private readonly codeOf = new Map<Text, number>();
  /** Of each entity: 0 where it was not met yet, else one more than its code. */
  private readonly known: Uint32Array;

  constructor(
    rows: number,
    entities: number,
    private readonly nameOf: (entity: number) => Text,
  ) {
    this.rows = new Uint32Array(rows);
    this.known = new Uint32Array(entities);
  }

  set(row: number, entity: number): void {
    const { known } = this;
    if (known[entity] === 0) known[entity] = codeOfText(this.nameOf(entity), this.texts, this.codeOf) + 1;
    this.rows[row] = known[entity] - 1;
  }
}

function textCodes<Text extends string>(column: readonly Text[]): CodedTexts<Text> {
  const texts: Text[] = [];
  const codeOf = new Map<Text, number>();
  const rows = new Uint32Array(column.length);
  let code = 0;
  for (let row = 0; row < rows.length; row++) {
    const text = column[row];
    // Mostly the text of the row before, or the one that followed it the last time: looked up only otherwise.
    if (text !== texts[code]) code = text === texts[code + 1] ? code + 1 : codeOfText(text, texts, codeOf);
    rows[row] = code;
  }
  return { texts, rows };
}

/** The code of a text, which is a new one where it has none. */
function codeOfText<Text extends string>(text: Text, texts: Text[], codeOf: Map<Text, number>): number {
  const known = codeOf.get(text);
  if (known !== undefined) return known;
  codeOf.set(text, texts.length);
  return texts.push(text) - 1;
}

function decoded({ texts, rows }: CodedTexts): readonly string[] {
  const column = new Array<string>(rows.length);
  for (let row = 0; row < rows.length; row++) column[row] = texts[rows[row]];
  return column;
}
