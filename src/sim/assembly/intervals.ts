/*
 * AssemblyScript: intervals that are uniform and rounded up to whole seconds, four at a time.
 */

/** Added to a number below 2^31 that is not too close to a whole one, it leaves the whole part in the lower half of the sum. */
const FLOOR: f64 = 4503599627370495.5;

/** Four intervals in whole seconds by their words. */
@inline
export function intervals(words: v128, least: i32, scale: f64): v128 {
  const low = halves(f64x2.convert_low_i32x4_u(words), least, scale);
  const high = halves(f64x2.convert_low_i32x4_u(upper(words)), least, scale);
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}

/**
 * Adds `least` to the whole µs of two words, and cuts the sums to whole seconds. Half a µs more is in the same second, and
 * far from the next for any rounding.
 */
@inline
function halves(words: v128, least: i32, scale: f64): v128 {
  const micros = f64x2.floor(f64x2.mul(words, f64x2.splat(scale)));
  const middle = f64x2.add(micros, f64x2.splat(<f64>least + 0.5));
  return f64x2.add(f64x2.mul(middle, f64x2.splat(0.000001)), f64x2.splat(FLOOR));
}

/** The upper two of four numbers in the place of the lower ones. */
@inline
export function upper(words: v128): v128 {
  return i8x16.shuffle(words, words, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}
