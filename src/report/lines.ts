import { csvLines, type Cell, type Dialect } from './csv.js';

/** Some lines of a table, each with its line feed. */
export interface LineChunk {
  readonly rows: number;
  /** UTF-8; valid until the next chunk is asked for. */
  readonly bytes: Uint8Array;
}

/** The lines of a table, made when they are asked for: a table is never in memory as a whole. */
export interface Lines {
  /** The next lines, at most so many; null: there are no more. */
  next(most: number): LineChunk | null;
}

/** Rows that are turned into text at a time: enough to be fast, few enough to be small. */
const CHUNK_ROWS = 1000;

/** Lines of rows of cells. */
export class RowLines implements Lines {
  private readonly rows: Iterator<readonly Cell[]>;
  private readonly dialect: Dialect;

  constructor(rows: Iterable<readonly Cell[]>, dialect: Dialect) {
    this.rows = rows[Symbol.iterator]();
    this.dialect = dialect;
  }

  next(most: number): LineChunk | null {
    const chunk: (readonly Cell[])[] = [];
    while (chunk.length < Math.min(most, CHUNK_ROWS)) {
      const row = this.rows.next();
      if (row.done === true) break;
      chunk.push(row.value);
    }
    if (chunk.length === 0) return null;
    return { rows: chunk.length, bytes: Buffer.from(csvLines(chunk, this.dialect), 'utf8') };
  }
}
