import { sumOf } from '../../sim/totals.js';
import { SECOND_US } from '../../sim/units.js';
import type { Load } from './load.js';
import type { RunInput } from '../model/model-input.js';
import type { ReadSeries } from '../model/run-record.js';
import { occurrenceCount } from '../model/occurrences.js';

/** Bins of the series: 20 batches of five, as MSER-5 takes them. */
const BINS = 100;

/**
 * The reads (GET, LIST, WATCH) of a run over the measured time, up to the first entry of the timeline that changes
 * which pods, watches or servers there are: what a steady cluster does all the time. Updates only change who is
 * told, so they do not end it. null where that is too short to be judged.
 */
export function readSeries({ timeline, durationUs }: RunInput, load: Load): ReadSeries | null {
  const ends = timeline
    .filter((entry) => entry.action !== 'update' && occurrenceCount(entry, durationUs) > 0)
    .map(({ firstUs }) => firstUs);
  const binS = Math.floor(Math.min(durationUs, ...ends) / SECOND_US / BINS);
  if (binS === 0) return null;
  const counts = Array.from({ length: BINS }, (_, bin) =>
    sumOf(load.readsPerSecond.subarray(bin * binS, (bin + 1) * binS)),
  );
  return { binS, counts };
}

/** Bins of the series of all requests, at most: what a terminal has room for. */
const TREND_BINS = 60;

/** The requests of a run (GET, LIST, WATCH and writes) at all servers, over the measured time; the last bin may end early. */
export function requestSeries({ servers, seconds, perSecond }: Load): ReadSeries {
  const binS = Math.ceil(seconds / TREND_BINS);
  const counts = new Array<number>(Math.ceil(seconds / binS)).fill(0);
  for (let i = 0; i < servers * seconds; i++) counts[Math.floor((i % seconds) / binS)] += perSecond[i];
  return { binS, counts };
}
