import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export type Row = Readonly<Record<string, string>>;

/** Rows of a file of experiments/validation, without `.csv` or `.csv.gz`; none of its cells is quoted. */
export function measured(file: string): Row[] {
  const path = new URL(`../../../experiments/validation/${file}.csv`, import.meta.url);
  const text = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path.pathname}.gz`));
  const [header, ...lines] = text.toString('utf8').trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}
