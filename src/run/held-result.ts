import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment } from '../experiment/language/experiment.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { describeDifference, identityOf, type PartsIdentity } from '../experiment/execution/parts-header.js';
import { MANIFEST_FILE } from '../report/file-names.js';
import { TOOL } from '../tool.js';

/**
 * Whether a folder already holds the complete result of this experiment.
 * @param only the single run whose result would be written, if it is one
 * @throws InputError when it holds another one, which would be overwritten
 */
export async function holdsResult(folder: string, experiment: Experiment, only?: string): Promise<boolean> {
  const path = join(folder, MANIFEST_FILE);
  const manifest = await readManifest(path);
  if (manifest === null) return false;
  const advice = '--force replaces them, another --out leaves them alone';
  if (manifest.tool?.name !== TOOL.name) {
    throw new InputError([`${path} was not written by ${TOOL.name}: choose another --out`]);
  }
  const difference = describeDifference(identityIn(manifest), identityOf(experiment, TOOL.version));
  if (difference !== null) throw new InputError([`${folder} holds the results of ${difference}; ${advice}`]);
  if (only !== undefined) {
    throw new InputError([`${folder} holds results, and --only ${only} would leave those of one run; ${advice}`]);
  }
  return manifest.complete === true;
}

/** What this module needs of a manifest.json; anything may be missing in a foreign one. */
interface Manifest {
  readonly tool?: { readonly name?: unknown; readonly version?: unknown };
  readonly experiment?: unknown;
  readonly hash?: unknown;
  readonly inputs?: unknown;
  readonly spec?: unknown;
  readonly complete?: unknown;
}

/** A result is the same with and without `eager`. */
function identityIn({ tool, experiment, hash, inputs, spec }: Manifest): PartsIdentity {
  const settings = { name: experiment, inputs, spec };
  return { experiment: String(hash), version: String(tool?.version), engine: 'lazy', settings };
}

async function readManifest(path: string): Promise<Manifest | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null; // None there; a folder that cannot be read is told of when it is opened for writing.
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
