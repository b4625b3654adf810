/*
 * AssemblyScript: renewal sequences of many entities, whose intervals are uniform and rounded up to whole seconds, walked to
 * a second. The memory has columns of 1,024 numbers of 32 bits: names (high, low), intervals drawn, and the seconds at which
 * the sequences stand (`random-batch.ts` has the same places).
 */
import { intervals } from './intervals';
import { drawTwo, first, fourth, second, third } from './threefry';

const LOW: usize = 4096;
const DRAWN: usize = 8192;
const SECONDS: usize = 12288;

/**
 * Walks the sequences from 0 to `count` (exclusive, a multiple of four) to their first renewal at `until` or later. An
 * interval takes `least` + its word × `scale` µs, cut to whole µs, and these to whole seconds; (k0, k1): the stream's key.
 * Returns the blocks drawn.
 */
export function renew(k0: i32, k1: i32, count: i32, least: i32, scale: f64, until: i32): i32 {
  let blocks: i32 = 0;
  const end = i32x4.splat(until);
  const one = i32x4.splat(1);
  for (let at: usize = 0, last = <usize>count << 2; at < last; at += 16) {
    const high = v128.load(at);
    const low = v128.load(at, LOW);
    let drawn = v128.load(at, DRAWN);
    let seconds = v128.load(at, SECONDS);
    // Blocks are counted apart from what is taken, so that the processor may draw ahead.
    let block = i32x4.shr_u(drawn, 1);
    while (v128.any_true(i32x4.lt_s(seconds, end))) {
      drawTwo(k0, k1, high, low, block);
      blocks += 8;
      // Who stands before the end takes a word: the first of its block, or the second, and so on. What is taken is −1.
      let word = i32x4.shl(block, 1);
      block = i32x4.add(block, i32x4.splat(2));
      let takes = v128.and(i32x4.lt_s(seconds, end), i32x4.eq(drawn, word));
      seconds = i32x4.add(seconds, v128.and(takes, intervals(first, least, scale)));
      drawn = i32x4.sub(drawn, takes);
      word = i32x4.add(word, one);
      takes = v128.and(i32x4.lt_s(seconds, end), i32x4.eq(drawn, word));
      seconds = i32x4.add(seconds, v128.and(takes, intervals(second, least, scale)));
      drawn = i32x4.sub(drawn, takes);
      word = i32x4.add(word, one);
      takes = v128.and(i32x4.lt_s(seconds, end), i32x4.eq(drawn, word));
      seconds = i32x4.add(seconds, v128.and(takes, intervals(third, least, scale)));
      drawn = i32x4.sub(drawn, takes);
      word = i32x4.add(word, one);
      takes = v128.and(i32x4.lt_s(seconds, end), i32x4.eq(drawn, word));
      seconds = i32x4.add(seconds, v128.and(takes, intervals(fourth, least, scale)));
      drawn = i32x4.sub(drawn, takes);
    }
    v128.store(at, drawn, DRAWN);
    v128.store(at, seconds, SECONDS);
  }
  return blocks;
}
