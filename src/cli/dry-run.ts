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
  const { name, scenarios, replications } = experiment;
  const sizes = scenarios.map((scenario) => clusterSize(scenario.input.cluster));
  const rows = scenarios.map((scenario, index) => {
    const { nodes, pods, objects, consumers } = sizes[index];
    return [scenario.name, nodes, pods, objects, consumers, replications];
  });
  const list = formatRows(output, COLUMNS, rows);
  if (output !== 'table') return list;
  const runs = scenarios.length * replications;
  const total = `${name}: ${plural(scenarios.length, 'scenario')} × ${plural(replications, 'replication')} = ${plural(runs, 'run')}`;
  const seconds = scenarios.reduce((sum, { input }) => sum + estimateRunSeconds(input), 0) * replications;
  const parallel = Math.min(workers, runs);
  const time = `Rough estimate: ${formatSeconds(seconds / parallel)} on ${plural(parallel, 'worker')}; nothing was run or written.`;
  return `${total}\n\n${list}\n${time}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
