/*
 * AssemblyScript: intervals that are uniform and rounded up to whole seconds, four at a time.
 */

/** Four intervals in whole seconds by their words. */
@inline
export function intervals(words: v128, least: i32, scale: f64): v128 {
  const scales = f64x2.splat(scale);
  const low = f64x2.mul(f64x2.convert_low_i32x4_u(words), scales);
  const high = f64x2.mul(f64x2.convert_low_i32x4_u(upper(words)), scales);
  return halves(low, high, least);
}

/** Adds `least` to whole µs of two and two, and cuts the sums to whole seconds. */
@inline
function halves(low: v128, high: v128, least: i32): v128 {
  const micros = i32x4.add(joined(low, high), i32x4.splat(least));
  return joined(inSeconds(micros), inSeconds(upper(micros)));
}

/** The lower two of four whole numbers of µs in seconds: half a µs more is in the same second, and far from the next for any rounding. */
@inline
function inSeconds(micros: v128): v128 {
  const middle = f64x2.add(f64x2.convert_low_i32x4_s(micros), f64x2.splat(0.5));
  return f64x2.mul(middle, f64x2.splat(0.000001));
}

/** The upper two of four numbers in the place of the lower ones. */
@inline
export function upper(words: v128): v128 {
  return i8x16.shuffle(words, words, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** Two and two doubles as four whole numbers. */
@inline
function joined(low: v128, high: v128): v128 {
  const first = i32x4.trunc_sat_f64x2_s_zero(low);
  const second = i32x4.trunc_sat_f64x2_s_zero(high);
  return i8x16.shuffle(first, second, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}
