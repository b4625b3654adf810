import type { Gauge } from '../../sim/gauge.js';
import type { MemorySteps } from './cache-memory.js';

/** What one server's memory consists of over time. */
export interface HeldMemory {
  readonly watches: Gauge;
  readonly bytesPerWatch: number;
  readonly caches: MemorySteps;
}

/** Calls `visit` for each stretch of constant memory of a server between 0 and `end` µs, in order. */
export function memoryLevels(
  { watches, bytesPerWatch, caches: { initial, times, bytes } }: HeldMemory,
  end: number,
  visit: (bytes: number, from: number, to: number) => void,
): void {
  let step = 0;
  let cached = initial;
  watches.levels(end, (open, from, to) => {
    for (let start = from; start < to;) {
      while (step < times.length && times[step] <= start) cached = bytes[step++];
      const stop = step < times.length ? Math.min(times[step], to) : to;
      visit(cached + open * bytesPerWatch, start, stop);
      start = stop;
    }
  });
}

/** The most memory that a server holds at one time, and when that is first so, µs; by bins of `binUs` into `bins`. */
export function memoryPeak(
  memory: HeldMemory,
  end: number,
  binUs: number,
  bins: Float64Array,
): { readonly bytes: number; readonly at: number } {
  let peak = { bytes: -1, at: 0 };
  memoryLevels(memory, end, (bytes, from, to) => {
    if (bytes > peak.bytes) peak = { bytes, at: from };
    raise(bins, binUs, bytes, from, to);
  });
  return peak;
}

/** The bins from one time to another hold so many bytes at least. */
function raise(bins: Float64Array, binUs: number, bytes: number, from: number, to: number): void {
  for (let bin = Math.floor(from / binUs); bin * binUs < to; bin++) bins[bin] = Math.max(bins[bin], bytes);
}
