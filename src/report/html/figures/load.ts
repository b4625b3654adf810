import { group } from 'd3-array';
import type { Figure } from '../figure.js';
import { type Verb, VERBS } from '../../../cluster/model/verbs.js';
import type { DrawnQuantity, LoadPoint, TimePoint } from '../load-data.js';
import { band, binStep, drawPlot, hoverBins, Plot } from '../plot.js';
import type { Scenes, Series } from '../scenes.js';
import { legendList } from '../figure.js';
import { html } from '../html.js';
import { drawnServers, serverLines, serversNote } from './server-lines.js';

const SCENARIOS_MAX = 3;

/** Requests per second at each API server over time, by verb, for some scenarios. */
export function load(scenes: Scenes, points: readonly LoadPoint[]): Figure | null {
  const perServer = points.filter(({ server }) => server !== null);
  const verbs = VERBS.filter((verb) => perServer.some(({ values }) => (values[verb].mean ?? 0) > 0));
  if (verbs.length === 0) return null;
  const drawn = spread(scenes.series, SCENARIOS_MAX);
  return {
    id: 'load',
    title: 'Requests to the API servers over time',
    lead: 'Requests per second for Secrets and ConfigMaps, one panel per API server. Means; shaded: 95 % interval.',
    pictures: [
      legendList(verbs.map((verb) => ({ ...verbStyle(verb), label: verb.toUpperCase() }))),
      ...drawn.map(
        (series) =>
          html`<h3>${series.label}</h3>
            ${picture(
              scenes,
              perServer.filter((point) => point.series === series),
              verbs,
            )}`,
      ),
    ],
    table: timeTable(
      perServer.filter(({ series }) => drawn.includes(series)),
      verbs,
    ),
    files: ['load.csv'],
    notes: [
      drawn.length < scenes.data.scenarios.length
        ? `${drawn.length} of ${scenes.data.scenarios.length} scenarios are drawn.`
        : null,
      serversNote(perServer),
    ],
  };
}

/** Watches open at each API server over time. */
export function watches(scenes: Scenes, points: readonly LoadPoint[]): Figure | null {
  const perServer = points.filter(({ server }) => server !== null);
  if (perServer.every(({ values }) => (values.watches_open.mean ?? 0) === 0)) return null;
  return {
    id: 'watches',
    title: 'Watches open over time',
    lead: 'Open watches, one panel per API server. Means over the replications; shaded: 95 % interval.',
    legend: scenes.series,
    pictures: [
      serverLines(scenes, perServer, {
        quantity: 'watches_open',
        label: 'watches open',
        unit: 'watches',
        alt: 'Watches open over time at each API server.',
      }),
    ],
    table: timeTable(perServer, ['watches_open']),
    files: ['load.csv'],
    notes: [scenes.leftOut, serversNote(perServer)],
  };
}

/** Up to `count` of the series: the ends and evenly between. */
function spread(series: readonly Series[], count: number): readonly Series[] {
  if (series.length <= count) return series;
  return Array.from({ length: count }, (_, i) => series[Math.round((i * (series.length - 1)) / (count - 1))]);
}

const VERB_DASHES: Readonly<Record<Verb, string>> = { get: 'none', list: '7 3', watch: '2 3', write: '9 3 2 3' };

/** How a verb's line is drawn: verbs, scenarios and stages do not share colours. */
export function verbStyle(verb: Verb): Pick<Series, 'colour' | 'dash'> {
  return { colour: `var(--verb-${verb})`, dash: VERB_DASHES[verb] };
}

/** Of one series. */
function picture({ width }: Scenes, points: readonly LoadPoint[], verbs: readonly Verb[]) {
  const { shown, options, facet, names } = drawnServers(points, width, 240);
  return drawPlot(
    {
      ...options,
      marginBottom: 42,
      marginLeft: 60,
      y: { label: 'requests per second', grid: true, zero: true },
      marks: [
        Plot.ruleY([0]),
        ...verbs.flatMap((verb) => band(shown, verb, { ...verbStyle(verb), width: 2, facet })),
        hoverBins(
          shown,
          ({ values }) => verbs.map((verb) => ({ name: verb.toUpperCase(), value: values[verb].mean, unit: '/s' })),
          facet,
        ),
        ...names,
      ],
    },
    `Requests per second over time at each API server, ${points[0].series.label}.`,
  );
}

/** The numbers over time; where there are many bins, every so many of them. */
export function timeTable<Quantity extends DrawnQuantity>(
  points: readonly TimePoint<Quantity>[],
  quantities: readonly Quantity[],
) {
  const bins = new Set(points.map(({ start }) => start)).size;
  const step = binStep(bins);
  const kept = [
    ...group(
      points,
      ({ series }) => series,
      ({ server }) => server,
    ).values(),
  ]
    .flatMap((servers) => [...servers.values()])
    .flatMap((own) => own.filter((_, index) => index % step === 0));
  const every = step === 1 ? '' : ` (every ${step}th bin)`;
  return {
    columns: [
      'scenario',
      'API server',
      `bin start s${every}`,
      ...quantities.flatMap((name) => [unitOf(name), '95 % low', '95 % high']),
    ],
    rows: kept.map(({ series, server, start, values }) => [
      series.scenario.scenario.name,
      server ?? 'all',
      start,
      ...quantities.flatMap((name) => [values[name].mean, values[name].ci95Low, values[name].ci95High]),
    ]),
  };
}

function unitOf(quantity: DrawnQuantity): string {
  if (quantity === 'watches_open') return 'watches open';
  if (quantity === 'cpu') return 'CPU, cores';
  if (quantity === 'memory') return 'memory, GiB';
  return quantity === 'requests' || quantity === 'rejected' ? `${quantity}/s` : `${quantity.toUpperCase()}/s`;
}
