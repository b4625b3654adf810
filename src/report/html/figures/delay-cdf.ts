import { groups } from 'd3-array';
import { countIn, numberIn, type ResultRow } from '../../read/result-row.js';
import type { Figure } from '../figure.js';
import { drawPlot, hoverDots, hoverText, Plot } from '../plot.js';
import type { Scenes, Series } from '../scenes.js';

/** More pictures of classes than this are too many to compare. */
const PANELS_MAX = 4;

interface Point {
  readonly series: Series;
  readonly share: number;
  readonly delay: number;
  readonly low: number;
  readonly high: number;
}

function titleOf({ series, share, delay, low, high }: Point): string {
  const percent = Number((100 * share).toPrecision(6));
  return hoverText(`${series.label}, ${percent} % of volumes`, [{ name: '', value: delay, low, high, unit: 's' }]);
}

/** The share of projections that are done after a time, for each class of objects and way of consuming them. */
export function delayCdf(scenes: Scenes): Figure | null {
  const { data, series, leftOut } = scenes;
  const panels = groups(data.delays, (row) => `${row['object_class']} as ${row['as']}`);
  if (panels.length === 0) return null;
  const ranked = panels.toSorted(
    ([, a], [, b]) => countIn(b[0], 'projections_mean') - countIn(a[0], 'projections_mean'),
  );
  const drawn = ranked.slice(0, PANELS_MAX);
  return {
    id: 'delay',
    title: 'How long until a pod has the new files',
    lead:
      'Share of the pods’ volumes that show the new content, against the time since etcd committed the update. ' +
      'Means over the replications; shaded: 95 % interval.',
    legend: series,
    pictures: drawn.map(([name, rows]) => picture(scenes, name, pointsOf(rows, series))),
    table: {
      columns: ['scenario', 'object class', 'as', 'quantile', 'delay s', '95 % low', '95 % high'],
      rows: data.delays.map((row) => [
        row['scenario'],
        row['object_class'],
        row['as'],
        ...['quantile', 'delay_s', 'delay_ci95_low_s', 'delay_ci95_high_s'].map((column) => numberIn(row, column)),
      ]),
    },
    files: ['delays.csv'],
    notes: [
      leftOut,
      ranked.length > PANELS_MAX
        ? `The ${PANELS_MAX} of ${ranked.length} classes with the most projections are drawn.`
        : null,
    ],
  };
}

function pointsOf(rows: readonly ResultRow[], series: readonly Series[]): readonly Point[] {
  return series.flatMap((each) =>
    rows
      .filter((row) => row['scenario'] === each.scenario.scenario.name)
      .flatMap((row) => {
        const [share, delay] = [numberIn(row, 'quantile'), numberIn(row, 'delay_s')];
        if (share === null || delay === null) return [];
        const low = numberIn(row, 'delay_ci95_low_s') ?? delay;
        const high = numberIn(row, 'delay_ci95_high_s') ?? delay;
        return [{ series: each, share, delay, low: Math.max(0, low), high }];
      }),
  );
}

function picture(scenes: Scenes, name: string, points: readonly Point[]) {
  const lines = groups(points, ({ series }) => series);
  const alt = lines.map(([{ label }, own]) => `${label}: all after ${Math.round(own[own.length - 1].delay)} s`);
  return drawPlot(
    {
      width: scenes.width,
      height: 320,
      marginLeft: 56,
      marginBottom: 42,
      x: {
        label: `seconds since the commit (${name})`,
        domain: [0, Math.max(...points.map(({ high }) => high))],
        nice: true,
      },
      y: { label: 'share of volumes', domain: [0, 1], tickFormat: '.0%', grid: true },
      marks: [
        Plot.ruleY([0]),
        ...lines.flatMap(([{ colour, dash, width }, own]) => [
          Plot.areaX(own, { x1: 'low', x2: 'high', y: 'share', fill: colour, fillOpacity: 0.15 }),
          Plot.line(own, { x: 'delay', y: 'share', stroke: colour, strokeWidth: width, strokeDasharray: dash }),
          hoverDots(own, { x: 'delay', y: 'share', fill: colour, title: titleOf }),
        ]),
      ],
    },
    `Distribution of the delay, ${name}. ${alt.join('; ')}.`,
  );
}
