import type { Recurrence } from './timeline-actions.js';
import type { Randomness } from './randomness.js';

/** How often a timeline entry happens at most: jitter may move the last occurrence beyond the measured period. */
export function occurrenceCount(entry: Recurrence, durationUs: number): number {
  const last = Math.min(entry.untilUs, durationUs);
  if (entry.firstUs > last || entry.firstUs >= durationUs) return 0;
  if (entry.everyUs === null) return 1;
  const count = Math.floor((last - entry.firstUs) / entry.everyUs) + 1;
  return entry.firstUs + (count - 1) * entry.everyUs < durationUs ? count : count - 1;
}

/**
 * The times in microseconds at which the timeline entry with an index happens within the measured period. One that follows
 * another happens when that does.
 */
export function occurrences(
  entry: Recurrence & { readonly follows?: number },
  index: number,
  durationUs: number,
  random: Randomness,
): number[] {
  const times: number[] = [];
  const chance = entry.follows ?? index;
  const last = Math.min(entry.untilUs, durationUs);
  for (let count = 0; ; count++) {
    const nominal = entry.firstUs + count * (entry.everyUs ?? 0);
    if (nominal > last || nominal >= durationUs) return times;
    const jitter = Math.floor(random.timeline.uniform(chance, count, 0) * entry.jitterUs);
    if (nominal + jitter < durationUs) times.push(nominal + jitter);
    if (entry.everyUs === null) return times;
  }
}
