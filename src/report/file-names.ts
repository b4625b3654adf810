/** The file that vouches for the others of a result. */
export const MANIFEST_FILE = 'manifest.json';

/** The file that says how to read the others: types, units, missing values, keys. */
export const DATA_PACKAGE_FILE = 'datapackage.json';

/** The page about a result. */
export const REPORT_FILE = 'report.html';

/** The file of a table, or of its continuation: `load.csv`, `load-part2.csv`, … */
export function partName(table: string, part: number): string {
  return part === 1 ? `${table}.csv` : `${table}-part${part}.csv`;
}

/** The table that a file holds or continues; null where it is no CSV file. */
export function tableOfPart(file: string): string | null {
  return /^(.+?)(?:-part\d+)?\.csv$/.exec(file)?.[1] ?? null;
}
