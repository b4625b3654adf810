import { extent } from 'd3-array';
import type { MetricName } from '../../../cluster/model/run-record.js';
import type { Summary } from '../../../experiment/statistics/statistics.js';
import type { ResultScenario } from '../../read/result-data.js';
import type { Figure } from '../figure.js';
import { drawPlot, hoverText, Plot } from '../plot.js';
import type { Scenes } from '../scenes.js';

const DELAY: MetricName = 'last_pod_max_s';
const LOAD: MetricName = 'apiserver_cpu_cores';
/** A trade-off needs a few scenarios whose delay and load differ by more than this factor. */
const SCENARIOS_MIN = 3;
const DIFFERENT = 1.05;
const LABELS_MAX = 8;

interface Place {
  readonly label: string;
  readonly scenario: ResultScenario;
  readonly delay: Summary & { readonly mean: number };
  readonly load: Summary & { readonly mean: number };
}

/** Delay against load: scenarios that no other beats in both are on the frontier. */
export function pareto({ data, series, labelOf }: Scenes): Figure | null {
  const places = data.scenarios.flatMap((scenario): readonly Place[] => {
    const [delay, load] = [scenario.metrics[DELAY], scenario.metrics[LOAD]];
    if (delay.mean === null || load.mean === null) return [];
    const [d, l] = [delay.mean, load.mean];
    return [{ label: labelOf(scenario), scenario, delay: { ...delay, mean: d }, load: { ...load, mean: l } }];
  });
  if (places.length < SCENARIOS_MIN || !differ(places, 'delay') || !differ(places, 'load')) return null;
  const best = frontier(places);
  const colourOf = new Map(series.map(({ scenario, colour }) => [scenario.index, colour]));
  return {
    id: 'pareto',
    title: 'Delay against load',
    lead:
      'Each dot is a scenario: how long the last pod waits, and the CPU of all API servers for this traffic. Further ' +
      'down and to the left is better; no scenario beats those on the line in both. Whiskers: 95 % intervals.',
    pictures: [picture(places, best, ({ scenario }) => colourOf.get(scenario.index) ?? 'var(--muted)')],
    table: {
      columns: ['scenario', 'on the line', DELAY, '95 % low', '95 % high', LOAD, '95 % low', '95 % high'],
      rows: places.map((place) => [
        place.scenario.scenario.name,
        best.includes(place) ? 'yes' : 'no',
        ...[place.delay, place.load].flatMap(({ mean, ci95Low, ci95High }) => [mean, ci95Low, ci95High]),
      ]),
    },
    files: ['summary.csv'],
    notes: [
      places.length < data.scenarios.length
        ? `${data.scenarios.length - places.length} scenarios have no last pod and are left out.`
        : null,
      best.length > LABELS_MAX ? `Only the first ${LABELS_MAX} on the line are named.` : null,
    ],
  };
}

function differ(places: readonly Place[], axis: 'delay' | 'load'): boolean {
  const [low = 0, high = 0] = extent(places, (place) => place[axis].mean);
  return high > low * DIFFERENT;
}

/** The scenarios that no other equals or beats in both, by load. */
export function frontier(places: readonly Place[]): readonly Place[] {
  const sorted = places.toSorted((a, b) => a.load.mean - b.load.mean || a.delay.mean - b.delay.mean);
  let least = Infinity;
  return sorted.filter(({ delay }) => {
    if (delay.mean >= least) return false;
    least = delay.mean;
    return true;
  });
}

function picture(places: readonly Place[], best: readonly Place[], colour: (place: Place) => string) {
  const x = ({ load }: Place): number => load.mean;
  const y = ({ delay }: Place): number => delay.mean;
  const loads = places.map(x);
  const wide = Math.max(...loads) > 20 * Math.min(...loads) && Math.min(...loads) > 0;
  return drawPlot(
    {
      height: 380,
      marginLeft: 60,
      marginBottom: 42,
      marginRight: 200,
      x: {
        label: `CPU of the API servers, cores${wide ? ' (logarithmic)' : ''}`,
        ...(wide ? { type: 'log' } : { zero: true }),
        grid: true,
        nice: true,
        ticks: 6,
      },
      y: { label: 'last pod, seconds', grid: true, zero: true, nice: true },
      color: { type: 'identity' },
      marks: [
        Plot.line(best, { x, y, curve: 'step-after', stroke: 'var(--ink)', strokeDasharray: '4 3' }),
        Plot.ruleX(places, {
          x,
          y1: (p: Place) => p.delay.ci95Low ?? y(p),
          y2: (p: Place) => p.delay.ci95High ?? y(p),
          stroke: colour,
        }),
        Plot.ruleY(places, {
          y,
          x1: (p: Place) => positive(p.load.ci95Low, x(p), wide),
          x2: (p: Place) => p.load.ci95High ?? x(p),
          stroke: colour,
        }),
        Plot.dot(places, { x, y, fill: colour, r: 5, title: titleOf }),
        Plot.text(best.slice(0, LABELS_MAX), { x, y, text: 'label', textAnchor: 'start', dx: 2, dy: -12 }),
      ],
    },
    `Last pod against CPU of ${places.length} scenarios; on the frontier: ${best.map(({ label }) => label).join(', ')}.`,
  );
}

function titleOf({ label, delay, load }: Place): string {
  return hoverText(label, [
    { name: 'last pod', value: delay.mean, low: delay.ci95Low, high: delay.ci95High, unit: 's' },
    { name: 'CPU', value: load.mean, low: load.ci95Low, high: load.ci95High, unit: 'cores' },
  ]);
}

/** The end of a whisker on an axis that may be logarithmic. */
function positive(low: number | null, mean: number, logarithmic: boolean): number {
  return low === null || (logarithmic && low <= 0) ? mean : low;
}
