import { group } from 'd3-array';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { METRICS, type MetricName } from '../../cluster/model/run-record.js';
import { readError } from '../../experiment/language/read-error.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { MANIFEST_FILE } from '../file-names.js';
import { readRows } from '../read/csv-files.js';
import { numberIn, type ResultRow } from '../read/result-row.js';
import { partsOf } from '../read/manifest-file.js';

/** A run as `runs.csv` tells it. */
export interface ReadRun {
  readonly replication: number;
  readonly seed: string;
  /** null: the cell is empty, or the column is not there. */
  readonly metrics: Readonly<Record<MetricName, number | null>>;
}

/** A result folder, read. */
export interface ReadResult {
  readonly folder: string;
  readonly version: string;
  readonly complete: boolean;
  /** Hashes of other files that the experiment was made of, such as its topology. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  /** The resolved experiment; factors not applied. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly scenarios: readonly ReadScenario[];
}

/** A scenario of a result folder. */
export interface ReadScenario {
  readonly name: string;
  readonly factors: Readonly<Record<string, string | number | boolean>>;
  /** By replication, ascending. */
  readonly runs: readonly ReadRun[];
}

const manifestSchema = z.object({
  tool: z.object({ version: z.string() }),
  complete: z.boolean(),
  inputs: z.array(z.object({ path: z.string(), sha256: z.string() })),
  scenarios: z.array(
    z.object({ name: z.string(), factors: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
  ),
  spec: z.record(z.string(), z.unknown()),
  files: z.array(z.object({ name: z.string(), rows: z.number(), sha256: z.string() })),
});

/** What each row has to have. */
const COLUMNS = ['scenario', 'replication', 'seed'];

/** Reads what `run` has written to a folder. Throws an InputError where it is no result, or damaged. */
export async function readResult(folder: string): Promise<ReadResult> {
  const manifest = await readManifest(join(folder, MANIFEST_FILE));
  const rows = await readRows(folder, partsOf(manifest, 'runs'));
  if (rows.some((row) => COLUMNS.some((column) => !Object.hasOwn(row, column)))) {
    throw new InputError([
      `${join(folder, 'runs.csv')}: is not a table of runs as secretsim run writes it; run it again with --force`,
    ]);
  }
  const runsOf = group(rows, (row) => row['scenario']);
  return {
    folder,
    version: manifest.tool.version,
    complete: manifest.complete,
    inputs: manifest.inputs,
    spec: manifest.spec,
    scenarios: manifest.scenarios.map(({ name, factors }) => ({
      name,
      factors,
      runs: (runsOf.get(name) ?? []).map(runOf).sort((a, b) => a.replication - b.replication),
    })),
  };
}

async function readManifest(path: string): Promise<z.output<typeof manifestSchema>> {
  const text = await textOf(path);
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new InputError([`${path}: is not the manifest of a result of secretsim run`]);
  }
}

function runOf(row: ResultRow): ReadRun {
  return {
    replication: Number(row['replication']),
    seed: row['seed'],
    metrics: Object.fromEntries(METRICS.map((metric) => [metric, numberIn(row, metric)])) as ReadRun['metrics'],
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
}
