import { group } from 'd3-array';
import type { DrawnQuantity, LoadPoint } from '../load-data.js';
import type { Html } from '../html.js';
import { band, drawPlot, hoverBins, Plot } from '../plot.js';
import type { Scenes } from '../scenes.js';
import { SERVERS_MAX, serverPanels } from '../server-panels.js';

/** What is drawn over time at each API server. */
interface Lines {
  readonly quantity: DrawnQuantity;
  /** Of its axis. */
  readonly label: string;
  /** Behind a number where one points. */
  readonly unit: string;
  /** For those who cannot see the picture. */
  readonly alt: string;
  /** Values at which a line goes across all panels. */
  readonly across?: readonly number[];
}

/** A quantity over time, one panel per API server and a line with its interval per scenario. */
export function serverLines(
  { width: pixels }: Scenes,
  points: readonly LoadPoint[],
  { quantity, label, unit, alt, across = [] }: Lines,
): Html {
  const { shown, options, facet, names } = drawnServers(points, pixels, 280);
  return drawPlot(
    {
      ...options,
      marginBottom: 42,
      marginLeft: 70,
      y: { label, grid: true, zero: true },
      marks: [
        Plot.ruleY([0, ...across]),
        ...[...group(shown, ({ series }) => series)].flatMap(([{ colour, dash, width }, own]) =>
          band(own, quantity, { colour, dash, width, facet }),
        ),
        hoverBins(shown, ({ series, values }) => [{ name: series.label, value: values[quantity].mean, unit }], facet),
        ...names,
      ],
    },
    alt,
  );
}

/** Says that some servers are not drawn; null where all are. */
export function serversNote(points: readonly LoadPoint[]): string | null {
  const servers = Math.max(...points.map(({ server }) => server ?? 0));
  return servers > SERVERS_MAX ? `${SERVERS_MAX} of ${servers} API servers are drawn; all are in the table.` : null;
}

/** The points of the servers that are drawn, and how their panels are laid out. */
export function drawnServers(points: readonly LoadPoint[], width: number, height: number) {
  const shown = points.filter(({ server }) => Number(server) <= SERVERS_MAX);
  const servers = [...new Set(shown.map(({ server }) => Number(server)))].sort((a, b) => a - b);
  return { shown, ...serverPanels(servers, width, height) };
}
