import type { Load } from './load.js';

/** Open watches over the measured period. */
export interface OpenWatches {
  /** Time-weighted mean over all servers together. */
  readonly mean: number;
  readonly max: number;
  /** The most that one server had open. */
  readonly maxPerServer: number;
  /** Mean per server and bin, row-major. */
  readonly binMeans: Float64Array;
}

/** Level before the measured period, and its changes within, in order of time. */
interface Changes {
  readonly initial: number;
  readonly opened: Float64Array;
  readonly closed: Float64Array;
}

/** Reads the numbers of open watches off the times at which watches opened and closed. */
export function openWatches(load: Load, durationUs: number, binUs: number): OpenWatches {
  const perServer = load.opened.map((opened, server) =>
    changesOf(opened.view(), load.closed[server].view(), durationUs),
  );
  const binMeans = new Float64Array(load.servers * load.bins);
  let maxPerServer = 0;
  perServer.forEach((changes, server) => {
    const max = integrate(changes, durationUs, (level, from, to) => {
      for (let bin = Math.floor(from / binUs); bin * binUs < to; bin++) {
        const overlap = Math.min(to, (bin + 1) * binUs) - Math.max(from, bin * binUs);
        binMeans[server * load.bins + bin] += (level * overlap) / Math.min(binUs, durationUs - bin * binUs);
      }
    });
    maxPerServer = Math.max(maxPerServer, max);
  });
  let area = 0;
  const together: Changes = {
    initial: perServer.reduce((sum, { initial }) => sum + initial, 0),
    opened: joined(perServer.map(({ opened }) => opened)),
    closed: joined(perServer.map(({ closed }) => closed)),
  };
  const max = integrate(together, durationUs, (level, from, to) => (area += level * (to - from)));
  return { mean: area / durationUs, max, maxPerServer, binMeans };
}

function changesOf(opened: Float64Array, closed: Float64Array, durationUs: number): Changes {
  const before = (times: Float64Array): number => times.reduce((count, time) => (time < 0 ? count + 1 : count), 0);
  const within = (times: Float64Array): Float64Array => times.filter((time) => time >= 0 && time < durationUs).sort();
  return { initial: before(opened) - before(closed), opened: within(opened), closed: within(closed) };
}

/** Calls `visit` for each period of constant level; returns the highest level. At one instant, closing goes first. */
function integrate(
  changes: Changes,
  durationUs: number,
  visit: (level: number, from: number, to: number) => void,
): number {
  const { opened, closed } = changes;
  let level = changes.initial;
  let max = level;
  let from = 0;
  for (let i = 0, j = 0; i < opened.length || j < closed.length;) {
    const closes = j < closed.length && (i >= opened.length || closed[j] <= opened[i]);
    const time = closes ? closed[j] : opened[i];
    if (time > from) visit(level, from, time);
    from = time;
    if (closes) {
      level--;
      j++;
    } else {
      level++;
      i++;
      max = Math.max(max, level);
    }
  }
  if (durationUs > from) visit(level, from, durationUs);
  return max;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all.sort();
}
