import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Tables with values that pictures are drawn from. */
const TABLES = ['runs', 'summary', 'delays', 'updates', 'load', 'restarts', 'rotation', 'last_pod'];
/** Columns of numbers that say which row it is; names of factors have dots. */
const KEYS = /^(?:replication|n|update|version|server|quantile|share_of_.*)$|\./;

type Row = Readonly<Record<string, string>>;

/** Makes all values of a result's files so many times as large, as if they had been measured so: times, rates and counts. */
export async function magnify(folder: string, factor: number): Promise<void> {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { readonly files: { name: string; sha256: string }[] };
  for (const file of manifest.files.filter(({ name }) => TABLES.includes(name.replace(/\.csv$/, '')))) {
    const rows = parse<Row>(await readFile(join(folder, file.name), 'utf8'), { columns: true });
    const text = stringify(
      rows.map((row) => magnified(row, factor)),
      { header: true },
    );
    await writeFile(join(folder, file.name), text);
    file.sha256 = createHash('sha256').update(text).digest('hex');
  }
  await writeFile(path, JSON.stringify(manifest));
}

function magnified(row: Row, factor: number): Row {
  const cells = Object.entries(row).map(([column, cell]) => {
    const isValue = cell !== '' && Number.isFinite(Number(cell)) && !KEYS.test(column);
    return [column, isValue ? String(Number(cell) * factor) : cell];
  });
  return Object.fromEntries(cells) as Row;
}
