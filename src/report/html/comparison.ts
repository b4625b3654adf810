import { max } from 'd3-array';
import type { MetricName } from '../../cluster/model/run-record.js';
import type { Summary } from '../../experiment/statistics/statistics.js';
import { DELAY, knownLines, type Line, LOAD } from '../answer-lines.js';
import { compactMetricMean } from '../compact-numbers.js';
import type { ResultScenario } from '../read/result-data.js';
import { html, type Html } from './html.js';
import { numbersBelow } from './figure.js';
import type { Scenes } from './scenes.js';

/** Scenarios on the first screen; more are folded away. */
const ROWS_MAX = 12;
const BAR_WIDTH = 120;

/** What the bars compare: the first that any scenario has. */
const BARS: readonly Line[] = [
  { label: 'last pod, s', metric: 'last_pod_max_s' },
  { label: 'all watches back, s', metric: 'watch_recovery_max_s' },
  { label: 'watches open', metric: 'watches_open_mean' },
  { label: 'CPU, cores', metric: 'apiserver_cpu_cores' },
];

/** The scenarios side by side: delays, load, and a bar with its interval for what matters most. */
export function comparisonSection(scenes: Scenes): Html {
  const { data } = scenes;
  const lines = [
    ...knownLines(DELAY, data.scenarios).map((line) => ({ ...line, label: `${line.label}, s` })),
    { label: 'every pod by (bound), s', metric: 'last_pod_bound_s' as const },
    { label: 'all watches back, s', metric: 'watch_recovery_max_s' as const },
    ...knownLines(LOAD, data.scenarios),
  ].filter(({ metric }) => data.scenarios.some(({ metrics }) => (metrics[metric].max ?? 0) > 0));
  const bar = BARS.flatMap(({ metric }) => lines.find((line) => line.metric === metric) ?? []).at(0) ?? BARS[3];
  const others = lines.filter(({ metric }) => metric !== bar.metric);
  const shown = data.scenarios.slice(0, ROWS_MAX);
  const rest = data.scenarios.slice(ROWS_MAX);
  const replications = max(data.scenarios, ({ runs }) => runs.length) ?? 0;
  const note =
    replications > 1
      ? `± and whiskers: 95 % interval over ${replications} replications.`
      : 'One replication: there are no intervals.';
  return html`<section id="comparison">
    <h2>The scenarios compared</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="The scenarios compared">
      ${comparisonTable(scenes, shown, others, bar)}
    </div>
    <p class="note">${note}</p>
    ${
      rest.length === 0
        ? null
        : html`<details>
            <summary>${rest.length} more scenarios</summary>
            <div class="scroll" tabindex="0" role="group" aria-label="More scenarios">
              ${comparisonTable(scenes, rest, others, bar)}
            </div>
          </details>`
    }
    ${numbersBelow(summaryTable(scenes, lines), ['summary.csv', 'runs.csv', 'columns.csv'])}
  </section>`;
}

function comparisonTable(
  { data, series, labelOf }: Scenes,
  scenarios: readonly ResultScenario[],
  lines: readonly Line[],
  bar: Line,
): Html {
  const scale = max(data.scenarios, ({ metrics }) => metrics[bar.metric].ci95High ?? metrics[bar.metric].mean) ?? 0;
  const colourOf = new Map(series.map(({ scenario, colour }) => [scenario.index, colour]));
  const rows = scenarios.map(
    (scenario) =>
      html`<tr>
        <th scope="row">${labelOf(scenario)}</th>
        <td class="bar">
          ${cellOf(scenario, bar)} ${barOf(scenario.metrics[bar.metric], scale, colourOf.get(scenario.index))}
        </td>
        ${lines.map((line) => html`<td class="number">${cellOf(scenario, line)}</td>`)}
      </tr> `,
  );
  return html`<table class="comparison">
    <thead>
      <tr>
        <th scope="col">scenario</th>
        <th scope="col">${bar.label}</th>
        ${lines.map(({ label }) => html`<th scope="col" class="number">${label}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** A mean with its interval; with the number of replications where some have no value. */
function cellOf({ metrics, runs }: ResultScenario, { metric, scale = 1 }: Line): string {
  const { n, mean, ci95High, ...rest } = metrics[metric];
  const scaled = (value: number | null): number | null => (value === null ? null : value / scale);
  const text = compactMetricMean(metric, { ...rest, n, mean: scaled(mean), ci95High: scaled(ci95High) });
  return n === 0 || n === runs.length ? text : `${text} (${n} of ${runs.length})`;
}

/** A bar with the whisker of its interval. The number stands beside it, so it is hidden from screen readers. */
function barOf({ mean, ci95Low, ci95High }: Summary, scale: number, colour: string | undefined): Html | null {
  if (mean === null || scale === 0) return null;
  const x = (value: number): string => Math.max(0, (value / scale) * BAR_WIDTH).toFixed(1);
  const whisker =
    ci95Low === null || ci95High === null || ci95High === ci95Low
      ? null
      : html`<line class="whisker" x1="${x(ci95Low)}" x2="${x(ci95High)}" y1="8" y2="8" />`;
  const paint = colour === undefined ? html`class="undrawn"` : html`style="fill: ${colour}"`;
  return html`<svg width="${BAR_WIDTH + 2}" height="16" aria-hidden="true">
    <rect x="0" y="2" width="${x(mean)}" height="12" ${paint} />
    ${whisker}
  </svg>`;
}

function summaryTable({ data }: Scenes, lines: readonly Line[]) {
  const metrics: readonly MetricName[] = lines.map(({ metric }) => metric);
  return {
    columns: ['scenario', 'metric', 'n', 'mean', '95 % low', '95 % high', 'min', 'max'],
    rows: data.scenarios.flatMap((scenario) =>
      metrics.map((metric) => {
        const { n, mean, ci95Low, ci95High, min: least, max: most } = scenario.metrics[metric];
        return [scenario.scenario.name, metric, n, mean, ci95Low, ci95High, least, most];
      }),
    ),
  };
}
