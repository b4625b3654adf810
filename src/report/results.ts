import type { Experiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import type { Column } from './columns.js';
import { csvLines, csvPreamble, type Dialect, SPREADSHEET_ROWS } from './csv.js';
import { dataPackageJson } from './data-package.js';
import { DATA_PACKAGE_FILE, MANIFEST_FILE, partName, REPORT_FILE, tableOfPart } from './file-names.js';
import { manifestJson } from './manifest.js';
import { type Check, ResultFolder } from './result-folder.js';
import { isTableName, type NamedTable, resultTables } from './result-tables.js';
import { summarizeScenarios } from './scenario-summary.js';
import { linesOf } from './tables/table.js';

/** How the result files are written. */
export interface ResultOptions extends Dialect {
  /** Rows of a file, header included, before it is continued in a next part. Default: what spreadsheets open. */
  readonly maxRows?: number;
  /**
   * Makes sure, before each change, that the folder is still ours.
   * @internal `runToFolder` brings it along.
   */
  readonly check?: Check;
}

/**
 * Writes the result files of an experiment. The same experiment gives the same bytes in every file,
 * whatever the order in which its runs finished, but for `execution` in manifest.json.
 * @returns the paths of the files written
 * @throws OutputError when the folder or the disk does not take them; the previous result is kept then
 */
export function writeResults(
  dir: string,
  experiment: Experiment,
  outcome: RunOutcome,
  options: ResultOptions,
): Promise<readonly string[]> {
  return ResultFolder.replace(
    dir,
    isResultFile,
    async (folder) => {
      const notes: string[] = [];
      const columns = new Map<string, readonly Column[]>();
      for (const table of resultTables(experiment, summarizeScenarios(experiment, outcome))) {
        const parts = await writeTable(folder, table, options);
        for (const part of parts) columns.set(part, table.columns);
        if (parts.length > 1)
          notes.push(`${parts[0]} is continued in ${parts.slice(1).join(', ')}: spreadsheets open no more rows`);
      }
      const tables = folder.files.map((file) => ({ ...file, columns: columns.get(file.name) ?? [] }));
      await writeText(folder, DATA_PACKAGE_FILE, dataPackageJson(experiment, tables, options));
      const files = [...folder.files];
      await writeText(folder, MANIFEST_FILE, manifestJson(experiment, outcome, files, notes));
    },
    options.check,
  );
}

/** Whether a file belongs to a result: a report of other numbers goes with them. */
function isResultFile(name: string): boolean {
  const table = tableOfPart(name);
  return OTHER_FILES.includes(name) || (table !== null && isTableName(table));
}

/** Removes what killed processes have left in a folder of their result files under other names. */
export function tidyResults(dir: string): Promise<void> {
  return ResultFolder.tidy(dir, isResultFile);
}

/** Files of a result that hold no table. */
const OTHER_FILES: readonly string[] = [MANIFEST_FILE, DATA_PACKAGE_FILE, REPORT_FILE];

async function writeText(folder: ResultFolder, name: string, text: string): Promise<void> {
  await folder.write(name, async (file) => {
    await file.write(text);
    return 0;
  });
}

/** Writes a table in as many parts as the row limit asks for. @returns the names of the parts */
async function writeTable(folder: ResultFolder, table: NamedTable, options: ResultOptions): Promise<readonly string[]> {
  const rowsMax = (options.maxRows ?? SPREADSHEET_ROWS) - 1;
  const header = csvPreamble(options) + csvLines([table.columns.map((column) => column.name)], options);
  const lines = linesOf(table, options);
  const parts: string[] = [];
  let chunk = lines.next(rowsMax);
  do {
    const part = partName(table.name, parts.length + 1);
    parts.push(part);
    await folder.write(part, async (file) => {
      let written = 0;
      await file.write(header);
      while (chunk !== null) {
        const onItsWay = file.write(chunk.bytes);
        written += chunk.rows;
        const isFull = written === rowsMax;
        // The next lines are made while the disk takes these.
        chunk = await whileWaiting(onItsWay, () => lines.next(isFull ? rowsMax : rowsMax - written));
        if (isFull) break;
      }
      return written;
    });
  } while (chunk !== null);
  return parts;
}

/** Does something while something else is on its way, and waits for that also where it fails. */
async function whileWaiting<T>(onItsWay: Promise<void>, act: () => T): Promise<T> {
  try {
    return act();
  } finally {
    await onItsWay;
  }
}
