import type { Cell } from '../report/csv.js';
import type { ValidationTable } from '../validation/tables.js';
import { formatRows, type PrintColumn } from './format-rows.js';
import type { OutputFormat } from './options.js';

/** Columns that a terminal has no room for; they are in the files. */
const FILES_ONLY = ['source', 'unit', 'p', 'explanation'];
const WIDTHS: Readonly<Record<string, number>> = { name: 44, formula: 34 };

/** The tables with their verdicts, and where the files are: for people, or for programs. */
export function formatValidation(
  format: OutputFormat,
  tables: readonly ValidationTable[],
  files: readonly string[],
): string {
  if (format === 'json') {
    const objects = tables.map(({ name, title, columns, rows }) => ({
      name,
      title,
      rows: rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]]))),
    }));
    return `${JSON.stringify(objects, null, 2)}\n`;
  }
  const texts = tables.map((table) => {
    const shown = table.columns.flatMap((name, i) =>
      format === 'table' && FILES_ONLY.includes(name) ? [] : [{ name, index: i }],
    );
    const rows = table.rows.map((row) => shown.map(({ index }) => printable(row[index])));
    const columns = shown.map(({ name }, i): PrintColumn => ({
      name,
      alignment: table.rows.some((row) => typeof row[shown[i].index] === 'number') ? 'right' : 'left',
      ...(name in WIDTHS && { width: WIDTHS[name] }),
    }));
    const text = formatRows(format, columns, rows);
    return format === 'csv' ? text : `${table.title}\n\n${text}\n${notesOf(table)}`;
  });
  const where = format === 'table' && files.length > 0 ? `${files.join('\n')}\n` : '';
  return `${texts.join('\n')}${where}`;
}

const printable = (cell: Cell): string | number => cell ?? '';

/** How many rows agree, and why others are known to miss. */
function notesOf({ columns, rows, misses }: ValidationTable): string {
  const verdict = columns.indexOf('verdict');
  if (verdict < 0) return '';
  const explanation = columns.indexOf('explanation');
  const agree = rows.filter((row) => row[verdict] === 'agrees').length;
  const reasons = [...new Set(rows.flatMap((row) => (row[verdict] === 'misses, explained' ? [row[explanation]] : [])))];
  const count = `${agree} of ${rows.length} rows agree${misses === 0 ? '' : `; ${misses} miss`}.`;
  return `${[count, ...reasons.map((reason) => `Misses: ${String(reason)}.`)].join('\n')}\n\n`;
}
