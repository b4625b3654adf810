/*
 * AssemblyScript: where the bookmarks of watches are counted (`bookmark-counts.ts`, `watch-lives.ts`), and how, of four
 * reflectors at a time. Times are whole seconds and µs within them.
 */

/** A cell for each of four reflectors, in which what does not count is counted. */
const NOWHERE: i32 = 28672;
const PERIOD_BITS: i32 = 21;

let frequencyS: i32 = 0;
/** 2^21 ÷ `frequencyS`, rounded up: a period of up to 64 s is in a number below 2^15 as often as the product says. */
let perPeriod: i32 = 0;
let beforeDeadlineS: i32 = 0;
export let marginS: i32 = 0;
/** The whole seconds of the gap between two watches, and those of the measured period. */
let gapS: i32 = 0;
let seconds: i32 = 0;
/** Where bookmarks of a server are counted: differences by second, the margin included, and deadlines. */
let differences: usize = 0;
let deadlines: usize = 0;

/** When bookmarks are sent, s. */
export function sendBookmarks(frequency: i32, beforeDeadline: i32, margin: i32): void {
  frequencyS = frequency;
  perPeriod = (1 << PERIOD_BITS) / frequency + 1;
  beforeDeadlineS = beforeDeadline;
  marginS = margin;
}

/** Whole seconds of the gap between two watches, and of the measured period. */
export function countSeconds(gap: i32, measured: i32): void {
  gapS = gap;
  seconds = measured;
}

/** The bookmarks of a server are counted in cells that begin at two addresses. */
export function countBookmarks(differencesAt: usize, deadlinesAt: usize): void {
  differences = differencesAt;
  deadlines = deadlinesAt;
}

/**
 * Counts the bookmarks of watches that live until their deadlines (`BookmarkCounts.ofLife`), of reflectors that are set: all
 * of them where watches stand `apart`, else where they stop.
 */
@inline
export function countLives(which: v128, apart: v128, opened: v128, micros: v128, life: v128): void {
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

/** Does what `countLives` does with four watches that all stand where they stop. */
@inline
export function countEach(opened: v128, micros: v128, life: v128): void {
  // Rounded up is the whole part of that much more.
  const lasts = i32x4.add(i32x4.sub(life, i32x4.splat(beforeDeadlineS)), i32x4.eq(micros, i32x4.splat(0)));
  const later = i32x4.mul(periods(lasts), i32x4.splat(frequencyS));
  // The cell of the first bookmark, a period after the watch has opened.
  const first = i32x4.splat(<i32>differences + ((frequencyS + marginS) << 2));
  addToEach(cells(first, i32x4.add(opened, later)), -1);
}

/** The gaps before watches that are set took them into another second: the deadlines before them are a second earlier. */
export function correctDeadlines(which: v128, opened: v128): void {
  const after = i32x4.sub(opened, i32x4.splat(gapS + beforeDeadlineS));
  const column = i32x4.splat(<i32>deadlines);
  const within = i32x4.splat(seconds);
  countAt(cells(column, after), v128.and(which, i32x4.lt_u(after, within)), -1);
  const before = i32x4.sub(after, i32x4.splat(1));
  countAt(cells(column, before), v128.and(which, i32x4.lt_u(before, within)), 1);
}

/** Counts the bookmarks of watches that are open at the end (`Reflectors.countBookmarks`), of reflectors that are set. */
@inline
export function countOpen(which: v128, opened: v128): void {
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
  const whole = periods(i32x4.add(numbers, i32x4.splat(frequencyS - 1)));
  return i32x4.mul(whole, i32x4.splat(frequencyS));
}

/** How many whole periods of `frequencyS` there are in four numbers from 0 on, below 2^15. */
@inline
function periods(numbers: v128): v128 {
  return i32x4.shr_u(i32x4.mul(numbers, i32x4.splat(perPeriod)), PERIOD_BITS);
}

/** Addresses of the cells of four seconds in four columns. */
@inline
export function cells(columns: v128, at: v128): v128 {
  return i32x4.add(columns, i32x4.shl(at, 2));
}

/** Adds `by` to the cells at four addresses, where set. */
@inline
export function countAt(addresses: v128, which: v128, by: i32): void {
  addToEach(v128.bitselect(addresses, i32x4(NOWHERE, NOWHERE + 4, NOWHERE + 8, NOWHERE + 12), which), by);
}

/** Adds `by` to the cells at four addresses. */
@inline
export function addToEach(addresses: v128, by: i32): void {
  add(i32x4.extract_lane(addresses, 0), by);
  add(i32x4.extract_lane(addresses, 1), by);
  add(i32x4.extract_lane(addresses, 2), by);
  add(i32x4.extract_lane(addresses, 3), by);
}

@inline
function add(address: usize, by: i32): void {
  store<i32>(address, load<i32>(address) + by);
}
