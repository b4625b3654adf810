/** Partial sums: doubles that do not overlap, the smallest first; a sum of doubles needs at most 40 of them. */
const partials = new Float64Array(64);

/**
 * The sum of some numbers, rounded once: it does not depend on their order (Shewchuk, Adaptive precision floating-point
 * arithmetic, Discrete and Computational Geometry 18, 1997; as d3's `fsum`, which makes an array for each sum).
 */
export function exactSum(values: readonly number[]): number {
  if (values.length < 3) return values.reduce((sum, value) => sum + value, 0);
  let count = 0;
  for (const value of values) {
    let x = value;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const y = partials[i];
      const sum = x + y;
      const error = Math.abs(x) < Math.abs(y) ? x - (sum - y) : y - (sum - x);
      if (error !== 0) partials[kept++] = error;
      x = sum;
    }
    partials[kept++] = x;
    count = kept;
  }
  return rounded(count);
}

/** The partial sums together, rounded half to even. */
function rounded(count: number): number {
  let i = count - 1;
  let high = partials[i];
  let low = 0;
  while (i > 0 && low === 0) {
    const x = high;
    const y = partials[--i];
    high = x + y;
    low = y - (high - x);
  }
  // Half a unit, with more of the same sign below it: the rounding to even went the wrong way.
  if (i > 0 && low !== 0 && Math.sign(low) === Math.sign(partials[i - 1])) {
    const twice = 2 * low;
    const away = high + twice;
    if (away - high === twice) return away;
  }
  return high;
}
