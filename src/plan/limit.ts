/** Relative width at which the search for a limit ends. */
const PRECISION = 0.01;

/** How far a setting can grow. */
export interface Limit {
  /** The largest value tried that meets the SLOs; null: the first did not. */
  readonly met: number | null;
  /** The smallest value tried that misses them; null: none did, up to the largest allowed. */
  readonly missed: number | null;
}

/**
 * Finds the value at which something begins to fail, by doubling from `first` and bisection. It has to fail from there on.
 * Ends where met and missed are next to each other, or differ by 1 % at the most.
 * @param last the largest value to try
 * @param whole only whole numbers are tried
 * @param meets whether it holds at a value; called once for each
 */
export async function findLimit(
  first: number,
  last: number,
  whole: boolean,
  meets: (value: number) => Promise<boolean>,
): Promise<Limit> {
  let met: number | null = null;
  let missed: number | null = null;
  for (let value = first; missed === null && met !== last; value = Math.min(2 * value, last)) {
    if (await meets(value)) met = value;
    else missed = value;
  }
  if (met === null || missed === null) return { met, missed };
  let [low, high] = [met, missed];
  while (high - low > Math.max(whole ? 1 : 0, PRECISION * low)) {
    const middle = whole ? Math.floor((low + high) / 2) : (low + high) / 2;
    if (await meets(middle)) low = middle;
    else high = middle;
  }
  return { met: low, missed: high };
}
