import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CsvError, parse } from 'csv-parse/sync';
import { InputError } from '../experiment/language/values/input-error.js';

/** A row of a table: cells by column. */
export type CsvRow = Readonly<Record<string, string>>;

/** Columns that a table has to have, and those of them that hold a number in every row. */
export interface Columns {
  readonly text?: readonly string[];
  readonly numbers?: readonly string[];
}

/** The CSV files of a folder, read when they are asked for, and once. */
export class MeasuredFolder {
  private readonly known = new Map<string, readonly CsvRow[]>();

  /** `path`: as people name it. */
  constructor(readonly path: string) {}

  /** True where the folder has a table, by the name of its file without `.csv` or `.csv.gz`. */
  has(name: string): boolean {
    return existsSync(join(this.path, `${name}.csv`)) || existsSync(join(this.path, `${name}.csv.gz`));
  }

  /**
   * Rows of a table.
   * @throws InputError where it is missing, is no CSV, or lacks what is needed
   */
  rows(name: string, columns: Columns = {}): readonly CsvRow[] {
    const rows = this.known.get(name) ?? this.read(name);
    this.known.set(name, rows);
    if (rows.length === 0) throw new InputError([`${join(this.path, name)}.csv: has no rows`]);
    this.check(name, rows, columns);
    return rows;
  }

  /** Rows of a table that a folder may do without, or that may have none. */
  optionalRows(name: string, columns: Columns = {}): readonly CsvRow[] {
    if (!this.has(name)) return [];
    const rows = this.known.get(name) ?? this.read(name);
    return rows.length === 0 ? rows : this.rows(name, columns);
  }

  /** Bytes of another file of the folder; undefined where it is missing. */
  bytes(file: string): Buffer | undefined {
    const path = join(this.path, file);
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  private read(name: string): CsvRow[] {
    const plain = this.bytes(`${name}.csv`);
    const packed = plain === undefined ? this.bytes(`${name}.csv.gz`) : undefined;
    if (plain === undefined && packed === undefined)
      throw new InputError([`${this.path}: has no ${name}.csv or ${name}.csv.gz, which a laboratory's folder needs`]);
    try {
      return parse<CsvRow>(plain ?? gunzipSync(packed ?? Buffer.alloc(0)), { columns: true, bom: true });
    } catch (error) {
      if (!(error instanceof CsvError) && !isBadGzip(error)) throw error;
      throw new InputError([`${this.path}: ${name}.csv cannot be read as CSV with a header`]);
    }
  }

  private check(name: string, rows: readonly CsvRow[], { text = [], numbers = [] }: Columns): void {
    const file = `${join(this.path, name)}.csv`;
    const missing = [...text, ...numbers].filter((column) => !(column in rows[0]));
    if (missing.length > 0) throw new InputError([`${file}: has no column ${missing.join(', ')}`]);
    for (const column of numbers) {
      const bad = rows.findIndex((row) => row[column].trim() === '' || !Number.isFinite(Number(row[column])));
      if (bad >= 0) throw new InputError([`${file}, row ${bad + 1}: ${column} is not a number`]);
    }
  }
}

/** True for what zlib says of bytes that are no gzip. */
function isBadGzip(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
