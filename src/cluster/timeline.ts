import type { Recurrence } from './model-input.js';
import type { Randomness } from './randomness.js';

/** The times in microseconds at which a timeline entry happens within the measured period. */
export function occurrences(entry: Recurrence, index: number, durationUs: number, random: Randomness): number[] {
  const times: number[] = [];
  const last = Math.min(entry.untilUs, durationUs);
  for (let count = 0; ; count++) {
    const nominal = entry.firstUs + count * (entry.everyUs ?? 0);
    if (nominal > last || nominal >= durationUs) return times;
    const jitter = Math.floor(random.timeline.uniform(index, count, 0) * entry.jitterUs);
    if (nominal + jitter < durationUs) times.push(nominal + jitter);
    if (entry.everyUs === null) return times;
  }
}
