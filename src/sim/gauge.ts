import { GrowableFloat64 } from './growable.js';
import { sortNumbers } from './sort.js';

/** The steps of a gauge: before time 0 their sum, later their times. */
export interface GaugePart {
  readonly initial: number;
  readonly ups: Float64Array;
  readonly downs: Float64Array;
}

/**
 * A level that steps up and down: how many of something are open. The steps may be recorded in any
 * order of time, since parts of a model may be simulated one after another; they are sorted when the
 * level is read.
 */
export class Gauge {
  /** Steps before time 0, up less down. */
  initial = 0;
  private readonly ups = new GrowableFloat64();
  private readonly downs = new GrowableFloat64();

  /** The level after all steps so far: the present one where steps are recorded in the order of time. */
  get level(): number {
    return this.initial + this.ups.length - this.downs.length;
  }

  /** So many steps up. */
  up(time: number, steps = 1): void {
    if (time < 0) this.initial += steps;
    else if (steps === 1) this.ups.push(time);
    else this.ups.extend(steps, time);
  }

  down(time: number): void {
    if (time < 0) this.initial--;
    else this.downs.push(time);
  }

  /** All steps, to be added to another gauge. */
  part(): GaugePart {
    return { initial: this.initial, ups: this.ups.view().slice(), downs: this.downs.view().slice() };
  }

  /** Adds the steps of another gauge. */
  absorb({ initial, ups, downs }: GaugePart): void {
    this.initial += initial;
    this.ups.append(ups);
    this.downs.append(downs);
  }

  /**
   * Calls `visit` for each stretch of constant level between 0 (inclusive) and `end` (exclusive), in
   * order; returns the highest level. At one instant steps down go first.
   */
  levels(end: number, visit: (level: number, from: number, to: number) => void): number {
    return levelsOf([this], end, visit);
  }

  /** Times of the steps within [0, end), valid until the next step. */
  within(end: number): { readonly ups: Float64Array; readonly downs: Float64Array } {
    return { ups: before(end, this.ups.view()), downs: before(end, this.downs.view()) };
  }
}

/** The level of several gauges together, as `Gauge.levels`. */
export function levelsOf(
  gauges: readonly Gauge[],
  end: number,
  visit: (level: number, from: number, to: number) => void,
): number {
  const steps = gauges.map((gauge) => gauge.within(end));
  const ups = sortedTogether(steps.map((each) => each.ups));
  const downs = sortedTogether(steps.map((each) => each.downs));
  let level = gauges.reduce((sum, gauge) => sum + gauge.initial, 0);
  let max = level;
  let from = 0;
  for (let i = 0, j = 0; i < ups.length || j < downs.length;) {
    const falls = j < downs.length && (i >= ups.length || downs[j] <= ups[i]);
    const time = falls ? downs[j] : ups[i];
    if (time > from) visit(level, from, time);
    from = time;
    if (falls) {
      level--;
      j++;
    } else {
      level++;
      i++;
      max = Math.max(max, level);
    }
  }
  if (end > from) visit(level, from, end);
  return max;
}

/** Those times that are before `end`: a part of the array where they come before all others, as where steps are recorded in order. */
function before(end: number, times: Float64Array): Float64Array {
  let count = 0;
  while (count < times.length && times[count] < end) count++;
  let others = count;
  while (others < times.length && times[others] >= end) others++;
  return others === times.length ? times.subarray(0, count) : times.filter((time) => time < end);
}

function sortedTogether(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return sortNumbers(all);
}
