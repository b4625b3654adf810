/*
 * AssemblyScript: what is looked up in the lists of `renewal-lists.ts`: where renewals come to after a wait, and how many
 * there are in each second (`random-batch.ts` has the same places).
 */
import { upper } from './intervals';
import { drawBlocks, first, second } from './threefry';

const LIST_ENDS: usize = 4096;
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

let passed: i32 = 0;
let soonest: i32 = 0;
let latest: i32 = 0;
let end: i32 = 0;

/**
 * From one renewal that is taken to the next there are so many places at the least; the first may be it that comes `first`
 * or more seconds after it, and is in any case where it comes `certain` or more after it; none is from `last` on.
 */
export function thinning(places: i32, first: i32, certain: i32, last: i32): void {
  passed = places;
  soonest = first;
  latest = certain;
  end = last;
}

/**
 * Thins out lists from a place on: the renewal there is taken, then the next, as long as it is certain which that is. The
 * taken ones are counted by their seconds, or by those after waits (`waited`), in `seconds` sums. For each of `count` lists
 * the columns have the place, the end of the list and the place of its sums; then the place of the last that was taken, −1
 * where the next comes at `over` or later, and how many were taken.
 */
export function thin(count: i32, over: i32, seconds: i32, waited: bool): void {
  const counted: usize = waited ? WAITED : LISTED;
  for (let at: usize = 0, last = <usize>count << 2; at < last; at += 4) {
    let place = load<i32>(at);
    const behind = load<i32>(at, LIST_ENDS);
    const sums = SUMS + (<usize>load<i32>(at, DRAWN) << 2);
    let second = load<i32>(<usize>place << 2, LISTED);
    for (let taken = 1; ; taken++) {
      const when = load<i32>(counted + (<usize>place << 2));
      if (<u32>when < <u32>seconds) {
        const cell = sums + (<usize>when << 2);
        store<u32>(cell, load<u32>(cell) + 1);
      }
      let next = min(place + passed, behind);
      // Mostly it is this one or the next: taken without a branch, which processors could not foresee.
      next += (load<i32>(<usize>next << 2, LISTED) - second - soonest) >>> 31;
      while (load<i32>(<usize>next << 2, LISTED) - second < soonest) next++;
      const following = load<i32>(<usize>next << 2, LISTED);
      if (following - second < latest || following >= end) {
        store<i32>(at, following >= over ? -1 : place);
        store<i32>(at, taken, ENDS);
        break;
      }
      place = next;
      second = following;
    }
  }
}
