import type { Cell, Dialect } from './csv.js';
import { LineBytes } from './line-bytes.js';

/** Some lines of a table, each with its line feed. */
export interface LineChunk {
  readonly rows: number;
  /** UTF-8; valid until the next chunk but one is asked for. */
  readonly bytes: Uint8Array;
}

/** The lines of a table, made when they are asked for: a table is never in memory as a whole. */
export interface Lines {
  /** The next lines, at most so many; null: there are no more. */
  next(most: number): LineChunk | null;
}

/** Rows that are written at a time: enough to be fast, few enough to be small. */
const CHUNK_ROWS = 1000;

/** Lines of rows of cells. */
export class RowLines implements Lines {
  private readonly rows: Iterator<readonly Cell[]>;
  private readonly lines: LineBytes;

  constructor(rows: Iterable<readonly Cell[]>, dialect: Dialect) {
    this.rows = rows[Symbol.iterator]();
    this.lines = new LineBytes(dialect);
  }

  next(most: number): LineChunk | null {
    const limit = Math.min(most, CHUNK_ROWS);
    let rows = 0;
    for (; rows < limit; rows++) {
      const row = this.rows.next();
      if (row.done === true) break;
      for (const cell of row.value) this.lines.cell(cell);
      this.lines.endLine();
    }
    return rows === 0 ? null : { rows, bytes: this.lines.take() };
  }
}
