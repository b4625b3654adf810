import { visible } from '../experiment/language/values/visible.js';
import { csvLines } from '../report/csv.js';
import { plainTable } from '../report/plain-table.js';
import type { OutputFormat } from './options.js';

/** A column of a printed list. */
export interface PrintColumn {
  /** Name in JSON and CSV; also the heading, with blanks for underscores. */
  readonly name: string;
  readonly alignment?: 'left' | 'right';
  /** Longer cells are broken into lines, in tables only. */
  readonly width?: number;
}

type PrintCell = string | number;

/** A list as a table for people, or as JSON or CSV for programs. Ends with a line feed. */
export function formatRows(
  format: OutputFormat,
  columns: readonly PrintColumn[],
  rows: readonly (readonly PrintCell[])[],
): string {
  const names = columns.map(({ name }) => name);
  switch (format) {
    case 'csv':
      return csvLines([names, ...rows], { excel: false });
    case 'json': {
      const objects = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
      return `${JSON.stringify(objects, null, 2)}\n`;
    }
    case 'table':
      return formatTable(columns, rows);
  }
}

function formatTable(columns: readonly PrintColumn[], rows: readonly (readonly PrintCell[])[]): string {
  const headings = columns.map(({ name }) => name.toUpperCase().replaceAll('_', ' '));
  const lines = plainTable(
    [headings, ...rows.map((row) => row.map(printable))],
    columns.map(({ alignment = 'left', width }) => ({
      alignment,
      wrapWord: true,
      ...(width !== undefined && { width }),
    })),
  );
  return `${lines.join('\n')}\n`;
}

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

function printable(cell: PrintCell): string {
  return typeof cell === 'number' ? NUMBER.format(cell) : visible(cell);
}
