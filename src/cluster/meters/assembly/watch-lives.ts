/*
 * AssemblyScript, which `npm run build` compiles to WebAssembly: the watches of many reflectors that nothing disturbs, one
 * after another to the end of the measured period, as `WalkedReflectors` walks them (which says what they are). Times are
 * whole seconds and µs within them. The memory has columns of 1,024 numbers of 32 bits, one for each reflector
 * (`watch-lives.ts` has the same places), and behind them what is counted.
 */
import { upper } from '../../../sim/assembly/intervals';
import { drawBlocks, drawTwo, first, fourth, lanesOf, second, third } from '../../../sim/assembly/threefry';

const HIGH: usize = 0;
const LOW: usize = 4096;
/** Timeouts that have been drawn. */
const DRAWN: usize = 8192;
/** Where its WATCHes are counted that open, by second; an address. */
const OPENS: usize = 12288;
/** Start and length of its watch that was drawn last; no length: it has been open since before the simulation. */
const SECOND: usize = 16384;
const MICROS: usize = 20480;
const LIFE: usize = 24576;
/** A cell for each of four reflectors, in which what does not count is counted. */
const NOWHERE: i32 = 28672;

const SECOND_US: i32 = 1000000;
const PERIOD_BITS: i32 = 21;
const TWO_POW_MINUS_32: f64 = 1.0 / 4294967296.0;
/** 3 × 2⁵¹: doubles of this size are whole, and their lower halves whole numbers of 32 bits. */
const WHOLE: f64 = 6755399441055744.0;

let residual0: i32 = 0;
let residual1: i32 = 0;
let timeout0: i32 = 0;
let timeout1: i32 = 0;
let minTimeoutS: f64 = 0;
/** The gap between two watches: whole seconds, and µs. */
let gapS: i32 = 0;
let gapUs: i32 = 0;
/** Whole seconds of the measured period. */
let seconds: i32 = 0;
/** When the simulation begins, µs. */
let stationaryFrom: f64 = 0;
let frequencyS: i32 = 0;
/** 2^21 ÷ `frequencyS`, rounded up: a period of up to 64 s is in a number below 2^15 as often as the product says. */
let perPeriod: i32 = 0;
let beforeDeadlineS: i32 = 0;
let marginS: i32 = 0;
/** Where bookmarks of a server are counted: differences by second, the margin included, and deadlines. */
let differences: usize = 0;
let deadlines: usize = 0;
/** Where its WATCHes are counted that open beside the measured period, by second, the margin included. */
let beside: usize = 0;

/** Blocks that were drawn in a walk. */
let drawnBlocks: i32 = 0;

/** Keys of the streams `watchResidual` and `watchTimeout`. */
export function keys(r0: i32, r1: i32, t0: i32, t1: i32): void {
  residual0 = r0;
  residual1 = r1;
  timeout0 = t0;
  timeout1 = t1;
}

/** What holds for all reflectors: minWatchTimeout, the gap between two watches, and how long the measured period is. */
export function laws(minWatchTimeoutS: f64, gap: i32, wholeSeconds: i32): void {
  minTimeoutS = minWatchTimeoutS;
  gapS = gap / SECOND_US;
  gapUs = gap % SECOND_US;
  seconds = wholeSeconds;
}

/** When bookmarks are sent, s. */
export function bookmarks(frequency: i32, beforeDeadline: i32, margin: i32): void {
  frequencyS = frequency;
  perPeriod = (1 << PERIOD_BITS) / frequency + 1;
  beforeDeadlineS = beforeDeadline;
  marginS = margin;
}

/** From when on watches are walked, µs. */
export function begin(from: f64): void {
  stationaryFrom = from;
}

/**
 * Walks the watches of the first `count` reflectors, all of which watch at one server, to the end of the measured period;
 * returns the blocks drawn.
 *
 * The bookmarks of a watch that opens here begin a period after it, and the deadline of the one before it is so much before
 * it: both follow from the counts of those that open (`WatchLives.settle`), but for what is told apart here.
 */
export function walk(count: i32, differencesAt: usize, deadlinesAt: usize, besideAt: usize): i32 {
  drawnBlocks = 0;
  differences = differencesAt;
  deadlines = deadlinesAt;
  beside = besideAt;
  for (let i: i32 = 0; i < count; i += 4) {
    walkFour(<usize>i << 2, i32x4.gt_s(i32x4.splat(count - i), i32x4(0, 1, 2, 3)));
  }
  return drawnBlocks;
}

