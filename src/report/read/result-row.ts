/** A row of a result file: its cells as text, by column. */
export type ResultRow = Readonly<Record<string, string>>;

/** The cell as a number; null where it is empty or missing. @throws RangeError for anything else */
export function numberIn(row: ResultRow, column: string): number | null {
  const text = row[column] as string | undefined;
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (Number.isNaN(number)) throw new RangeError(`a cell of ${column} is not a number`);
  return number;
}

/** A count; a missing one is 0. */
export function countIn(row: ResultRow, column: string): number {
  return numberIn(row, column) ?? 0;
}
