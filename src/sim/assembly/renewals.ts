/*
 * AssemblyScript: renewal sequences of many entities, whose intervals are uniform and rounded up to whole seconds, walked to
 * a second. The memory has columns of 1,024 numbers of 32 bits: names (high, low), intervals drawn, and the seconds at which
 * the sequences stand (`random-batch.ts` has the same places).
 */
import { drawBlocks, first, second } from './threefry';

const LOW: usize = 4096;
const DRAWN: usize = 8192;
const SECONDS: usize = 12288;

const HALF_SECOND_US: f64 = 500000.0;
/** 3 × 2⁵¹: doubles of this size are whole, and their lower halves whole numbers of 32 bits. */
const WHOLE: f64 = 6755399441055744.0;

/**
 * Walks the sequences from 0 to `count` (exclusive, a multiple of four) to their first renewal at `until` or later. An
 * interval takes `least` + its word × `scale` µs, cut to whole µs, and these to whole seconds; (k0, k1): the stream's key.
 * Returns the blocks drawn.
 */
export function renew(k0: i32, k1: i32, count: i32, least: i32, scale: f64, until: i32): i32 {
  let blocks: i32 = 0;
  const end = i32x4.splat(until);
  const odd = i32x4.splat(1);
  for (let at: usize = 0, last = <usize>count << 2; at < last; at += 16) {
    const high = v128.load(at);
    const low = v128.load(at, LOW);
    let drawn = v128.load(at, DRAWN);
    let seconds = v128.load(at, SECONDS);
    // Blocks are counted apart from what is taken, so that the processor may draw ahead.
    let block = i32x4.shr_u(drawn, 1);
    while (v128.any_true(i32x4.lt_s(seconds, end))) {
      drawBlocks(k0, k1, high, low, block);
      block = i32x4.add(block, odd);
      blocks += 4;
      // Who stands before the end takes a word: the first of its block, or the second. What is taken is −1.
      let takes = v128.andnot(i32x4.lt_s(seconds, end), i32x4.eq(v128.and(drawn, odd), odd));
      seconds = i32x4.add(seconds, v128.and(takes, intervals(first, least, scale)));
      drawn = i32x4.sub(drawn, takes);
      takes = v128.and(i32x4.lt_s(seconds, end), i32x4.eq(v128.and(drawn, odd), odd));
      seconds = i32x4.add(seconds, v128.and(takes, intervals(second, least, scale)));
      drawn = i32x4.sub(drawn, takes);
    }
    v128.store(at, drawn, DRAWN);
    v128.store(at, seconds, SECONDS);
  }
  return blocks;
}

/** Four intervals in whole seconds by their words. */
@inline
function intervals(words: v128, least: i32, scale: f64): v128 {
  const low = pair(words, least, scale);
  const high = pair(upper(words), least, scale);
  // Whole numbers stand in the lower halves of doubles.
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}

/**
 * Two intervals by the lower two of four words: each in whole seconds, in the lower half of a double. Whole µs n have
 * [(n + ½) ÷ 10⁶] whole seconds, which multiplying with 10⁻⁶ gives, too, for no such number is near a whole one. Half a
 * second less is rounded to that by adding 3 × 2⁵¹, as the sum has no digits behind the point.
 */
@inline
function pair(words: v128, least: i32, scale: f64): v128 {
  const drawn = f64x2.trunc(f64x2.mul(f64x2.convert_low_i32x4_u(words), f64x2.splat(scale)));
  const micros = f64x2.add(drawn, f64x2.splat(<f64>least + 0.5 - HALF_SECOND_US));
  return f64x2.add(f64x2.mul(micros, f64x2.splat(0.000001)), f64x2.splat(WHOLE));
}

/** The upper two of four numbers in the place of the lower ones. */
@inline
function upper(words: v128): v128 {
  return i8x16.shuffle(words, words, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}