/** Walks the watches of four reflectors, each in a lane of its own; `walks`: of those that are set. */
function walkFour(at: usize, walks: v128): void {
  const high = v128.load(at, HIGH);
  const low = v128.load(at, LOW);
  const opens = v128.load(at, OPENS);
  let drawn = v128.load(at, DRAWN);
  let opened = v128.load(at, SECOND);
  let micros = v128.load(at, MICROS);
  let life = v128.load(at, LIFE);
  const long = v128.and(walks, i32x4.eq(life, i32x4.splat(0)));
  if (v128.any_true(long)) {
    drawLong(high, low);
    drawnBlocks += lanesOf(long);
    opened = v128.bitselect(longOpened, opened, long);
    micros = v128.bitselect(longMicros, micros, long);
    life = v128.bitselect(longLife, life, long);
  }
  let left = v128.andnot(walks, reachesEnd(opened, micros, life));
  let ended = left;
  // Watches whose opening has not been counted among those from which their bookmarks follow.
  let apart = walks;
  let block = i32x4.shr_u(drawn, 1);
  // The word of the two blocks that comes next, and its number.
  let word: i32 = 4;
  let number = i32x4.splat(0);
  while (v128.any_true(left)) {
    if (v128.any_true(ended)) countLives(ended, apart, opened, micros, life);
    if (word === 4) {
      drawTwo(timeout0, timeout1, high, low, block);
      number = i32x4.shl(block, 1);
      block = i32x4.add(block, i32x4.splat(2));
      word = 0;
    }
    if ((word & 1) === 0) drawnBlocks += lanesOf(left);
    // Who is not at the end takes a word: the first of its blocks or a later one. What is taken is −1.
    const takes = v128.and(left, i32x4.eq(drawn, number));
    const late = i32x4.add(micros, i32x4.splat(gapUs));
    const carries = i32x4.ge_s(late, i32x4.splat(SECOND_US));
    const next = i32x4.sub(i32x4.add(i32x4.add(opened, life), i32x4.splat(gapS)), carries);
    opened = v128.bitselect(next, opened, takes);
    micros = v128.bitselect(i32x4.sub(late, v128.and(carries, i32x4.splat(SECOND_US))), micros, takes);
    if (v128.any_true(v128.and(takes, carries))) correctDeadlines(v128.and(takes, carries), opened);
    const words = word < 2 ? (word === 0 ? first : second) : word === 2 ? third : fourth;
    life = v128.bitselect(timeouts(words), life, takes);
    drawn = i32x4.sub(drawn, takes);
    number = i32x4.add(number, i32x4.splat(1));
    word++;
    const early = i32x4.lt_s(opened, i32x4.splat(-marginS));
    const columns = v128.bitselect(opens, i32x4.splat(<i32>beside), i32x4.lt_u(opened, i32x4.splat(seconds)));
    countAt(cells(columns, opened), v128.andnot(takes, early), 1);
    apart = v128.bitselect(early, apart, takes);
    left = v128.andnot(left, v128.and(takes, reachesEnd(opened, micros, life)));
    ended = v128.and(left, takes);
  }
  if (v128.any_true(apart)) countOpen(apart, opened);
}

/** Watches of four reflectors that have been open since before the simulation. */
let longOpened: v128 = i32x4.splat(0);
let longMicros: v128 = i32x4.splat(0);
let longLife: v128 = i32x4.splat(0);

/** Draws the lives of watches of four reflectors that have been open since before the simulation. */
function drawLong(high: v128, low: v128): void {
  drawBlocks(residual0, residual1, high, low, i32x4.splat(0));
  const words = first;
  const ages = second;
  longOf(words, ages);
  const opened = longOpened;
  const micros = longMicros;
  const life = longLife;
  longOf(upper(words), upper(ages));
  longOpened = joined(opened, longOpened);
  longMicros = joined(micros, longMicros);
  longLife = joined(life, longLife);
}

/** The watches of the lower two of four reflectors, by their words. */
@inline
function longOf(words: v128, ages: v128): void {
  const perSecond = f64x2.splat(<f64>SECOND_US);
  const u = f64x2.mul(f64x2.convert_low_i32x4_u(words), f64x2.splat(TWO_POW_MINUS_32));
  const v = f64x2.mul(f64x2.convert_low_i32x4_u(ages), f64x2.splat(TWO_POW_MINUS_32));
  const root = f64x2.sqrt(f64x2.add(f64x2.splat(1.0), f64x2.mul(f64x2.splat(3.0), u)));
  const life = f64x2.floor(f64x2.mul(f64x2.splat(minTimeoutS), root));
  const start = f64x2.sub(f64x2.splat(stationaryFrom), f64x2.floor(f64x2.mul(v, f64x2.mul(life, perSecond))));
  const opened = f64x2.floor(f64x2.div(start, perSecond));
  longOpened = whole(opened);
  longMicros = whole(f64x2.sub(start, f64x2.mul(opened, perSecond)));
  longLife = whole(life);
}

/** Timeouts of four watches by their words, s: what is above the least has the whole part of a product of 64 bits. */
@inline
function timeouts(words: v128): v128 {
  const least = i32x4.splat(<i32>minTimeoutS);
  const low = i64x2.extmul_low_i32x4_u(words, least);
  const high = i64x2.extmul_high_i32x4_u(words, least);
  return i32x4.add(least, i8x16.shuffle(low, high, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31));
}

/** Whole numbers of 32 bits in the lower halves of two doubles. */
@inline
function whole(numbers: v128): v128 {
  return f64x2.add(numbers, f64x2.splat(WHOLE));
}

