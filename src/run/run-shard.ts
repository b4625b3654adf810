import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment } from '../experiment/language/experiment.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { identityOf } from '../experiment/execution/parts-header.js';
import { RunParts } from '../experiment/execution/parts.js';
import { runExperiment, type RunOptions, type RunOutcome } from '../experiment/execution/runner.js';
import { parseShardFolderName, shardFolderName, type Shard } from '../experiment/execution/shard.js';
import { OutputError } from '../report/output-error.js';
import { TOOL } from '../tool.js';

/** How a shard is run. */
export interface ShardOptions extends Omit<RunOptions, 'parts' | 'only' | 'shard'> {
  /** Discards the finished runs that the shard's folder holds. */
  readonly force?: boolean;
  /** Arguments of `secretsim run` that make the experiment: a merge that lacks runs prints them. */
  readonly arguments?: readonly string[];
}

/** What became of a shard. */
export interface ShardOutcome {
  /** Where its runs are kept. */
  readonly folder: string;
  /** Of its runs; of the experiment it is complete only where there is one shard. */
  readonly outcome: RunOutcome;
}

/**
 * Runs a shard of an experiment. Its finished runs, and the experiment, are kept in a folder of the shard's
 * own inside `folder`, where the shards of other machines may lie too; `mergeShards` makes the results of
 * them. The next call goes on where an earlier one stopped.
 * @throws InputError with `spec.precision`, or when the shard's folder belongs to something else: nothing is computed and nothing written
 * @throws OutputError when the folder cannot be written
 */
export async function runShard(
  experiment: Experiment,
  folder: string,
  shard: Shard,
  options: ShardOptions = {},
): Promise<ShardOutcome> {
  const { force = false, arguments: written = [], ...runOptions } = options;
  if (experiment.precision !== null) {
    throw new InputError([
      'spec.precision and --shard: how many replications are needed shows only where all results are; give a number in spec.replications',
    ]);
  }
  await refuseOtherCounts(folder, shard);
  const path = join(folder, shardFolderName(shard));
  const identity = { ...identityOf(experiment, TOOL.version, options.eager), shard, arguments: written };
  return OutputError.guard(path, async () => {
    const parts = await RunParts.open(path, identity, { discard: force, experiment });
    try {
      return { folder: path, outcome: await runExperiment(experiment, { ...runOptions, shard, parts }) };
    } finally {
      await parts.close();
    }
  });
}

/** Throws an InputError where shards of another number of shards lie: Slurm counts the tasks of a part of an array anew. */
async function refuseOtherCounts(folder: string, { index, count }: Shard): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const other = parseShardFolderName(name);
    if (other === null || other.count === count || (await RunParts.identityOf(join(folder, name))) === null) continue;
    throw new InputError([
      `${folder} has shards of ${other.count}, and this is shard ${index} of ${count}: they cannot be merged; ` +
        `give --shard I/${other.count} for one of those (auto counts the tasks of the array), or another --out`,
    ]);
  }
}
