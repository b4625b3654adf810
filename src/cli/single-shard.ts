import { dirname } from 'node:path';
import { formatShard, type Shard } from '../experiment/execution/shard.js';
import type { ShardOutcome } from '../run/run-shard.js';
import { formatRows } from './format-rows.js';
import type { OutputFormat } from './options.js';

/** What `run --shard` prints: how many of the shard's runs are kept, and where. */
export function formatSingleShard(shard: Shard, { folder, outcome }: ShardOutcome, output: OutputFormat): string {
  const [finished, failed] = [outcome.runs.length, outcome.failed.length];
  if (output === 'table') {
    return (
      `shard ${formatShard(shard)}: ${finished} of ${finished + failed} runs are kept in ${folder}\n` +
      `when all shards are done: secretsim merge ${dirname(folder)}\n`
    );
  }
  const columns = ['shard', 'folder', 'finished', 'failed'].map((name) => ({ name }));
  return formatRows(output, columns, [[formatShard(shard), folder, finished, failed]]);
}
