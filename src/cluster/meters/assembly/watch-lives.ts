/*
 * AssemblyScript, which `npm run build` compiles to WebAssembly: the watches of many reflectors that nothing disturbs, one
 * after another to the end of the measured period, as `WalkedReflectors` walks them (which says what they are). Times are
 * whole seconds and µs within them. The memory has columns of 1,024 numbers of 32 bits, one for each reflector
 * (`watch-lives.ts` has the same places), and behind them what is counted.
 */
import { drawTwo, first, fourth, lanesOf, second, third } from '../../../sim/assembly/threefry';
import {
  addToEach,
  cells,
  correctDeadlines,
  countAt,
  countBookmarks,
  countEach,
  countLives,
  countOpen,
  countSeconds,
  marginS,
  sendBookmarks,
} from './bookmark-cells';
import {
  beginAt,
  drawBy,
  drawLong,
  gapS,
  gapUs,
  liveBy,
  longLife,
  longMicros,
  longOpened,
  reachesEnd,
  SECOND_US,
  seconds,
  timeout0,
  timeout1,
  timeouts,
} from './watch-laws';

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
/** Where its WATCHes are counted that open beside the measured period, by second, the margin included. */
let beside: usize = 0;
/** Blocks that were drawn in a walk. */
let drawnBlocks: i32 = 0;

/** Keys of the streams `watchResidual` and `watchTimeout`. */
export function keys(r0: i32, r1: i32, t0: i32, t1: i32): void {
  drawBy(r0, r1, t0, t1);
}

/** What holds for all reflectors: minWatchTimeout, the gap between two watches, and how long the measured period is. */
export function laws(minWatchTimeoutS: f64, gap: i32, wholeSeconds: i32): void {
  liveBy(minWatchTimeoutS, gap, wholeSeconds);
  countSeconds(gapS, seconds);
}

/** When bookmarks are sent, s. */
export function bookmarks(frequency: i32, beforeDeadline: i32, margin: i32): void {
  sendBookmarks(frequency, beforeDeadline, margin);
}

/** From when on watches are walked, µs. */
export function begin(from: f64): void {
  beginAt(from);
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
  countBookmarks(differencesAt, deadlinesAt);
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
    if (i32x4.all_true(ended) && !v128.any_true(apart)) {
      // All four have just taken the same word: they go on in step until the first comes to the end.
      stepOpened = opened;
      stepMicros = micros;
      stepLife = life;
      nextBlock = block;
      word = walkInStep(high, low, opens, word);
      opened = stepOpened;
      micros = stepMicros;
      life = stepLife;
      block = nextBlock;
      drawn = number = i32x4.add(i32x4.shl(i32x4.sub(block, i32x4.splat(2)), 1), i32x4.splat(word));
      ended = left = v128.not(reachesEnd(opened, micros, life));
      continue;
    }
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

/** What `walkInStep` begins and ends with: the watches of four reflectors, and the block to be drawn next. */
let stepOpened: v128 = i32x4.splat(0);
let stepMicros: v128 = i32x4.splat(0);
let stepLife: v128 = i32x4.splat(0);
let nextBlock: v128 = i32x4.splat(0);

/**
 * Walks the watches of four reflectors, none of which is at the end or stands apart, one life of each after another until
 * one of them is: what `walkFour` does, with nobody to be told apart. `taken`: words that have been taken of the two blocks
 * drawn last; returns that number.
 */
function walkInStep(high: v128, low: v128, opens: v128, taken: i32): i32 {
  const perSecond = i32x4.splat(SECOND_US);
  const gap = i32x4.splat(gapS);
  const gapMicros = i32x4.splat(gapUs);
  const end = i32x4.splat(seconds);
  const elsewhere = i32x4.splat(<i32>beside);
  let opened = stepOpened;
  let micros = stepMicros;
  let life = stepLife;
  let word = taken;
  do {
    countEach(opened, micros, life);
    if (word === 4) {
      drawTwo(timeout0, timeout1, high, low, nextBlock);
      nextBlock = i32x4.add(nextBlock, i32x4.splat(2));
      word = 0;
    }
    if ((word & 1) === 0) drawnBlocks += 4;
    const late = i32x4.add(micros, gapMicros);
    const carries = i32x4.ge_s(late, perSecond);
    opened = i32x4.sub(i32x4.add(i32x4.add(opened, life), gap), carries);
    micros = i32x4.sub(late, v128.and(carries, perSecond));
    if (v128.any_true(carries)) correctDeadlines(carries, opened);
    life = timeouts(word < 2 ? (word === 0 ? first : second) : word === 2 ? third : fourth);
    word++;
    addToEach(cells(v128.bitselect(opens, elsewhere, i32x4.lt_u(opened, end)), opened), 1);
  } while (!v128.any_true(reachesEnd(opened, micros, life)));
  stepOpened = opened;
  stepMicros = micros;
  stepLife = life;
  return word;
}
