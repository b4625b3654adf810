import { access } from 'node:fs/promises';
import { tryToWrite } from '../files/operations.js';
import { join } from 'node:path';
import type { Experiment } from '../experiment/language/experiment.js';
import { identityOf } from '../experiment/execution/parts-header.js';
import { PARTS_FOLDER, RunParts } from '../experiment/execution/parts.js';
import { runExperiment, type RunOptions, type RunOutcome } from '../experiment/execution/runner.js';
import { holdsResult } from './held-result.js';
import { OutputError } from '../report/output-error.js';
import { readOutcome } from '../report/read/stored-outcome.js';
import { tidyResults, writeResults } from '../report/results.js';
import { TOOL } from '../tool.js';

/** What is done with what a folder holds, and how the files are written. */
export interface WriteOptions {
  /** Replaces what the folder holds: finished runs, and the results of this or another experiment. */
  readonly force?: boolean;
  /** Files for spreadsheets in the dialect of countries that write decimal commas. */
  readonly excel?: boolean;
}

/** How an experiment is run into a folder. */
export interface FolderOptions extends Omit<RunOptions, 'parts' | 'shard'>, WriteOptions {}

/** What became of it: results written, read back where they were complete already, or stopped by the signal. */
export type FolderOutcome =
  | { readonly status: 'done'; readonly outcome: RunOutcome; readonly files: readonly string[] }
  | { readonly status: 'already complete'; readonly outcome: RunOutcome; readonly files: readonly string[] }
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
  if (options.only !== undefined) return writeSingleRun(experiment, folder, options);
  const compute = (parts: RunParts): Promise<RunOutcome> => runExperiment(experiment, { ...options, parts });
  return fillFolder(experiment, folder, options, compute);
}

/** Runs one run and writes its result, holding the folder meanwhile; runs that it keeps of others stay. */
async function writeSingleRun(
  experiment: Experiment,
  folder: string,
  { force = false, excel = false, ...options }: FolderOptions,
): Promise<FolderOutcome> {
  if (!force) await holdsResult(folder, experiment, options.only);
  await OutputError.guard(folder, () => tryToWrite(folder));
  const identity = identityOf(experiment, TOOL.version, options.eager);
  const hold = await OutputError.guard(folder, () => RunParts.hold(join(folder, PARTS_FOLDER), identity));
  try {
    // Another process may have written its own since.
    if (!force) await holdsResult(folder, experiment, options.only);
    const outcome = await runExperiment(experiment, options);
    if (outcome.interrupted) return { status: 'interrupted', outcome };
    const files = await writeResults(folder, experiment, outcome, { excel, check: () => hold.check() });
    return { status: 'done', outcome, files };
  } finally {
    await hold.close();
  }
}

/**
 * Holds a folder while `compute` finds an experiment's outcome, and writes the results.
 * @param compute is given the finished runs of the folder, and may keep more; they are removed when all are there
 * @throws InputError when the folder belongs to something else: `compute` is not called and nothing written
 * @throws OutputError when the folder cannot be written
 */
export async function fillFolder(
  experiment: Experiment,
  folder: string,
  { force = false, excel = false, eager = false }: WriteOptions & Pick<RunOptions, 'eager'>,
  compute: (parts: RunParts) => Promise<RunOutcome>,
): Promise<FolderOutcome> {
  const partsFolder = join(folder, PARTS_FOLDER);
  const complete = !force && (await holdsResult(folder, experiment));
  if (complete && !(await exists(partsFolder))) return storedOutcome(folder, experiment);
  const identity = identityOf(experiment, TOOL.version, eager);
  const parts = await OutputError.guard(folder, () => RunParts.open(partsFolder, identity, { discard: force }));
  try {
    if (complete) {
      // A process was killed after the last file and before it could remove the parts.
      await OutputError.guard(folder, () => tidyResults(folder));
      await OutputError.guard(partsFolder, () => parts.remove());
      return await storedOutcome(folder, experiment);
    }
    const outcome = await OutputError.guard(partsFolder, () => compute(parts));
    if (outcome.interrupted) return { status: 'interrupted', outcome };
    const files = await writeResults(folder, experiment, outcome, { excel, check: () => parts.check() });
    if (outcome.complete) await OutputError.guard(partsFolder, () => parts.remove());
    return { status: 'done', outcome, files };
  } finally {
    await parts.close();
  }
}

async function storedOutcome(folder: string, experiment: Experiment): Promise<FolderOutcome> {
  return { status: 'already complete', ...(await readOutcome(folder, experiment)) };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
