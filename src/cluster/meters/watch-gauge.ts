import { type Gauge, levelsOf } from '../../sim/gauge.js';
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

/** The mean level of a gauge in each of `bins` bins of `binUs`. */
export function meanLevels(gauge: Gauge, durationUs: number, binUs: number, bins: number): Float64Array {
  const means = new Float64Array(bins);
  addMeanLevels(gauge, durationUs, binUs, means);
  return means;
}

/** Adds the mean level of a gauge in each bin; returns its highest level. */
function addMeanLevels(gauge: Gauge, durationUs: number, binUs: number, binMeans: Float64Array): number {
  return gauge.levels(durationUs, (level, from, to) => {
    addLevel(level, [from, to], durationUs, binUs, binMeans);
  });
}

/** Adds a level from one time to another to the means of its bins. */
function addLevel(
  level: number,
  [from, to]: readonly [number, number],
  durationUs: number,
  binUs: number,
  binMeans: Float64Array,
): void {
  for (let bin = Math.floor(from / binUs); bin * binUs < to; bin++) {
    const overlap = Math.min(to, (bin + 1) * binUs) - Math.max(from, bin * binUs);
    binMeans[bin] += (level * overlap) / Math.min(binUs, durationUs - bin * binUs);
  }
}

/** Reads the numbers of open watches off the gauges of the servers. */
export function openWatches(load: Load, durationUs: number, binUs: number): OpenWatches {
  const binMeans = new Float64Array(load.servers * load.bins);
  let maxPerServer = 0;
  load.watches.forEach((gauge, server) => {
    const own = binMeans.subarray(server * load.bins, (server + 1) * load.bins);
    maxPerServer = Math.max(maxPerServer, addMeanLevels(gauge, durationUs, binUs, own));
  });
  let area = 0;
  const max = levelsOf(load.watches, durationUs, (level, from, to) => (area += level * (to - from)));
  return { mean: area / durationUs, max, maxPerServer, binMeans };
}
