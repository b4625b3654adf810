import { wholePower } from '../sim/portable-math.js';

/** Relative width at which the search for a limit ends. */
const PRECISION = 0.01;

/** Doublings, or halvings, of a search that has no end of its own. */
const STEPS_MAX = 10;

/** 1,024: how many times larger or smaller than the first a value is that the search tries of itself. */
export const REACH = wholePower(2, STEPS_MAX);

/** How far a setting can go. */
export interface Limit {
  /** The value tried that meets the SLOs and is nearest to those that miss them; null: none did. */
  readonly met: number | null;
  /** The value tried that misses them and is nearest to those that meet them; null: none did. */
  readonly missed: number | null;
}

/**
 * Finds the value at which something begins to fail, by doubling or halving from `first` and bisection: towards `last`,
 * and where it fails at `first` already, the other way. It has to fail from there on.
 * Ends where met and missed are next to each other, or differ by 1 % at the most.
 * @param last the last value to try, larger or smaller than the first
 * @param whole only whole numbers are tried
 * @param meets whether it holds at a value; called once for each
 */
export async function findLimit(
  first: number,
  last: number,
  whole: boolean,
  meets: (value: number) => Promise<boolean>,
): Promise<Limit> {
  const atFirst = await meets(first);
  const up = last >= first;
  const end = atFirst ? last : backwards(first, up, whole);
  const turn = await walk(first, end, whole, async (value) => (await meets(value)) !== atFirst);
  let [met, missed] = atFirst ? [turn.before, turn.at] : [turn.at, turn.before];
  if (met === null || missed === null) return { met, missed };
  while (Math.abs(met - missed) > Math.max(whole ? 1 : 0, PRECISION * Math.min(met, missed))) {
    const middle: number = whole ? Math.floor((met + missed) / 2) : (met + missed) / 2;
    if (await meets(middle)) met = middle;
    else missed = middle;
  }
  return { met, missed };
}

/** Where the search ends that turns away from the wanted direction. */
function backwards(first: number, up: boolean, whole: boolean): number {
  if (!up) return first * REACH;
  return whole ? Math.max(1, Math.floor(first / REACH)) : first / REACH;
}

/** Doubles or halves until something is so. @returns the first value at which it is, and the one before */
async function walk(
  first: number,
  end: number,
  whole: boolean,
  isSo: (value: number) => Promise<boolean>,
): Promise<{ readonly before: number; readonly at: number | null }> {
  let before = first;
  while (before !== end) {
    const half = whole ? Math.floor(before / 2) : before / 2;
    const value = end > before ? Math.min(2 * before, end) : Math.max(half, end);
    if (await isSo(value)) return { before, at: value };
    before = value;
  }
  return { before, at: null };
}
