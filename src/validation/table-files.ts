import { csvLines } from '../report/csv.js';
import { ResultFolder } from '../report/result-folder.js';
import type { ValidationTable } from './tables.js';

/**
 * Writes each table to `<name>.csv` in a folder; other files there stay as they are.
 * @returns the paths of the files
 * @throws OutputError when the folder cannot be written
 */
export async function writeTables(folder: string, tables: readonly ValidationTable[]): Promise<readonly string[]> {
  const own = new Set(tables.map(({ name }) => `${name}.csv`));
  return ResultFolder.replace(
    folder,
    (name) => own.has(name),
    async (files) => {
      for (const { name, columns, rows } of tables) {
        await files.write(`${name}.csv`, async (file) => {
          await file.write(csvLines([columns, ...rows], { excel: false }));
          return rows.length;
        });
      }
    },
  );
}
