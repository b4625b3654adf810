import { join } from 'node:path';
import type { Experiment } from '../experiment/language/experiment.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { jobsOf } from '../experiment/execution/jobs.js';
import { runExperiment, type RunOutcome } from '../experiment/execution/runner.js';
import { ShardFolders } from '../experiment/execution/shard-folders.js';
import { fillFolder, type FolderOutcome, type WriteOptions } from './run-to-folder.js';
import { TOOL } from '../tool.js';

/** How shards are merged. */
export interface MergeOptions extends WriteOptions {
  /** Folder for the result files. Default: `results/<name of the experiment>`. */
  readonly out?: string;
  /** Writes a result, marked so, although runs are missing: they are reported as failed. */
  readonly incomplete?: boolean;
}

/** What a merge gave. */
export interface MergedShards {
  readonly experiment: Experiment;
  readonly folder: string;
  readonly result: FolderOutcome;
}

/**
 * Makes the results of an experiment from the runs of its shards: the same files that one machine would have
 * written. The folders of the shards are only read.
 * @param directories folders of shards, and folders that such folders lie in, as `runShard` makes them
 * @throws InputError when runs are missing, double or of different experiments, or the folder for the results
 * belongs to something else: nothing is written
 * @throws OutputError when the folder cannot be written
 */
export async function mergeShards(directories: readonly string[], options: MergeOptions = {}): Promise<MergedShards> {
  const shards = await ShardFolders.open(directories, TOOL.version);
  const { experiment, eager } = shards;
  // All runs are taken from the shards, for nothing is computed after a signal.
  const found = await runExperiment(experiment, { parts: shards, eager, signal: AbortSignal.abort() });
  const finished = new Set(found.runs.map(({ runId }) => runId));
  const missing = jobsOf(experiment).filter(({ runId }) => !finished.has(runId));
  if (missing.length > 0 && options.incomplete !== true) {
    throw new InputError([...shards.describeMissing(finished), '--incomplete merges the others']);
  }
  const failed = missing.map(({ runId }) => ({ runId, message: 'the shards do not have it' }));
  const outcome: RunOutcome = { ...found, failed, interrupted: false };
  const folder = options.out ?? join('results', experiment.name);
  const result = await fillFolder(experiment, folder, { ...options, eager }, () => Promise.resolve(outcome));
  return { experiment, folder, result };
}
