import { getBorderCharacters, table, type ColumnUserConfig } from 'table';

/** How a column is printed. */
export type PlainColumn = Pick<ColumnUserConfig, 'alignment' | 'width' | 'wrapWord'>;

/** Cells below each other as kubectl prints them, a line each row: no borders, three blanks between. */
export function plainTable(rows: readonly (readonly string[])[], columns: readonly PlainColumn[]): readonly string[] {
  const text = table(rows, {
    border: getBorderCharacters('void'),
    drawHorizontalLine: () => false,
    columnDefault: { paddingLeft: 0, paddingRight: 3 },
    columns,
  });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}
