/*
 * AssemblyScript: what is looked up in the lists of `renewal-lists.ts`: where renewals come to after a wait, and how many
 * there are in each second (`random-batch.ts` has the same places).
 */
import { upper } from './intervals';
import { drawBlocks, first, second } from './threefry';

const DRAWN: usize = 8192;
const ENDS: usize = 12288;
const LISTED: usize = 24576;
const WAITED: usize = 811008;
const COUNTS: usize = 1073152;
const SUMS: usize = 1105920;

/** Added to a number of at least 1 that is not too close to a whole one, it leaves the whole part in the lower half of the sum. */
const FLOOR: f64 = 4503599627370495.5;

let phase: f64 = 0;
let scale0: f64 = 0;
let scale1: f64 = 0;

/** Waits begin `phaseUs` µs into a second, and are two words × their scales. */
export function waits(phaseUs: f64, first: f64, second: f64): void {
  phase = phaseUs;
  scale0 = first;
  scale1 = second;
}

/**
 * Writes the seconds to WAITED in which the renewals of the first `cells` places come to after two waits that are uniform
 * and cut to whole µs, drawn for the entity (high, low) at the number of the second. Returns the blocks drawn.
 */
export function wait(k0: i32, k1: i32, high: i32, low: i32, cells: i32): i32 {
  const end = <usize>cells << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const seconds = v128.load(at, LISTED);
    drawBlocks(k0, k1, i32x4.splat(high), i32x4.splat(low), seconds);
    const lower = later(first, second);
    const higher = later(upper(first), upper(second));
    const whole = i8x16.shuffle(lower, higher, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    v128.store(at, i32x4.add(seconds, i32x4.sub(whole, i32x4.splat(1))), WAITED);
  }
  return <i32>(end >> 2);
}

/** Whole seconds, and one more, from the beginning of a second until `phase` and the waits of two pairs of words are over. */
@inline
function later(words0: v128, words1: v128): v128 {
  const wait0 = f64x2.floor(f64x2.mul(f64x2.convert_low_i32x4_u(words0), f64x2.splat(scale0)));
  const wait1 = f64x2.floor(f64x2.mul(f64x2.convert_low_i32x4_u(words1), f64x2.splat(scale1)));
  // Half a µs more is in the same second, and far from the next for any rounding.
  const middle = f64x2.add(f64x2.add(wait0, wait1), f64x2.splat(phase + 1000000.5));
  return f64x2.add(f64x2.mul(middle, f64x2.splat(0.000001)), f64x2.splat(FLOOR));
}

/**
 * Counts the renewals of the first `count` lists, of `room` places each, in each of `seconds` seconds from `from` on, up to
 * 255 in each. Returns the largest number.
 */
export function count(count: i32, room: i32, from: i32, seconds: i32): i32 {
  memory.fill(COUNTS, 0, <usize>seconds);
  let most: u32 = 0;
  for (let list: i32 = 0; list < count; list++) {
    const entity = <usize>list << 2;
    const begin = LISTED + (<usize>(list * room + (load<i32>(entity, DRAWN) & 1)) << 2);
    const end = LISTED + (<usize>(list * room + load<i32>(entity, ENDS)) << 2);
    for (let at = begin; at < end; at += 4) {
      const second = load<i32>(at) - from;
      if (<u32>second >= <u32>seconds) continue;
      const there = <u32>load<u8>(<usize>second, COUNTS) + 1;
      store<u8>(<usize>second, <u8>there, COUNTS);
      most = max(most, there);
    }
  }
  return <i32>most;
}

/** Adds the counts of `seconds` seconds, from that at `first` on, to as many sums from `at` on. */
export function add(first: i32, seconds: i32, at: i32): void {
  let from = COUNTS + <usize>first;
  const end = from + <usize>seconds;
  let to = SUMS + (<usize>at << 2);
  for (; from + 16 <= end; from += 16, to += 64) {
    const counts = v128.load(from);
    const low = i16x8.extend_low_i8x16_u(counts);
    const high = i16x8.extend_high_i8x16_u(counts);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_u(low)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_u(low)), 16);
    v128.store(to, i32x4.add(v128.load(to, 32), i32x4.extend_low_i16x8_u(high)), 32);
    v128.store(to, i32x4.add(v128.load(to, 48), i32x4.extend_high_i16x8_u(high)), 48);
  }
  for (; from < end; from++, to += 4) store<u32>(to, load<u32>(to) + <u32>load<u8>(from));
}
