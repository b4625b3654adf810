import { stringify, type Options } from 'csv-stringify/sync';
import { SECOND_US } from '../sim/units.js';
import { plainNumber } from './plain-number.js';

/** A cell: text, a number, or null for a missing value. */
export type Cell = string | number | null;

/** How the same table is spelt for different readers. */
export interface Dialect {
  /** For spreadsheets of countries with decimal commas: byte-order mark, `;` between cells, `,` in numbers. */
  readonly excel: boolean;
}

/** Rows of a spreadsheet (Excel and LibreOffice), header included. */
export const SPREADSHEET_ROWS = 1_048_576;

/**
 * Text that a spreadsheet would take for a formula: OWASP's list (CSV Injection) with the full-width
 * forms, also behind blanks, which Excel skips. A leading apostrophe makes it text.
 */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

/** Seconds of a whole number of microseconds. A division, as it is exactly rounded: at most six decimals are printed. */
export function seconds(microseconds: number): number {
  return microseconds / SECOND_US;
}

/**
 * Lines of CSV (RFC 4180 with LF) for some rows, each line with its line feed.
 * The header is a row like any other.
 */
export function csvLines(rows: readonly (readonly Cell[])[], dialect: Dialect): string {
  return stringify(rows as Cell[][], dialect.excel ? EXCEL : PLAIN);
}

/** What stands before the first line. */
export function csvPreamble(dialect: Dialect): string {
  return dialect.excel ? '\uFEFF' : '';
}

/** What begins a formula. */
const SIGNS = '[=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20]';

/**
 * Formulas within a cell, behind these separators: a reader that splits at others than ours knows no quote in the
 * middle of what it takes for a cell.
 */
function formulasBehind(separators: string): RegExp {
  return new RegExp(`(?=${SIGNS})(?<=\\S\\s*[${separators}]\\s*)`, 'g');
}
const IN_PLAIN = formulasBehind(';\\t\\r\\n');
const IN_EXCEL = formulasBehind(',;\\t\\r\\n');

const harmless =
  (inner: RegExp) =>
  (text: string): string =>
    (FORMULA.test(text) ? "'" : '') + text.replace(inner, "'");

const COMMON: Options = {
  record_delimiter: '\n',
  // Also of text with a lone carriage return: naming the delimiter alone would switch that off.
  quote_record_delimiter: true,
  // A reader that also splits at the other separators must not find a formula behind one.
  quoted_match: /[;\t]/,
};
const PLAIN: Options = { ...COMMON, cast: { string: harmless(IN_PLAIN), number: plainNumber } };
const EXCEL: Options = {
  ...COMMON,
  delimiter: ';',
  cast: { string: harmless(IN_EXCEL), number: (value) => plainNumber(value).replace('.', ',') },
};
