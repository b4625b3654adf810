import { clusterSize } from '../experiment/cluster-size.js';
import type { Experiment } from '../experiment/experiment.js';
import { formatSeconds } from '../experiment/progress.js';
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
export function formatDryRun(experiment: Experiment, output: OutputFormat, workers: number): string {
  const { scenarios, replications } = experiment;
  const rows = scenarios.map((scenario) => {
    const { nodes, pods, objects, consumers } = clusterSize(scenario.input.cluster);
    return [scenario.name, nodes, pods, objects, consumers, replications];
  });
  const list = formatRows(output, COLUMNS, rows);
  if (output !== 'table') return list;
  return `${totalOf(experiment)}\n\n${list}\n${timeOf(experiment, workers)}; nothing was run or written.\n`;
}

function totalOf({ name, scenarios, replications, precision }: Experiment): string {
  const runs = scenarios.length * replications;
  const total = `${name}: ${plural(scenarios.length, 'scenario')} × ${plural(replications, 'replication')} = ${plural(runs, 'run')}`;
  if (precision === null) return total;
  const most = scenarios.length * precision.max;
  return `${total} at least, ${most} at most (until ${precision.metric} is precise, up to ${precision.max} each)`;
}

function timeOf({ scenarios, replications, precision }: Experiment, workers: number): string {
  const seconds = scenarios.reduce((sum, { input }) => sum + estimateRunSeconds(input), 0);
  const parallel = Math.min(workers, scenarios.length * replications);
  const time = (each: number): string => formatSeconds((seconds * each) / parallel);
  const range = precision === null ? time(replications) : `${time(replications)} to ${time(precision.max)}`;
  return `Rough estimate: ${range} on ${plural(parallel, 'worker')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
