import { clusterSize } from '../experiment/language/cluster-size.js';
import type { Experiment } from '../experiment/language/experiment.js';
import { formatSeconds } from '../experiment/execution/progress.js';
import { jobsOf } from '../experiment/execution/jobs.js';
import { formatShard, type Shard } from '../experiment/execution/shard.js';
import { estimateRunSeconds } from '../experiment/language/time-estimate.js';
import { formatRows } from './format-rows.js';
import type { OutputFormat } from './options.js';

/** Runs that take longer are announced, s. */
const ANNOUNCED_FROM_S = 5;

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
  const { scenarios, replications } = experiment;
  const rows = scenarios.map((scenario) => {
    const { nodes, pods, objects, consumers } = clusterSize(scenario.input.cluster);
    return [scenario.name, nodes, pods, objects, consumers, replications];
  });
  const list = formatRows(output, COLUMNS, rows);
  if (output !== 'table') return list;
  return `${totalOf(experiment, shard)}\n\n${list}\n${timeOf(experiment, workers, shard)}; nothing was run or written.\n`;
}

/** What is told before runs that take a while: how many there are, and roughly for how long; null before short ones. */
export function announcement(experiment: Experiment, workers: number, shard?: Shard): string | null {
  if (workOf(experiment, shard).seconds < ANNOUNCED_FROM_S * workers) return null;
  return `${totalOf(experiment, shard)}. ${timeOf(experiment, workers, shard)}`;
}

function totalOf(experiment: Experiment, shard: Shard | undefined): string {
  const { name, scenarios, replications, precision } = experiment;
  const runs = scenarios.length * replications;
  const total = `${name}: ${plural(scenarios.length, 'scenario')} × ${plural(replications, 'replication')} = ${plural(runs, 'run')}`;
  if (precision !== null) {
    const most = scenarios.length * precision.max;
    return `${total} at least, ${most} at most (until ${precision.subject} is precise, up to ${precision.max} each)`;
  }
  if (shard === undefined) return total;
  return `${total}, of which shard ${formatShard(shard)} computes ${jobsOf(experiment, shard).length}`;
}

function timeOf(experiment: Experiment, workers: number, shard: Shard | undefined): string {
  const { replications, precision } = experiment;
  const { runs, seconds } = workOf(experiment, shard);
  const parallel = Math.max(1, Math.min(workers, runs));
  const time = (share: number): string => formatSeconds((seconds * share) / parallel);
  const range = precision === null ? time(1) : `${time(1)} to ${time(precision.max / replications)}`;
  return `Rough estimate: ${range} on ${plural(parallel, 'worker')}`;
}

/** The runs that are made whatever they give, and roughly how many seconds of one core they take. */
function workOf(experiment: Experiment, shard: Shard | undefined): { readonly runs: number; readonly seconds: number } {
  const costs = experiment.scenarios.map(({ input }) => estimateRunSeconds(input));
  const jobs = jobsOf(experiment, shard).filter(({ replication }) => replication <= experiment.replications);
  return { runs: jobs.length, seconds: jobs.reduce((sum, { scenario }) => sum + costs[scenario], 0) };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