/** Four numbers that stand in the lower halves of two and two doubles. */
@inline
function joined(low: v128, high: v128): v128 {
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}

/** Set where a reflector's watch is still open at the end, or is the next to open. */
@inline
function reachesEnd(opened: v128, micros: v128, life: v128): v128 {
  const end = i32x4.add(i32x4.add(opened, life), i32x4.neg(i32x4.gt_s(micros, i32x4.splat(0))));
  return i32x4.gt_s(end, i32x4.splat(seconds));
}

/**
 * Counts the bookmarks of watches that live until their deadlines (`BookmarkCounts.ofLife`), of reflectors that are set: all
 * of them where watches stand `apart`, else where they stop.
 */
@inline
function countLives(which: v128, apart: v128, opened: v128, micros: v128, life: v128): void {
  const zero = i32x4.splat(0);
  const start = i32x4.add(opened, i32x4.splat(frequencyS));
  // Of a watch that opens within a second, the bookmarks of the deadline's second come before the deadline.
  const lasts = i32x4.sub(i32x4.sub(life, i32x4.splat(beforeDeadlineS)), i32x4.gt_s(micros, zero));
  const deadline = i32x4.sub(i32x4.add(opened, life), i32x4.splat(beforeDeadlineS));
  const alone = v128.and(which, v128.and(apart, i32x4.ge_s(deadline, zero)));
  if (v128.any_true(alone)) eachMinute(alone, start, i32x4.add(opened, lasts));
  const stop = i32x4.add(start, minutes(i32x4.sub(lasts, i32x4.splat(frequencyS))));
  const place = cells(i32x4.splat(<i32>differences), i32x4.add(stop, i32x4.splat(marginS)));
  countAt(place, v128.andnot(which, apart), -1);
}

/** The gaps before watches that are set took them into another second: the deadlines before them are a second earlier. */
function correctDeadlines(which: v128, opened: v128): void {
  const after = i32x4.sub(opened, i32x4.splat(gapS + beforeDeadlineS));
  const column = i32x4.splat(<i32>deadlines);
  const within = i32x4.splat(seconds);
  countAt(cells(column, after), v128.and(which, i32x4.lt_u(after, within)), -1);
  const before = i32x4.sub(after, i32x4.splat(1));
  countAt(cells(column, before), v128.and(which, i32x4.lt_u(before, within)), 1);
}

/** Counts the bookmarks of watches that are open at the end (`Reflectors.countBookmarks`), of reflectors that are set. */
@inline
function countOpen(which: v128, opened: v128): void {
  eachMinute(which, i32x4.add(opened, i32x4.splat(frequencyS)), i32x4.splat(seconds));
}

/** Counts a bookmark each minute from a second (inclusive) to another (exclusive) (`BookmarkCounts.eachMinute`), where set. */
@inline
function eachMinute(which: v128, from: v128, end: v128): void {
  const least = i32x4.splat(-marginS);
  let told = v128.and(which, v128.and(i32x4.lt_s(from, end), i32x4.ge_s(end, least)));
  const early = v128.and(told, i32x4.lt_s(from, least));
  let start = from;
  if (v128.any_true(early)) start = v128.bitselect(i32x4.add(from, minutes(i32x4.sub(least, from))), from, early);
  told = v128.and(told, i32x4.lt_s(start, i32x4.splat(seconds)));
  const stop = i32x4.add(start, minutes(i32x4.sub(end, start)));
  const margin = i32x4.splat(marginS);
  const cell = i32x4.splat(<i32>differences);
  countAt(cells(cell, i32x4.add(start, margin)), told, 1);
  const room = v128.and(told, i32x4.lt_s(stop, i32x4.splat(seconds + marginS)));
  countAt(cells(cell, i32x4.add(stop, margin)), room, -1);
}

/** Four numbers above −`frequencyS`, below 2^15 (`perPeriod`), rounded up to its multiples. */
@inline
function minutes(numbers: v128): v128 {
  const up = i32x4.add(numbers, i32x4.splat(frequencyS - 1));
  const whole = i32x4.shr_u(i32x4.mul(up, i32x4.splat(perPeriod)), PERIOD_BITS);
  return i32x4.mul(whole, i32x4.splat(frequencyS));
}

/** Addresses of the cells of four seconds in four columns. */
@inline
function cells(columns: v128, at: v128): v128 {
  return i32x4.add(columns, i32x4.shl(at, 2));
}

/** Adds `by` to the cells at four addresses, where set. */
@inline
function countAt(addresses: v128, which: v128, by: i32): void {
  const places = v128.bitselect(addresses, i32x4(NOWHERE, NOWHERE + 4, NOWHERE + 8, NOWHERE + 12), which);
  add(i32x4.extract_lane(places, 0), by);
  add(i32x4.extract_lane(places, 1), by);
  add(i32x4.extract_lane(places, 2), by);
  add(i32x4.extract_lane(places, 3), by);
}

@inline
function add(address: usize, by: i32): void {
  store<i32>(address, load<i32>(address) + by);
}
