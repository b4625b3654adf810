import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { InputError } from '../../experiment/input-error.js';

/** A row of a result file: its cells as text, by column. */
export type ResultRow = Readonly<Record<string, string>>;

/** The cell as a number; null where it is empty or missing. @throws RangeError for anything else */
export function numberIn(row: ResultRow, column: string): number | null {
  const text = row[column] as string | undefined;
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (Number.isNaN(number)) throw new RangeError(`${column}: ${text} is not a number`);
  return number;
}

/** A count; a missing one is 0. */
export function countIn(row: ResultRow, column: string): number {
  return numberIn(row, column) ?? 0;
}

const BYTE_ORDER_MARK = Buffer.from('\uFEFF', 'utf8');
const DECIMAL_COMMA = /^-?\d+,\d+$/;
/** The apostrophe before text that a spreadsheet would take for a formula. */
const HARMLESS = /^'(?=\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n])/;

/**
 * Reads the wanted rows of a result table, all of its parts, in either dialect of `run` (a byte-order mark tells
 * the one for spreadsheets). The file is never in memory as a whole.
 * @param files names of the parts in the folder
 * @throws InputError where a file is missing or is no CSV
 */
export async function readRows(
  folder: string,
  files: readonly string[],
  wanted: (row: ResultRow) => boolean = () => true,
): Promise<readonly ResultRow[]> {
  const rows: ResultRow[] = [];
  for (const file of files) {
    const path = join(folder, file);
    try {
      const excel = await isForSpreadsheets(path);
      const parser = parse({ columns: true, bom: true, delimiter: excel ? ';' : ',' });
      for await (const row of createReadStream(path).pipe(parser)) {
        if (wanted(row as ResultRow)) rows.push(plain(row as ResultRow, excel));
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new InputError([`${path}: cannot be read as a result file (${error.message.split('\n')[0]})`]);
    }
  }
  return rows;
}

/** The row as a program reads it: without decimal commas and without what makes formulas harmless. */
function plain(row: ResultRow, excel: boolean): ResultRow {
  const changed = Object.entries(row).flatMap(([column, cell]): readonly (readonly [string, string])[] => {
    if (excel && DECIMAL_COMMA.test(cell)) return [[column, cell.replace(',', '.')]];
    return HARMLESS.test(cell) ? [[column, cell.replace(HARMLESS, '')]] : [];
  });
  return changed.length === 0 ? row : { ...row, ...Object.fromEntries(changed) };
}

async function isForSpreadsheets(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(BYTE_ORDER_MARK.length), 0, BYTE_ORDER_MARK.length, 0);
    return buffer.equals(BYTE_ORDER_MARK);
  } finally {
    await handle.close();
  }
}
