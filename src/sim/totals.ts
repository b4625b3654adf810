/*
 * Sums and maxima of columns. A function that is handed to `reduce` is another one in each run, and engines compile it anew
 * each time; these are compiled once.
 */

/** The sum of numbers; 0 of none. */
export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** The largest of numbers that are not negative; 0 of none. */
export function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > largest) largest = values[i];
  return largest;
}
