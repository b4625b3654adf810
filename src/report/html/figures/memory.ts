import { group } from 'd3-array';
import { machineOf } from '../../server-verdicts.js';
import type { Figure } from '../figure.js';
import type { LoadPoint } from '../load-data.js';
import { band, drawPlot, hoverBins, Plot } from '../plot.js';
import type { Scenes } from '../scenes.js';
import { drawnServers, serversNote, timeTable } from './load.js';

const GIB = 2 ** 30;

/** Memory of each API server over time, and what it has: where that is asked, or servers stop. */
export function memory(scenes: Scenes, points: readonly LoadPoint[]): Figure | null {
  const { data, series } = scenes;
  const perServer = points.filter(({ server }) => server !== null);
  const asked = { factorPaths: data.manifest.factors, spec: data.manifest.spec };
  const limits = series.map(({ scenario }) => machineOf(asked, scenario).memoryBytes / GIB);
  const known = [...new Set(limits.filter((limit) => limit < Infinity))];
  const stops = series.some(({ scenario }) => (scenario.metrics.watches_lost.max ?? 0) > 0);
  const measured = perServer.some(({ values }) => (values.memory.mean ?? 0) > 0);
  if (!measured || (known.length === 0 && !stops)) return null;
  return {
    id: 'memory',
    title: 'Memory of each API server over time',
    lead:
      'The most in each bin that its watch caches and open watches need, one panel per API server. Means over the ' +
      `replications; shaded: 95 % interval.${known.length === 0 ? '' : ' The line across is the memory it has.'}`,
    legend: series,
    pictures: [picture(scenes, perServer, known)],
    table: timeTable(perServer, ['memory', 'cpu']),
    files: ['load.csv', ...(stops ? ['restarts.csv'] : [])],
    notes: [scenes.leftOut, serversNote(perServer)],
  };
}

function picture({ width: pixels }: Scenes, points: readonly LoadPoint[], limits: readonly number[]) {
  const { shown, options, facet, names } = drawnServers(points, pixels, 280);
  return drawPlot(
    {
      ...options,
      marginBottom: 42,
      marginLeft: 70,
      x: { label: 'seconds of the measured time', ticks: 5 },
      y: { label: 'memory, GiB', grid: true, zero: true },
      marks: [
        Plot.ruleY([0, ...limits]),
        ...[...group(shown, ({ series }) => series)].flatMap(([{ colour, dash, width }, own]) =>
          band(own, 'memory', { colour, dash, width, facet }),
        ),
        hoverBins(
          shown,
          ({ series, values }) => [{ name: series.label, value: values.memory.mean, unit: 'GiB' }],
          facet,
        ),
        ...names,
      ],
    },
    'Memory over time at each API server.',
  );
}
