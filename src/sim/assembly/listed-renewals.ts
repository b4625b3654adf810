/*
 * AssemblyScript: what is looked up in the lists of `renewal-lists.ts`: where renewals come to after a wait, and how many
 * there are in each second (`random-batch.ts` has the same places).
 */
import { upper } from './intervals';
import { drawBlocks, drawBoth, first, fourth, second, third } from './threefry';

const LIST_ENDS: usize = 4096;
const DRAWN: usize = 8192;
/** When renewals are taken from, µs; in the place of two columns. */
const FROM: usize = 12288;
const LISTED: usize = 24576;
const TIMES: usize = 286720;
const WAITED: usize = 811008;
const COUNTS: usize = 1073152;
const SUMS: usize = 1105920;
/** How many places behind each the next renewal is, of 16 bits; 0: that has to be looked for. */
const STEPS: usize = 1368064;

/** Added to a number of at least 1 that is not too close to a whole one, it leaves the whole part in the lower half of the sum. */
const FLOOR: f64 = 4503599627370495.5;

let key0: i32 = 0;
let key1: i32 = 0;
let high: i32 = 0;
let low: i32 = 0;
let phase: f64 = 0;
let scale0: f64 = 0;
let scale1: f64 = 0;

/** Waits are drawn by the stream of a key for the entity of a name. */
export function waiter(k0: i32, k1: i32, nameHigh: i32, nameLow: i32): void {
  key0 = k0;
  key1 = k1;
  high = nameHigh;
  low = nameLow;
}

/** Waits begin `phaseUs` µs into a second, and are two words × their scales, each cut to whole µs. */
export function waits(phaseUs: f64, first: f64, second: f64): void {
  phase = phaseUs;
  scale0 = first;
  scale1 = second;
}

/**
 * Writes the seconds to WAITED in which the renewals of `count` lists come to after their waits, which are drawn at the number
 * of the second; the columns have the place where each list begins, and that behind it. Returns the blocks drawn.
 */
export function wait(count: i32): i32 {
  let blocks: i32 = 0;
  for (let entity: usize = 0, last = <usize>count << 2; entity < last; entity += 4) {
    const end = <usize>load<i32>(entity, LIST_ENDS) << 2;
    // Eight at a time; what is written behind a list is that of the next, which follows, or nobody's.
    for (let at = <usize>load<i32>(entity) << 2; at < end; at += 32) {
      const seconds = v128.load(at, LISTED);
      const following = v128.load(at + 16, LISTED);
      drawBoth(key0, key1, i32x4.splat(high), i32x4.splat(low), seconds, following);
      v128.store(at, i32x4.add(seconds, afterWaits(first, second)), WAITED);
      v128.store(at + 16, i32x4.add(following, afterWaits(third, fourth)), WAITED);
      blocks += 8;
    }
  }
  return blocks;
}

