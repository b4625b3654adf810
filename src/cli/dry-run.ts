import { clusterSize } from '../experiment/cluster-size.js';
import type { Experiment } from '../experiment/experiment.js';
import { formatSeconds } from '../experiment/progress.js';
import { jobsOf } from '../experiment/runner.js';
import { formatShard, type Shard } from '../experiment/shard.js';
import { estimateRunSeconds } from '../experiment/time-estimate.js';
import type { OutputFormat } from './options.js';
import { formatRows } from './print.js';

const COLUMNS = [
  { name: 'scenario' },
  ...(['nodes', 'pods', 'objects', 'consumers', 'runs'] as const).map((name) => ({
    name,
    alignment: 'right' as const,
  })),
];

/**
 * What `run --dry-run` prints: the scenarios, how large they are, how many runs they make, and roughly how
 * long these take on so many workers.
 */
export function formatDryRun(experiment: Experiment, output: OutputFormat, workers: number, shard?: Shard): string {
  const { name, scenarios, replications } = experiment;
  const sizes = scenarios.map((scenario) => clusterSize(scenario.input.cluster));
  const rows = scenarios.map((scenario, index) => {
    const { nodes, pods, objects, consumers } = sizes[index];
    return [scenario.name, nodes, pods, objects, consumers, replications];
  });
  const list = formatRows(output, COLUMNS, rows);
  if (output !== 'table') return list;
  const runs = scenarios.length * replications;
  const jobs = jobsOf(experiment, shard);
  const part = shard === undefined ? '' : `, of which shard ${formatShard(shard)} computes ${jobs.length}`;
  const total = `${name}: ${plural(scenarios.length, 'scenario')} × ${plural(replications, 'replication')} = ${plural(runs, 'run')}${part}`;
  const costs = scenarios.map(({ input }) => estimateRunSeconds(input));
  const seconds = jobs.reduce((sum, { scenario }) => sum + costs[scenario], 0);
  const parallel = Math.max(1, Math.min(workers, jobs.length));
  const time = `Rough estimate: ${formatSeconds(seconds / parallel)} on ${plural(parallel, 'worker')}; nothing was run or written.`;
  return `${total}\n\n${list}\n${time}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
