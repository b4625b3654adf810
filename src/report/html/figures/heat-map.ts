import { scaleClasses } from '../classes.js';
import type { MetricName } from '../../../cluster/model/run-record.js';
import { compactMean } from '../../compact-numbers.js';
import type { ResultScenario } from '../../read/result-data.js';
import { shortMetric } from '../axis-numbers.js';
import type { Figure } from '../figure.js';
import { html } from '../html.js';
import { drawPlot, hoverText, Plot } from '../plot.js';
import type { Scenes } from '../scenes.js';

const CELLS_MAX = 300;
const ROW_HEIGHT = 34;

/** What a map may show: the first of each list that differs between cells. */
const CANDIDATES: readonly (readonly { readonly metric: MetricName; readonly label: string }[])[] = [
  [{ metric: 'last_pod_bound_s', label: 'every pod by (bound), seconds' }],
  [
    { metric: 'last_pod_max_s', label: 'last pod, seconds' },
    { metric: 'watch_recovery_max_s', label: 'until all watches are back, seconds' },
  ],
  [
    { metric: 'apiserver_cpu_cores', label: 'CPU of the API servers, cores' },
    { metric: 'watches_open_mean', label: 'watches open' },
  ],
];

/** The combinations of two factors as a field: delay, and load. */
export function heatMap({ data }: Scenes): Figure | null {
  const { factors } = data.manifest;
  if (factors.length !== 2) return null;
  const [down, across] = factors;
  const [columns, rows] = [valuesOf(data.scenarios, across), valuesOf(data.scenarios, down)];
  const cells = columns.length * rows.length;
  if (columns.length < 2 || rows.length < 2 || cells !== data.scenarios.length || cells > CELLS_MAX) return null;
  const shown = CANDIDATES.flatMap((some) => some.filter(({ metric }) => differs(data.scenarios, metric)).slice(0, 1));
  if (shown.length === 0) return null;
  return {
    id: 'heat-map',
    title: `${shortName(down)} × ${shortName(across)}`,
    lead:
      `Rows: ${down}; columns: ${across}. Means over the replications; the stronger the colour, the more ` +
      '(five logarithmic classes).',
    pictures: shown.map(
      ({ metric, label }) =>
        html`<h3>${label}</h3>
          ${picture(data.scenarios, { across, down, columns, rows }, metric, label)}`,
    ),
    table: {
      columns: [down, across, ...shown.map(({ metric }) => metric), ...shown.map(({ metric }) => `${metric}, ± 95 %`)],
      rows: data.scenarios.map(({ scenario, metrics }) => [
        String(scenario.factors[down]),
        String(scenario.factors[across]),
        ...shown.map(({ metric }) => metrics[metric].mean),
        ...shown.map(({ metric }) => compactMean(metrics[metric])),
      ]),
    },
    files: ['summary.csv'],
  };
}

interface Cell {
  readonly x: string;
  readonly y: string;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

interface Grid {
  readonly across: string;
  readonly down: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
}

function picture(scenarios: readonly ResultScenario[], grid: Grid, metric: MetricName, label: string) {
  const cells = scenarios.map(({ scenario, metrics }): Cell => ({
    x: String(scenario.factors[grid.across]),
    y: String(scenario.factors[grid.down]),
    mean: metrics[metric].mean,
    low: metrics[metric].ci95Low,
    high: metrics[metric].ci95High,
  }));
  const opacity = scaleClasses(cells.map(({ mean }) => mean));
  return drawPlot(
    {
      height: grid.rows.length * ROW_HEIGHT + 64,
      marginBottom: 42,
      marginTop: 8,
      x: { type: 'band', domain: grid.columns, label: grid.across, padding: 0.04 },
      y: { type: 'band', domain: grid.rows, label: null },
      marks: [
        Plot.cell(cells, {
          x: 'x',
          y: 'y',
          fill: 'var(--series-1)',
          fillOpacity: ({ mean }: Cell) => opacity(mean),
          inset: 1,
          title: ({ x, y, mean, low, high }: Cell) =>
            hoverText(`${grid.down} ${y}, ${grid.across} ${x}`, [{ name: label, value: mean, low, high, unit: '' }]),
        }),
        Plot.text(cells, {
          x: 'x',
          y: 'y',
          text: ({ mean }: Cell) => shortMetric(metric, mean),
          fill: 'currentColor',
        }),
      ],
      opacity: { type: 'identity' },
    },
    `Field of ${label} by ${grid.down} and ${grid.across}; each cell says its number.`,
  );
}

function valuesOf(scenarios: readonly ResultScenario[], path: string): readonly string[] {
  return [...new Set(scenarios.map(({ scenario }) => String(scenario.factors[path])))];
}

function differs(scenarios: readonly ResultScenario[], metric: MetricName): boolean {
  const means = scenarios.flatMap(({ metrics }) => metrics[metric].mean ?? []);
  return means.length > 0 && Math.max(...means) > 1.02 * Math.min(...means);
}

function shortName(path: string): string {
  return path.split('.').at(-1) ?? path;
}
