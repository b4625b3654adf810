import { deviation, mean } from 'd3-array';
import { STRATEGY_NAMES, type Strategy } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { measure, type Measured, own } from './whole-runs.js';

/** Nodes of the clusters whose cost is measured: 120 consumers each. */
export const SIZES = [100, 300, 1000, 3000, 10_000, 30_000, 100_000] as const;
const CONSUMERS_PER_NODE = 120;

/** What a cluster of a size costs under a strategy: one simulated hour with a rotation of the cluster-wide Secret. */
export interface Cost {
  readonly strategy: Strategy;
  readonly nodes: number;
  readonly seconds: number;
  readonly residentMiB: number;
}

/** Builds and simulates one cluster in this process. */
export function measureSize(strategy: Strategy, nodes: number): Measured {
  return measure({ name: `${nodes} ${strategy}`, scenario: own(nodes, { strategy }) });
}

/** Slope of log y over log x by least squares: 1 is proportional growth. */
export function logLogSlope(points: readonly (readonly [number, number])[]): number {
  const xs = points.map(([x]) => Math.log(x));
  const ys = points.map(([, y]) => Math.log(y));
  const [x, y] = [mean(xs) ?? NaN, mean(ys) ?? NaN];
  const covariance = xs.reduce((sum, each, i) => sum + (each - x) * (ys[i] - y), 0) / (xs.length - 1);
  return covariance / (deviation(xs) ?? NaN) ** 2;
}

/** The costs as CSV. */
export function costsCsv(costs: readonly Cost[]): string {
  const rows = costs.map(({ strategy, nodes, seconds, residentMiB }) =>
    [strategy, nodes, nodes * CONSUMERS_PER_NODE, seconds.toFixed(3), residentMiB.toFixed(0)].join(','),
  );
  return `${['strategy,nodes,consumers,wall_s,resident_mib', ...rows].join('\n')}\n`;
}

const WIDTH = 720;
const HEIGHT = 380;
const MARGIN = { left: 60, right: 90, top: 20, bottom: 50 };
const COLOURS: Readonly<Record<Strategy, string>> = { Watch: '#0072b2', Cache: '#d55e00', Get: '#009e73' };
const SECONDS = [0.01, 0.1, 1, 10, 100];

/** The costs as a picture: seconds over nodes, both logarithmic. */
export function costsSvg(costs: readonly Cost[], title: string): string {
  const scale = (value: number, from: number, to: number, a: number, b: number): number =>
    a + (Math.log(value / from) / Math.log(to / from)) * (b - a);
  const x = (nodes: number): string =>
    scale(nodes, SIZES[0], SIZES[SIZES.length - 1], MARGIN.left, WIDTH - MARGIN.right).toFixed(1);
  const y = (seconds: number): string =>
    scale(seconds, SECONDS[0], SECONDS[SECONDS.length - 1], HEIGHT - MARGIN.bottom, MARGIN.top).toFixed(1);
  const text = (at: string, to: string, content: string, anchor: string, colour = '#555'): string =>
    `<text x="${at}" y="${to}" text-anchor="${anchor}" fill="${colour}">${content}</text>`;
  const grid = [
    ...SECONDS.map(
      (s) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(s)}" y2="${y(s)}" stroke="#ddd"/>` +
        text(String(MARGIN.left - 8), String(Number(y(s)) + 4), `${s} s`, 'end'),
    ),
    ...SIZES.map((n) => text(x(n), String(HEIGHT - MARGIN.bottom + 18), n.toLocaleString('en-US'), 'middle')),
    text(String((WIDTH - MARGIN.right + MARGIN.left) / 2), String(HEIGHT - 10), 'nodes (120 consumers each)', 'middle'),
  ];
  const lines = STRATEGY_NAMES.map((strategy) => {
    const own = costs.filter((cost) => cost.strategy === strategy);
    const points = own.map(({ nodes, seconds }) => `${x(nodes)},${y(seconds)}`);
    const last = own[own.length - 1];
    const colour = COLOURS[strategy];
    const dots = points.map((point) => `<circle cx="${point.replace(',', '" cy="')}" r="3" fill="${colour}"/>`);
    return (
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}` +
      text(String(WIDTH - MARGIN.right + 10), String(Number(y(last.seconds)) + 4), strategy, 'start', colour)
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" role="img">\n` +
    `<title>${title}</title>\n<rect width="100%" height="100%" fill="white"/>\n${[...grid, ...lines].join('\n')}\n</svg>\n`
  );
}
