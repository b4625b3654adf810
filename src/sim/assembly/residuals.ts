/*
 * AssemblyScript: renewal sequences of many entities that have been going on for ever, whose intervals are uniform and rounded
 * up to whole seconds: how long it is from an instant at which there may be a renewal to the first that comes. The columns are
 * those of `renewals.ts`.
 */
import { intervals, upper } from './intervals';
import { drawTwo, first, fourth, lanesOf, second, third } from './threefry';

const LOW: usize = 4096;
const SECONDS: usize = 12288;
const TWO_POW_MINUS_32: f64 = 1.0 / 4294967296.0;

/**
 * Draws whole seconds for the entities from 0 to `count` (exclusive), whose intervals take what those of `renew` take, and
 * `longest` µs at the most. The interval that covers the instant is length-biased, drawn by rejection from block 1 on; where
 * the instant is in it is drawn in block 0. Returns the blocks drawn.
 */
export function residuals(k0: i32, k1: i32, count: i32, least: i32, scale: f64, longest: f64): i32 {
  let blocks: i32 = 0;
  for (let i: i32 = 0; i < count; i += 4) {
    const at = <usize>i << 2;
    const high = v128.load(at);
    const low = v128.load(at, LOW);
    let open = i32x4.gt_s(i32x4.splat(count - i), i32x4(0, 1, 2, 3));
    blocks += lanesOf(open);
    drawTwo(k0, k1, high, low, i32x4.splat(0));
    const places = first;
    let covering = i32x4.splat(0);
    let words = third;
    let bounds = fourth;
    for (let attempt: i32 = 1; ; attempt++) {
      blocks += lanesOf(open);
      const lengths = intervals(words, least, scale);
      const lower = isWithin(bounds, lengths, longest);
      const higher = isWithin(upper(bounds), upper(lengths), longest);
      const accepted = i8x16.shuffle(lower, higher, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
      covering = v128.bitselect(lengths, covering, v128.and(open, accepted));
      open = v128.andnot(open, accepted);
      if (!v128.any_true(open)) break;
      // Two more attempts are drawn at a time.
      if ((attempt & 1) === 1) drawTwo(k0, k1, high, low, i32x4.splat(attempt + 1));
      words = (attempt & 1) === 1 ? first : third;
      bounds = (attempt & 1) === 1 ? second : fourth;
    }
    const lower = i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(uniforms(places), f64x2.convert_low_i32x4_s(covering)));
    const higher = i32x4.trunc_sat_f64x2_s_zero(
      f64x2.mul(uniforms(upper(places)), f64x2.convert_low_i32x4_s(upper(covering))),
    );
    v128.store(at, i8x16.shuffle(lower, higher, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), SECONDS);
  }
  return blocks;
}

/** Set where the lower two of four words, as shares of `longest` µs, are less than intervals of whole seconds. */
@inline
function isWithin(words: v128, lengths: v128, longest: f64): v128 {
  const micros = f64x2.mul(f64x2.convert_low_i32x4_s(lengths), f64x2.splat(1000000));
  return f64x2.lt(f64x2.mul(uniforms(words), f64x2.splat(longest)), micros);
}

/** Uniforms in [0, 1) by the lower two of four words. */
@inline
function uniforms(words: v128): v128 {
  return f64x2.mul(f64x2.convert_low_i32x4_u(words), f64x2.splat(TWO_POW_MINUS_32));
}
