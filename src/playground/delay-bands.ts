import { mean } from 'd3-array';
import { SECOND_US } from '../sim/units.js';
import type { SampleTable } from '../cluster/model/run-record.js';

/** Delays of the same rank, in seconds: their mean stages sum to their mean delay. */
export interface DelayBand {
  /** Share of all delays that are at most as long, in the middle of the band. */
  readonly share: number;
  readonly cacheDelayS: number;
  readonly syncWaitS: number;
  readonly refreshS: number;
}

const BANDS = 40;

/** The delays of samples in order, in bands of equal size, between the shortest and the longest. */
export function delayBands(samples: SampleTable): readonly DelayBand[] {
  const { cacheDelayUs, syncWaitUs, refreshUs } = samples;
  const delays = cacheDelayUs.map((cache, i) => cache + syncWaitUs[i] + refreshUs[i]);
  const order = Array.from(delays.keys()).sort((a, b) => delays[a] - delays[b]);
  if (order.length === 0) return [];
  const bands = Math.min(BANDS, order.length);
  const bandOf = (rows: readonly number[], share: number): DelayBand => {
    const seconds = (stage: Float64Array): number => (mean(rows, (row) => stage[row]) ?? 0) / SECOND_US;
    return { share, cacheDelayS: seconds(cacheDelayUs), syncWaitS: seconds(syncWaitUs), refreshS: seconds(refreshUs) };
  };
  const middle = Array.from({ length: bands }, (_, band) => {
    const [from, to] = [band, band + 1].map((edge) => Math.round((edge * order.length) / bands));
    return bandOf(order.slice(from, to), (band + 0.5) / bands);
  });
  return [bandOf([order[0]], 0), ...middle, bandOf([order[order.length - 1]], 1)];
}
