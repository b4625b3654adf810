import { getBorderCharacters, table, type ColumnUserConfig } from 'table';

/** How a column is printed. */
export type PlainColumn = Pick<ColumnUserConfig, 'alignment' | 'width' | 'wrapWord'>;

/** Blanks between two columns. */
const GAP = 3;
/** Text of which each sign is one column wide. */
const NARROW = /^[\x20-\x7e]*$/;

/** Cells below each other as kubectl prints them, a line each row: no borders, three blanks between. */
export function plainTable(rows: readonly (readonly string[])[], columns: readonly PlainColumn[]): readonly string[] {
  const lines = isSimple(rows, columns) ? padded(rows, columns) : laidOut(rows, columns);
  // Nothing of it is left of a last row without text.
  while (lines.length > 1 && lines.at(-1)?.trimEnd() === '') lines.pop();
  return lines.map((line) => line.trimEnd());
}

function laidOut(rows: readonly (readonly string[])[], columns: readonly PlainColumn[]): string[] {
  return table(rows, {
    border: getBorderCharacters('void'),
    drawHorizontalLine: () => false,
    columnDefault: { paddingLeft: 0, paddingRight: GAP },
    columns,
  }).split('\n');
}

/** Whether nothing is wrapped or has to be measured: so are nearly all tables, and some have thousands of rows. */
function isSimple(rows: readonly (readonly string[])[], columns: readonly PlainColumn[]): boolean {
  const fixed = columns.every(
    ({ alignment, width, wrapWord }) =>
      width === undefined && wrapWord === undefined && (alignment === 'left' || alignment === 'right'),
  );
  return fixed && rows.every((row) => row.every((cell) => NARROW.test(cell)));
}

function padded(rows: readonly (readonly string[])[], columns: readonly PlainColumn[]): string[] {
  const widths = columns.map((_, i) => rows.reduce((most, row) => Math.max(most, row[i].length), 0));
  const pad = (cell: string, i: number): string =>
    columns[i].alignment === 'left' ? cell.padEnd(widths[i]) : cell.padStart(widths[i]);
  return rows.map((row) => row.map(pad).join(' '.repeat(GAP)));
}
