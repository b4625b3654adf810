import type { MetricName } from '../../../cluster/model/run-record.js';
import type { ResultScenario } from '../../read/result-data.js';
import type { Figure } from '../figure.js';
import { html } from '../html.js';
import { drawPlot, hoverText, Plot } from '../plot.js';
import { chosen, type Scenes } from '../scenes.js';

const BARS_MAX = 30;
const BAR_HEIGHT = 26;

/** The three stages, which sum to the delay. */
export const STAGE_BARS: readonly { readonly name: string; readonly metric: MetricName; readonly colour: string }[] = [
  {
    name: 'cache delay: until the kubelet’s next read returns it',
    metric: 'cache_delay_mean_s',
    colour: 'var(--stage-1)',
  },
  { name: 'sync wait: until the pod’s sync begins', metric: 'sync_wait_mean_s', colour: 'var(--stage-2)' },
  { name: 'refresh: volume loops, fetch, write', metric: 'refresh_mean_s', colour: 'var(--stage-3)' },
];

/** Where the time goes: the mean stages of the delay as stacked bars, with the interval of their sum. */
export function stages(scenes: Scenes): Figure | null {
  const { data } = scenes;
  const measured = data.scenarios.filter(({ metrics }) => metrics.delay_mean_s.mean !== null);
  if (measured.length === 0) return null;
  const drawn = chosen(measured, BARS_MAX);
  return {
    id: 'stages',
    title: 'Where the time goes',
    lead: 'Mean delay by stage; whiskers: 95 % interval of the whole.',
    pictures: [legend(), picture(drawn, scenes)],
    table: {
      columns: ['scenario', 'delay_mean_s', '95 % low', '95 % high', ...STAGE_BARS.map(({ metric }) => metric)],
      rows: measured.map(({ scenario, metrics }) => [
        scenario.name,
        metrics.delay_mean_s.mean,
        metrics.delay_mean_s.ci95Low,
        metrics.delay_mean_s.ci95High,
        ...STAGE_BARS.map(({ metric }) => metrics[metric].mean),
      ]),
    },
    files: ['summary.csv'],
    notes: [drawn.length < measured.length ? `${drawn.length} of ${measured.length} scenarios are drawn.` : null],
  };
}

/** Which colour stands for which stage. */
export function legend() {
  const items = STAGE_BARS.map(
    ({ name, colour }) => html`<li><span class="swatch" style="background: ${colour}"></span>${name}</li>`,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}

function picture(drawn: readonly ResultScenario[], { labelOf, width }: Scenes) {
  const bars = drawn.flatMap((scenario) =>
    STAGE_BARS.map(({ name, metric, colour }) => ({
      label: labelOf(scenario),
      colour,
      seconds: scenario.metrics[metric].mean ?? 0,
      title: hoverText(labelOf(scenario), [{ name, value: scenario.metrics[metric].mean, unit: 's' }]),
    })),
  );
  const whiskers = drawn.map((scenario) => {
    const { mean, ci95Low, ci95High } = scenario.metrics.delay_mean_s;
    return { label: labelOf(scenario), low: ci95Low ?? mean, high: ci95High ?? mean };
  });
  const labels = drawn.map(labelOf);
  return drawPlot(
    {
      width,
      height: drawn.length * BAR_HEIGHT + 60,
      marginBottom: 42,
      x: { label: 'mean delay, seconds', grid: true },
      y: { label: null, domain: labels, padding: 0.25 },
      color: { type: 'identity' },
      marks: [
        Plot.barX(bars, Plot.stackX({ x: 'seconds', y: 'label', fill: 'colour', title: 'title' })),
        Plot.ruleY(whiskers, { y: 'label', x1: 'low', x2: 'high', stroke: 'var(--ink)', strokeWidth: 2 }),
        Plot.ruleX([0]),
      ],
    },
    `Mean stages of the delay of ${drawn.length} scenarios; the numbers are in the table below.`,
  );
}
