import { Plot } from './plot.js';

/** API servers that a picture has room for. */
export const SERVERS_MAX = 3;

/** Pictures that are narrower have their panels below each other, pixels. */
const SIDE_BY_SIDE_PX = 560;
/** Height of a panel below others, and of what stands around all of them. */
const BELOW_PX = 150;
const AROUND_PX = 70;

/** Numbers of seconds in a panel, about: those of a week are wide. */
const TIME_TICKS = 3;

/** How a picture with a panel for each API server is laid out. */
export interface ServerPanels {
  /** Options of the plot: its height, its time, and what is said of each panel. */
  readonly options: Plot.PlotOptions;
  /** The channel that puts a mark of `server` into its panel. */
  readonly facet: { readonly fx: 'server' } | { readonly fy: 'server' };
  /** Names of the panels, where no axis has them. */
  readonly names: readonly Plot.Markish[];
}

/**
 * Panels side by side, or below each other where the picture is narrow.
 * @param servers numbers of the API servers that are drawn
 * @param width of the picture, and its height where the panels stand side by side; pixels
 */
export function serverPanels(servers: readonly number[], width: number, height: number): ServerPanels {
  const x = { label: 'seconds of the measured time', ticks: TIME_TICKS };
  if (width >= SIDE_BY_SIDE_PX) {
    const fx = { label: null, tickFormat: nameOf };
    return { options: { width, height, marginTop: 44, x, fx }, facet: { fx: 'server' }, names: [] };
  }
  const names = Plot.text(
    servers.map((server) => ({ server })),
    { fy: 'server', text: ({ server }: { server: number }) => nameOf(server), frameAnchor: 'top-left', dy: -14 },
  );
  const options = { width, x, height: servers.length * BELOW_PX + AROUND_PX, fy: { axis: null, padding: 0.25 } };
  return { options: { ...options, marginTop: 44 }, facet: { fy: 'server' }, names: [names] };
}

function nameOf(server: number): string {
  return `API server ${server}`;
}
