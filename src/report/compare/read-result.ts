import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { METRICS, type MetricName } from '../../cluster/run-record.js';
import { readError } from '../../experiment/input-bytes.js';
import { InputError } from '../../experiment/input-error.js';

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
  files: z.array(z.object({ name: z.string() })),
});

const rowSchema = z.looseObject({ scenario: z.string(), replication: z.string(), seed: z.string() });
type Row = z.output<typeof rowSchema>;

/** Reads what `run` has written to a folder. Throws an InputError where it is no result, or damaged. */
export async function readResult(folder: string): Promise<ReadResult> {
  const manifest = await readManifest(join(folder, 'manifest.json'));
  const names = manifest.files.map(({ name }) => name).filter((name) => /^runs(?:-part\d+)?\.csv$/.test(name));
  const runs = (await Promise.all(names.map((name) => readRuns(join(folder, name))))).flat();
  return {
    folder,
    version: manifest.tool.version,
    complete: manifest.complete,
    inputs: manifest.inputs,
    spec: manifest.spec,
    scenarios: manifest.scenarios.map(({ name, factors }) => ({
      name,
      factors,
      runs: runs
        .filter(({ scenario }) => scenario === name)
        .map(({ run }) => run)
        .sort((a, b) => a.replication - b.replication),
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

async function readRuns(path: string): Promise<{ readonly scenario: string; readonly run: ReadRun }[]> {
  const text = await textOf(path);
  // `--excel` writes semicolons and decimal commas.
  const excel = /^\uFEFF?run_id;/.test(text);
  try {
    const rows: unknown[] = parse(text, { columns: true, bom: true, delimiter: excel ? ';' : ',' });
    return rows.map((row) => {
      const cells = rowSchema.parse(row);
      return { scenario: cells.scenario, run: runOf(cells, excel) };
    });
  } catch {
    throw new InputError([`${path}: is not a table of runs as secretsim run writes it; run it again with --force`]);
  }
}

function runOf(cells: Row, excel: boolean): ReadRun {
  const numberIn = (metric: MetricName): number | null => {
    const cell = cells[metric];
    if (typeof cell !== 'string' || cell === '') return null;
    const value = Number(excel ? cell.replace(',', '.') : cell);
    if (!Number.isFinite(value)) throw new RangeError(`${metric} is ${cell}`);
    return value;
  };
  const metrics = Object.fromEntries(METRICS.map((metric) => [metric, numberIn(metric)]));
  return {
    replication: Number(cells.replication),
    seed: cells.seed,
    metrics: metrics as Record<MetricName, number | null>,
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
}
