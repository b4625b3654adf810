import { machineOf } from '../../server-verdicts.js';
import type { Figure } from '../figure.js';
import type { LoadPoint } from '../load-data.js';
import type { Scenes } from '../scenes.js';
import { timeTable } from './load.js';
import { serverLines, serversNote } from './server-lines.js';

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
    pictures: [
      serverLines(scenes, perServer, {
        quantity: 'memory',
        label: 'memory, GiB',
        unit: 'GiB',
        alt: 'Memory over time at each API server.',
        across: known,
      }),
    ],
    table: timeTable(perServer, ['memory', 'cpu']),
    files: ['load.csv', ...(stops ? ['restarts.csv'] : [])],
    notes: [scenes.leftOut, serversNote(perServer)],
  };
}
