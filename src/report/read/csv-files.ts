import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { readError } from '../../experiment/language/read-error.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import type { WrittenFile } from '../result-folder.js';
import type { ResultRow } from './result-row.js';

/** A file of a result folder; with a hash it is held to it. */
export type ResultFile = Pick<WrittenFile, 'name'> & Partial<Pick<WrittenFile, 'sha256'>>;

const BYTE_ORDER_MARK = '\uFEFF';
const DECIMAL_COMMA = /^-?\d+,\d+$/;
/** The apostrophe before text that a spreadsheet would take for a formula. */
const HARMLESS = /(?<=^|\S\s*[,;\t\r\n]\s*)'(?=\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^'(?=[\t\r\n])/g;
/** Columns that hold numbers, of all tables. */
const NUMERIC = /_(?:s|bytes|cores|percent)$|^(?:replication|n|mean|stddev|ci95_low|ci95_high|min|max|quantile)$/;

/**
 * Reads the wanted rows of a result table, all of its parts, in either dialect of `run` (a byte-order mark tells
 * the one for spreadsheets). The file is never in memory as a whole.
 * @param files the parts in the folder
 * @throws InputError where a file is missing, is no CSV, or is not the one whose hash the manifest has; with the
 * line of the damage where that can be told
 */
export async function readRows(
  folder: string,
  files: readonly ResultFile[],
  wanted: (row: ResultRow) => boolean = () => true,
): Promise<readonly ResultRow[]> {
  const rows: ResultRow[] = [];
  await visitRows(folder, files, (row) => {
    if (wanted(row)) rows.push(row);
  });
  return rows;
}

/** Reads a result table as `readRows` does, row by row: none is kept. */
export async function visitRows(
  folder: string,
  files: readonly ResultFile[],
  visit: (row: ResultRow) => void,
): Promise<void> {
  for (const { name, sha256 } of files) {
    const path = join(folder, name);
    let damaged: number | null = null;
    const hash = createHash('sha256');
    try {
      for await (const { row, line } of rowsOf(path, hash)) {
        if (damaged === null && isDamaged(row)) damaged = line;
        visit(row);
      }
    } catch (error) {
      if (error instanceof CsvError) throw damage(path, lineOf(error), 'is no row of this table');
      throw readError(path, error);
    }
    if (sha256 === undefined ? damaged !== null : hash.digest('hex') !== sha256) {
      throw damage(
        path,
        damaged,
        damaged === null ? 'is not the file that its manifest.json tells of' : 'has a cell that is no number',
      );
    }
  }
}

async function* rowsOf(path: string, hash: Hash): AsyncGenerator<{ readonly row: ResultRow; readonly line: number }> {
  const source = createReadStream(path);
  const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  if (first.done !== true) hash.update(first.value);
  const excel = first.done !== true && first.value.toString('utf8', 0, 3).startsWith(BYTE_ORDER_MARK);
  const parser = parse({ columns: true, bom: true, info: true, delimiter: excel ? ';' : ',' });
  // An error of either ends the iteration below; the callback only keeps it from being thrown twice.
  pipeline(hashed(first, chunks, hash), parser, () => undefined);
  for await (const record of parser) {
    const { record: row, info } = record as { readonly record: ResultRow; readonly info: Info };
    yield { row: plain(row, excel), line: info.lines };
  }
}

async function* hashed(first: IteratorResult<Buffer>, rest: AsyncIterator<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  if (first.done === true) return;
  yield first.value;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    hash.update(next.value);
    yield next.value;
  }
}

function isDamaged(row: ResultRow): boolean {
  return Object.entries(row).some(
    ([column, cell]) => NUMERIC.test(column) && cell !== '' && !Number.isFinite(Number(cell)),
  );
}

function lineOf(error: CsvError): number | null {
  return typeof error['lines'] === 'number' ? error['lines'] : null;
}

function damage(path: string, line: number | null, what: string): InputError {
  const place = line === null ? path : `${path}:${line}`;
  return new InputError([`${place}: ${what}: it was changed or damaged; run the experiment again with --force`]);
}

/** The row as a program reads it: without decimal commas and without what makes formulas harmless. */
function plain(row: ResultRow, excel: boolean): ResultRow {
  const changed = Object.entries(row).flatMap(([column, cell]): readonly (readonly [string, string])[] => {
    if (excel && DECIMAL_COMMA.test(cell)) return [[column, cell.replace(',', '.')]];
    const text = cell.replace(HARMLESS, '');
    return text === cell ? [] : [[column, text]];
  });
  return changed.length === 0 ? row : { ...row, ...Object.fromEntries(changed) };
}
