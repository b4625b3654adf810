import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { MANIFEST_FILE, tableOfPart } from '../file-names.js';
import type { WrittenFile } from '../result-folder.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { issueText, quotePath } from '../../experiment/language/quoting.js';
import { isSystemError } from '../../files/operations.js';
import { TOOL } from '../../tool.js';

const factorValue = z.union([z.string(), z.number(), z.boolean()]);

const precisionVerdict = z.object({
  replications: z.number(),
  needed: z.number().nullable(),
  relative_half_width: z.number().nullable(),
  stopped_by: z.enum(['precision', 'max', 'no value']),
});

const effort = { wall_s: z.number(), events: z.number(), draws: z.number() };
const execution = z.object({
  ...effort,
  started_at: z.string(),
  node_version: z.string(),
  cores: z.number(),
  workers: z.number(),
  engine: z.enum(['lazy', 'eager']),
  resumed_runs: z.number(),
  runs: z.array(z.object({ run_id: z.string(), ...effort })),
});

/** What the report needs of a manifest.json; further fields are ignored. */
const manifestSchema = z.object({
  tool: z.object({ name: z.string(), version: z.string() }),
  experiment: z.string(),
  question: z.string().optional(),
  complete: z.boolean(),
  hash: z.string(),
  seed: z.string(),
  replications: z.number(),
  factors: z.array(z.string()),
  scenarios: z.array(z.object({ name: z.string(), factors: z.record(z.string(), factorValue) })).min(1),
  spec: z.record(z.string(), z.json()),
  runs: z.array(
    z.object({ run_id: z.string(), scenario: z.string(), replication: z.number(), fingerprint: z.string() }),
  ),
  failed: z.array(z.object({ run_id: z.string(), message: z.string() })),
  precision: z.object({ scenarios: z.array(precisionVerdict).nullable() }).optional(),
  warnings: z.array(z.object({ warning: z.string(), runs: z.array(z.string()) })),
  notes: z.array(z.string()),
  files: z.array(z.object({ name: z.string(), rows: z.number(), sha256: z.string() })),
  execution: execution.optional(),
});

/** manifest.json, read back. */
export type ResultManifest = z.output<typeof manifestSchema>;

/** Reads a result folder's manifest. @throws InputError where the folder holds no result */
export async function readManifest(folder: string): Promise<ResultManifest> {
  const path = join(folder, MANIFEST_FILE);
  const advice = `${TOOL.name} run writes result folders: give one of them`;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const missing = isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR');
    throw new InputError([
      missing ? `${folder}: holds no ${MANIFEST_FILE}; ${advice}` : `${path}: is not JSON; ${advice}`,
    ]);
  }
  const result = manifestSchema.safeParse(value);
  if (result.success && result.data.tool.name === TOOL.name) return result.data;
  const issue = result.error?.issues.at(0);
  const why =
    issue === undefined
      ? `was not written by ${TOOL.name}`
      : `${quotePath(issue.path.map((step) => (typeof step === 'number' ? step : String(step))))}: ${issueText(issue)}`;
  throw new InputError([`${path}: ${why}; ${advice}`]);
}

/** The parts of a table (`load.csv`, `load-part2.csv`, …) that a manifest lists; none where there is no such table. */
export function partsOf({ files }: Pick<ResultManifest, 'files'>, table: string): readonly WrittenFile[] {
  return files.filter(({ name }) => tableOfPart(name) === table);
}
