import { deviation, mean } from 'd3-array';
import { STRATEGY_NAMES, type Strategy } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { measureCommand, medianUsage } from './command-costs.js';
import { ownCluster } from './command-parts.js';
import { OWN_BUILD } from './whole-command.js';

/** Nodes of the clusters whose cost is measured: 120 consumers each. */
export const SIZES = [1000, 10_000, 100_000, 1_000_000] as const;
const CONSUMERS_PER_NODE = 120;
/** Larger ones are measured once. */
const REPEATED_MAX = 100_000;
const REPETITIONS = 3;

/** What a cluster of a size costs under a strategy: one simulated hour with a rotation of the cluster-wide Secret. */
export interface Cost {
  readonly strategy: Strategy;
  readonly nodes: number;
  /** Of all threads of the whole command. */
  readonly cpuS: number;
  readonly wallS: number;
  readonly peakMiB: number;
}

/** Measures the whole command for a cluster. @throws Error where it fails */
function measureSize(strategy: Strategy, nodes: number): Cost {
  const part = ownCluster(`${nodes} nodes ${strategy}`, nodes, strategy);
  const [measured] = measureCommand(part, [OWN_BUILD], nodes < REPEATED_MAX ? REPETITIONS : 1);
  if ('refused' in measured) throw new Error(`${part.name}: ${measured.refused}`);
  return { strategy, nodes, ...medianUsage(measured) };
}

/** Measures each size and strategy, telling of each. */
export function measureSizes(onCost: (cost: Cost) => void): readonly Cost[] {
  return STRATEGY_NAMES.flatMap((strategy) =>
    SIZES.map((nodes) => {
      const cost = measureSize(strategy, nodes);
      onCost(cost);
      return cost;
    }),
  );
}

/** Slope of log y over log x by least squares: 1 is proportional growth. */
function logLogSlope(points: readonly (readonly [number, number])[]): number {
  const xs = points.map(([x]) => Math.log(x));
  const ys = points.map(([, y]) => Math.log(y));
  const [x, y] = [mean(xs) ?? NaN, mean(ys) ?? NaN];
  const covariance = xs.reduce((sum, each, i) => sum + (each - x) * (ys[i] - y), 0) / (xs.length - 1);
  return covariance / (deviation(xs) ?? NaN) ** 2;
}

/** How a figure grows with the nodes under a strategy: over all sizes, and from the last but one, where starting is nothing. */
export function slopesOf(costs: readonly Cost[], strategy: Strategy, figure: 'cpuS' | 'peakMiB'): string {
  const points = costs.filter((cost) => cost.strategy === strategy).map((cost) => [cost.nodes, cost[figure]] as const);
  return `${logLogSlope(points).toFixed(2)}, at the end ${logLogSlope(points.slice(-2)).toFixed(2)}`;
}

/** The costs as CSV. */
export function costsCsv(costs: readonly Cost[]): string {
  const rows = costs.map(({ strategy, nodes, cpuS, wallS, peakMiB }) =>
    [strategy, nodes, nodes * CONSUMERS_PER_NODE, cpuS.toFixed(3), wallS.toFixed(3), peakMiB.toFixed(0)].join(','),
  );
  return `${['strategy,nodes,consumers,cpu_s,wall_s,peak_mib', ...rows].join('\n')}\n`;
}
