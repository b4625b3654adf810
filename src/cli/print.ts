import { shown } from '../experiment/language/values/input-error.js';
import { visible, visibleLines } from '../experiment/language/values/visible.js';
import { csvLines } from '../report/csv.js';
import { OutputError } from '../report/output-error.js';
import { plainTable } from '../report/plain-table.js';
import { EXIT } from './exit-codes.js';
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

const BYTE_ORDER_MARK = '\uFEFF';

/** Writes data to standard output, without what would act on a terminal. */
export function print(text: string): void {
  const marked = text.startsWith(BYTE_ORDER_MARK);
  process.stdout.write((marked ? BYTE_ORDER_MARK : '') + visibleLines(marked ? text.slice(1) : text));
}

/**
 * Writes an answer with colours, if it has nothing else to be cleaned of.
 * @param render the answer with colours or without
 */
export function printStyled(render: (colour: boolean) => string, colour: boolean): void {
  const plain = visibleLines(render(false));
  // Where something was cleaned, there is an escape to be seen, and colours cannot be told from those of an input.
  process.stdout.write(colour && !plain.includes('\\u') ? render(true) : plain);
}

/** Writes a message for a person to standard error, in a line of its own. */
export function say(message: string): void {
  process.stderr.write(`${visibleLines(message)}\n`);
}

/** Writes several messages; of very many only the first. */
export function sayAll(messages: readonly string[], noun = 'warnings'): void {
  shown(messages, noun).forEach(say);
}

/**
 * Makes errors of the standard streams harmless: a reader that has seen enough (`secretsim presets | head -1`)
 * is no error, and a full disk behind `>` is told in one line (exit code 1).
 */
export function guardStandardStreams(): void {
  process.stdout.on('error', (error: Error & { readonly code?: unknown }) => {
    if (error.code === 'EPIPE') return;
    say(new OutputError('standard output', error).message);
    process.exit(EXIT.failed);
  });
  process.stderr.on('error', () => undefined);
}
