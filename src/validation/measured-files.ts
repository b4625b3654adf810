import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { packageFile } from '../package-files.js';

/** A row of a table: cells by column. */
export type CsvRow = Readonly<Record<string, string>>;

/** The measurements that belong to the package. */
const FOLDER = packageFile('experiments/validation/');

const known = new Map<string, CsvRow[]>();

/** Rows of a committed measurement, by the name of its file without `.csv` or `.csv.gz`. */
export function measuredRows(name: string): readonly CsvRow[] {
  const rows = known.get(name) ?? readRows(name);
  known.set(name, rows);
  return rows;
}

function readRows(name: string): CsvRow[] {
  const plain = new URL(`${name}.csv`, FOLDER);
  const bytes = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(new URL(`${name}.csv.gz`, FOLDER)));
  return parse<CsvRow>(bytes, { columns: true });
}
