import { range, sum } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import { RESOURCES } from '../../cluster/model/kinds.js';
import type { LoadTable, Storm } from '../../cluster/model/run-record.js';
import type { Process, TraceEvent } from './trace-events.js';

/** A counter of an API server: its name, which viewers put before those of its values, and what it shows of the bins from `from` to `to`. */
interface Counter {
  readonly name: string;
  readonly values: (bins: Bins) => Readonly<Record<string, number>>;
}

/** Bins of a server that are shown as one. */
interface Bins {
  readonly seconds: number;
  /** All values of a column. */
  readonly of: (column: string) => readonly number[];
}

const perSecond = ({ of, seconds }: Bins, ...columns: readonly string[]): number =>
  sum(columns, (column) => sum(of(column))) / seconds;

const COUNTERS: readonly Counter[] = [
  {
    name: 'requests/s',
    values: (bins) =>
      Object.fromEntries(
        ['get', 'list', 'watch', 'write'].map((verb) => [
          verb,
          perSecond(bins, ...RESOURCES.map((resource) => `${verb}_${resource}`)),
        ]),
      ),
  },
  { name: 'watches', values: ({ of }) => ({ open: sum(of('watches_open')) / of('watches_open').length }) },
  {
    name: 'sent to watches/s',
    values: (bins) => ({ events: perSecond(bins, 'watch_events'), bookmarks: perSecond(bins, 'bookmarks') }),
  },
  { name: 'sent/s', values: (bins) => ({ bytes: perSecond(bins, 'bytes_sent') }) },
  { name: 'CPU', values: (bins) => ({ cores: perSecond(bins, 'cpu_s') }) },
  {
    name: 'flow control',
    values: ({ of }) => ({
      seats: Math.max(...of('seats')),
      queued: Math.max(...of('queued')),
      '429': sum(of('rejected_429')),
    }),
  },
];

/**
 * The load of each server as counters. Bins are joined where there would be more than `max` events.
 * @param durationUs the measured time, in which the last bin may end early
 */
export function loadEvents(
  load: LoadTable,
  servers: readonly Process[],
  durationUs: number,
  max: number,
): { readonly events: readonly TraceEvent[]; readonly joined: number } {
  // Without flow control there are no seats.
  const counters = Number.isNaN(load.values[load.columns.indexOf('seats')]) ? COUNTERS.slice(0, -1) : COUNTERS;
  const joined = Math.max(1, Math.ceil((load.bins * servers.length * counters.length) / max));
  const events = servers.flatMap(({ pid }, server) =>
    range(0, load.bins, joined).flatMap((first) => {
      const bins = binsOf(load, server, first, Math.min(load.bins, first + joined), durationUs);
      const ts = Math.round(first * load.binS * SECOND_US);
      return counters.map(({ name, values }): TraceEvent => ({ ph: 'C', name, pid, ts, args: values(bins) }));
    }),
  );
  return { events, joined };
}

function binsOf(
  { columns, bins, binS, values }: LoadTable,
  server: number,
  from: number,
  to: number,
  durationUs: number,
): Bins {
  return {
    seconds: Math.min(durationUs / SECOND_US, to * binS) - from * binS,
    of: (column) => {
      const place = columns.indexOf(column);
      // Not every cluster has every resource.
      if (place < 0) return [];
      return range(from, to).map((bin) => values[(server * bins + bin) * columns.length + place]);
    },
  };
}

/** The stops of servers as instants. */
export function stopEvents(storms: readonly Storm[], servers: readonly Process[]): readonly TraceEvent[] {
  return storms.map(({ server, atS, ...rest }) => ({
    ph: 'i',
    name: 'server stops',
    cat: 'restart',
    pid: servers[server].pid,
    ts: Math.round(atS * SECOND_US),
    s: 'p',
    args: {
      watches_lost: rest.watchesLost,
      watches_back: rest.watchesBack,
      back_after_50pct_s: rest.backAfter50S,
      back_after_100pct_s: rest.backAfter100S,
    },
  }));
}
