import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment } from './experiment/experiment.js';
import { InputError } from './experiment/input-error.js';
import { PARTS_FOLDER, RunParts } from './experiment/parts.js';
import { runExperiment, type RunOptions, type RunOutcome } from './experiment/runner.js';
import { OutputError } from './report/output-error.js';
import { writeResults } from './report/results.js';
import { TOOL } from './tool.js';

/** How an experiment is run into a folder. */
export interface FolderOptions extends Omit<RunOptions, 'parts'> {
  /** Replaces what the folder holds: finished runs, and the results of this or another experiment. */
  readonly force?: boolean;
  /** Files for spreadsheets in the dialect of countries that write decimal commas. */
  readonly excel?: boolean;
}

/** What became of it: results written, nothing to do, or stopped by the signal. */
export type FolderOutcome =
  | { readonly status: 'done'; readonly outcome: RunOutcome; readonly files: readonly string[] }
  | { readonly status: 'already complete' }
  | { readonly status: 'interrupted'; readonly outcome: RunOutcome };

/**
 * Runs an experiment and writes its results. Finished runs are kept in the folder until all are: after an
 * interruption or a failed run, the next call goes on from there. A single run (`only`) is not kept, and
 * its result is written only where no other one is replaced, unless forced.
 * @throws InputError when the folder belongs to something else: nothing is computed and nothing written
 * @throws OutputError when the folder cannot be written
 */
export async function runToFolder(
  experiment: Experiment,
  folder: string,
  options: FolderOptions = {},
): Promise<FolderOutcome> {
  const { force = false, excel = false, ...runOptions } = options;
  if (!force && (await holdsResult(folder, experiment, options.only))) return { status: 'already complete' };
  if (options.only !== undefined) {
    const outcome = await runExperiment(experiment, runOptions);
    if (outcome.interrupted) return { status: 'interrupted', outcome };
    return { status: 'done', outcome, files: await writeResults(folder, experiment, outcome, { excel }) };
  }
  const partsFolder = join(folder, PARTS_FOLDER);
  const engine = options.eager === true ? 'eager' : 'lazy';
  const identity = { experiment: experiment.hash, version: TOOL.version, engine } as const;
  const parts = await OutputError.guard(folder, () => RunParts.open(folder, identity, force));
  try {
    const outcome = await OutputError.guard(partsFolder, () => runExperiment(experiment, { ...runOptions, parts }));
    if (outcome.interrupted) return { status: 'interrupted', outcome };
    const files = await writeResults(folder, experiment, outcome, { excel });
    if (outcome.complete) await OutputError.guard(partsFolder, () => parts.remove());
    return { status: 'done', outcome, files };
  } finally {
    await parts.close();
  }
}

/**
 * Whether a folder already holds the complete result of this experiment.
 * @throws InputError when it holds another one, which would be overwritten
 */
async function holdsResult(folder: string, experiment: Experiment, only: string | undefined): Promise<boolean> {
  const path = join(folder, 'manifest.json');
  const manifest = await readManifest(path);
  if (manifest === null) return false;
  const advice = '--force replaces them, another --out leaves them alone';
  if (manifest.tool?.name !== TOOL.name) {
    throw new InputError([`${path} was not written by ${TOOL.name}: choose another --out`]);
  }
  if (manifest.hash !== experiment.hash) {
    throw new InputError([`${folder} holds the results of an experiment with other settings; ${advice}`]);
  }
  if (manifest.tool.version !== TOOL.version) {
    const version = String(manifest.tool.version);
    throw new InputError([`${folder} holds results of ${TOOL.name} ${version} (this is ${TOOL.version}); ${advice}`]);
  }
  if (only !== undefined) {
    throw new InputError([`${folder} holds results, and --only ${only} would leave those of one run; ${advice}`]);
  }
  return manifest.complete === true;
}

/** What this module needs of a manifest.json; anything may be missing in a foreign one. */
interface Manifest {
  readonly tool?: { readonly name?: unknown; readonly version?: unknown };
  readonly hash?: unknown;
  readonly complete?: unknown;
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
