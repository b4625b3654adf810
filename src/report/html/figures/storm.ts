import { group, least } from 'd3-array';
import { pressure } from '../../answer-lines.js';
import type { Figure } from '../figure.js';
import type { TimePoint } from '../load-data.js';
import { band, drawPlot, hoverBins, Plot } from '../plot.js';
import type { StormQuantity } from '../restart-data.js';
import type { Scenes, Series } from '../scenes.js';
import { timeTable } from './load.js';

/** Shown before the fewest watches are open, and after them at least, seconds and bins. */
const AROUND_S = 20;
const AROUND_BINS = 5;

/** How the watches come back that stopping API servers lost: watches and requests around the time with the fewest. */
export function storm(
  scenes: Scenes,
  seconds: readonly TimePoint<StormQuantity>[],
  bins: readonly TimePoint<StormQuantity>[],
): Figure | null {
  const lost = scenes.series.filter(({ scenario }) => (scenario.metrics.watches_lost.mean ?? 0) > 0);
  // A result of an earlier version has no second by second.
  const all = (seconds.length > 0 ? seconds : bins).filter(
    ({ server, series }) => server === null && lost.includes(series),
  );
  const near = [...group(all, ({ series }) => series)].flatMap(([series, own]) => around(series, own));
  if (near.length === 0) return null;
  return {
    id: 'storm',
    title: 'The storm after API servers stop',
    lead:
      'All API servers together, around the time with the fewest open watches (second 0). Means over the replications; ' +
      'shaded: 95 % interval.',
    legend: lost,
    pictures: [
      picture(scenes, near, 'watches_open', 'watches open'),
      picture(scenes, near, 'requests', 'requests per second'),
    ],
    table: {
      columns: ['scenario', 'metric', 'mean', '95 % low', '95 % high', 'max'],
      rows: [
        ...stormRows(scenes),
        ...timeTable(near, ['watches_open', 'requests']).rows.map((row) => [
          row[0],
          `at second ${row[2]}: watches open`,
          row[3],
          row[4],
          row[5],
          null,
        ]),
      ],
    },
    files: ['summary.csv', seconds.length > 0 ? 'restarts.csv' : 'load.csv'],
    notes: [
      lost.length < scenes.data.scenarios.length
        ? `${lost.length} of ${scenes.data.scenarios.length} scenarios are drawn; the times until all watches are back are in the table.`
        : null,
    ],
  };
}

/** The points of a scenario around the bin with the fewest watches, as seconds from it. */
function around(series: Series, points: readonly TimePoint<StormQuantity>[]): readonly TimePoint<StormQuantity>[] {
  const centre = least(points, ({ values }) => values.watches_open.mean ?? Infinity);
  if (centre === undefined) return [];
  const margin = Math.max(AROUND_S, AROUND_BINS * centre.length);
  const recovery = series.scenario.metrics.watch_recovery_max_s.mean ?? 0;
  return points
    .filter(({ start }) => start >= centre.start - margin && start <= centre.start + margin + 1.5 * recovery)
    .map((point) => ({ ...point, start: point.start - centre.start }));
}

function picture(scenes: Scenes, points: readonly TimePoint<StormQuantity>[], quantity: StormQuantity, label: string) {
  return drawPlot(
    {
      width: scenes.width,
      height: 240,
      marginLeft: 70,
      marginBottom: 42,
      x: { label: 'seconds from the fewest watches' },
      y: { label, grid: true, zero: true, nice: true },
      marks: [
        Plot.ruleY([0]),
        ...[...group(points, ({ series }) => series)].flatMap(([{ colour, dash, width }, own]) =>
          band(own, quantity, { colour, dash, width }),
        ),
        hoverBins(points, ({ series, values }) => [{ name: series.label, value: values[quantity].mean, unit: '' }]),
      ],
    },
    `${label} of all API servers around the storm.`,
  );
}

/** What says how hard API servers were pressed, for every scenario. */
function stormRows({ data }: Scenes) {
  const lines = pressure(data.scenarios).flatMap((section) => section.lines);
  return data.scenarios.flatMap(({ scenario, metrics }) =>
    lines.map(({ metric }) => {
      const { mean, ci95Low, ci95High, max } = metrics[metric];
      return [scenario.name, metric, mean, ci95Low, ci95High, max];
    }),
  );
}