/** Whole seconds from the beginnings of seconds until `phase` and the waits of four pairs of words are over. */
@inline
function afterWaits(words0: v128, words1: v128): v128 {
  const lower = later(words0, words1);
  const higher = later(upper(words0), upper(words1));
  const whole = i8x16.shuffle(lower, higher, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
  return i32x4.sub(whole, i32x4.splat(1));
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
 * Counts the renewals of `count` lists in each of `seconds` seconds from `from` on, up to 255 in each; the columns have the
 * place where each list begins, and that behind it. Returns the largest number.
 */
export function count(count: i32, from: i32, seconds: i32): i32 {
  memory.fill(COUNTS, 0, <usize>seconds);
  let most: u32 = 0;
  for (let entity: usize = 0, last = <usize>count << 2; entity < last; entity += 4) {
    const end = LISTED + (<usize>load<i32>(entity, LIST_ENDS) << 2);
    for (let at = LISTED + (<usize>load<i32>(entity) << 2); at < end; at += 4) {
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
let longestWait: f64 = 0;
let shortest: f64 = 0;
let longest: f64 = 0;
/** Blocks that have been drawn to tell which renewals are taken. */
let blocks: i32 = 0;

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
 * What decides in between: a renewal waits for `wait` µs at the most. After its wait one is taken so many µs after that of
 * the one taken before, or later: from `least` to `most` that is not known here.
 */
export function deciding(wait: f64, least: f64, most: f64): void {
  longestWait = wait;
  shortest = least;
  longest = most;
}

/**
 * Thins out lists: the first renewal is taken that comes to a time in FROM after its wait or later, then the next, as long
 * as it is certain which that is. The taken ones are counted by their seconds, or by those after waits (`waited`), in
 * `seconds` sums. For each of `count` lists the columns have its first place, its end and the place of its sums; then the
 * place of the last that was taken and how many were: −1 where the next comes at `over` or later, −2 where none was. Returns
 * the blocks drawn.
 */
export function thin(count: i32, over: i32, seconds: i32, waited: bool): i32 {
  const counted: usize = waited ? WAITED : LISTED;
  blocks = 0;
  // Lists may be thinned out from several times, one behind another.
  let stepped: i32 = -1;
  for (let at: usize = 0, last = <usize>count << 2; at < last; at += 4) {
    const behind = load<i32>(at, LIST_ENDS);
    const sums = SUMS + (<usize>load<i32>(at, DRAWN) << 2);
    let place = firstFrom(load<i32>(at), load<f64>(at << 1, FROM));
    let following = load<i32>(<usize>place << 2, LISTED);
    let taken = 0;
    if (behind !== stepped) findSteps(load<i32>(at), behind);
    stepped = behind;
    while (following < end) {
      let step: i32;
      for (;;) {
        const when = load<i32>(counted + (<usize>place << 2));
        if (<u32>when < <u32>seconds) {
          const cell = sums + (<usize>when << 2);
          store<u32>(cell, load<u32>(cell) + 1);
        }
        taken++;
        step = load<u16>(<usize>place << 1, STEPS);
        if (step === 0) break;
        place += step;
      }
      const second = load<i32>(<usize>place << 2, LISTED);
      let next = min(place + passed, behind);
      while (load<i32>(<usize>next << 2, LISTED) - second < soonest) next++;
      following = load<i32>(<usize>next << 2, LISTED);
      let late = longest;
      while (following - second < latest) {
        late = lateness(second, following);
        if (late >= shortest) break;
        following = load<i32>(<usize>++next << 2, LISTED);
        late = longest;
      }
      if (late < longest) break;
      if (following < end) place = next;
    }
    store<i32>(at, following >= over ? -1 : taken === 0 ? -2 : place);
    store<i32>(at, taken, LIST_ENDS);
  }
  return blocks;
}

/**
 * Looks up for all places of a list, from `first` to `behind` (exclusive), how far behind them the next renewal is that is
 * taken: mostly it is certain, and one of two.
 */
@inline
function findSteps(first: i32, behind: i32): void {
  const stop = max(behind - passed, first);
  for (let place = first; place < stop; place += 4) {
    const at = <usize>place << 2;
    const after = <usize>(place + passed) << 2;
    const seconds = v128.load(at, LISTED);
    const sooner = v128.load(after, LISTED);
    const passes = i32x4.lt_s(i32x4.sub(sooner, seconds), i32x4.splat(soonest));
    const next = v128.bitselect(v128.load(after + 4, LISTED), sooner, passes);
    const certain = i32x4.ge_s(i32x4.sub(next, seconds), i32x4.splat(latest));
    const step = i32x4.sub(i32x4.splat(passed), passes);
    const steps = v128.and(step, v128.and(certain, i32x4.lt_s(next, i32x4.splat(end))));
    v128.store64_lane(<usize>place << 1, i16x8.narrow_i32x4_s(steps, steps), 0, STEPS);
  }
  memory.fill(STEPS + (<usize>stop << 1), 0, <usize>(behind - stop) << 1);
}

/** The first place of a list, from one on, whose renewal comes to a time after its wait or later. */
@inline
function firstFrom(first: i32, time: f64): i32 {
  let place = first;
  while (load<f64>(<usize>place << 3, TIMES) < time - longestWait) place++;
  for (let start = load<f64>(<usize>place << 3, TIMES); start < time; start = load<f64>(<usize>place << 3, TIMES)) {
    if (start + waitIn(load<i32>(<usize>place << 2, LISTED)) >= time) break;
    place++;
  }
  return place;
}

/** How long a renewal in a second waits, µs. */
function waitIn(second: i32): f64 {
  drawWaits(i32x4.splat(second));
  return f64x2.extract_lane(drawnWaits, 0);
}

/** From the end of the wait of a renewal in one second to that in another, µs. */
function lateness(from: i32, to: i32): f64 {
  drawWaits(i32x4.replace_lane(i32x4.splat(from), 1, to));
  return <f64>(to - from) * 1000000 + (f64x2.extract_lane(drawnWaits, 1) - f64x2.extract_lane(drawnWaits, 0));
}

/** Waits that were drawn last, µs. */
let drawnWaits: v128 = f64x2.splat(0);

/** Draws the waits of renewals in the first two of some seconds. */
@inline
function drawWaits(seconds: v128): void {
  drawBlocks(key0, key1, i32x4.splat(high), i32x4.splat(low), seconds);
  blocks += 2;
  const wait0 = f64x2.floor(f64x2.mul(f64x2.convert_low_i32x4_u(first), f64x2.splat(scale0)));
  const wait1 = f64x2.floor(f64x2.mul(f64x2.convert_low_i32x4_u(second), f64x2.splat(scale1)));
  drawnWaits = f64x2.add(wait0, wait1);
}
