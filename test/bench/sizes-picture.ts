import { STRATEGY_NAMES, type Strategy } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { type Cost, SIZES, slopesOf } from './sizes.js';

const HEIGHT = 380;
const MARGIN = { left: 70, right: 20, top: 36, bottom: 50 };
const PANEL = 430;
const COLOURS: Readonly<Record<Strategy, string>> = { Watch: '#0072b2', Cache: '#d55e00', Get: '#009e73' };

/** One figure over the nodes. */
interface Panel {
  readonly heading: string;
  readonly figure: 'cpuS' | 'peakMiB';
  readonly unit: string;
  /** From the least to the most, a factor of ten each. */
  readonly ticks: readonly number[];
}

const PANELS: readonly Panel[] = [
  { heading: 'CPU of all threads', figure: 'cpuS', unit: 's', ticks: [0.1, 1, 10, 100] },
  { heading: 'peak memory', figure: 'peakMiB', unit: 'MiB', ticks: [10, 100, 1000, 10_000] },
];

const text = (x: number, y: number, content: string, anchor: string, colour = '#555'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${content}</text>`;

const scale = (value: number, values: readonly number[], a: number, b: number): number =>
  a + (Math.log(value / values[0]) / Math.log(values[values.length - 1] / values[0])) * (b - a);

function panelOf({ heading, figure, unit, ticks }: Panel, costs: readonly Cost[], left: number): readonly string[] {
  const [from, to] = [left + MARGIN.left, left + PANEL - MARGIN.right];
  const x = (nodes: number): number => scale(nodes, SIZES, from + 20, to - 20);
  const y = (value: number): number => scale(value, ticks, HEIGHT - MARGIN.bottom, MARGIN.top);
  const grid = ticks.map(
    (tick) =>
      `<line x1="${from}" x2="${to}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" stroke="#ddd"/>` +
      text(from - 8, y(tick) + 4, `${tick.toLocaleString('en-US')} ${unit}`, 'end'),
  );
  const axis = SIZES.map((nodes) =>
    text(x(nodes), HEIGHT - MARGIN.bottom + 18, nodes.toLocaleString('en-US'), 'middle'),
  );
  const lines = STRATEGY_NAMES.map((strategy, i) => {
    const own = costs.filter((cost) => cost.strategy === strategy);
    const places = own.map((cost) => [x(cost.nodes).toFixed(1), y(cost[figure]).toFixed(1)] as const);
    const colour = COLOURS[strategy];
    const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
    return (
      `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>` +
      dots.join('') +
      text(
        from + 14,
        MARGIN.top + 18 + 18 * i,
        `${strategy}: slope ${slopesOf(costs, strategy, figure)}`,
        'start',
        colour,
      )
    );
  });
  return [text((from + to) / 2, MARGIN.top - 16, heading, 'middle', '#000'), ...grid, ...axis, ...lines];
}

/** The costs as a picture: CPU and memory over nodes, all logarithmic. */
export function costsSvg(costs: readonly Cost[], title: string): string {
  const width = PANELS.length * PANEL;
  const panels = PANELS.flatMap((panel, i) => panelOf(panel, costs, i * PANEL));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" font-family="sans-serif" font-size="13" role="img">\n` +
    `<title>${title}</title>\n<rect width="100%" height="100%" fill="white"/>\n` +
    `${[...panels, text(width / 2, HEIGHT - 10, 'nodes (30 pods and 120 consumers each)', 'middle')].join('\n')}\n</svg>\n`
  );
}
