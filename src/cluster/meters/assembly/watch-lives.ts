/*
 * AssemblyScript, which `npm run build` compiles to WebAssembly: the watches of many reflectors that nothing disturbs, one
 * after another to the end of the measured period, as `WalkedReflectors` walks them (which says what they are). Times are
 * whole seconds and µs within them. The memory has columns of 1,024 numbers of 32 bits, one for each reflector
 * (`watch-lives.ts` has the same places), and behind them what is counted.
 */
import { drawBlocks, first, second } from '../../../sim/assembly/threefry';

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
/** Words of the timeouts that were drawn last, by lane; and of what remains of long lives. */
const FIRST: usize = 28672;
const SECONDS: usize = 28688;
const RESIDUAL: usize = 28704;

const SECOND_US: i32 = 1000000;
const TWO_POW_MINUS_32: f64 = 1.0 / 4294967296.0;

let residual0: i32 = 0;
let residual1: i32 = 0;
let timeout0: i32 = 0;
let timeout1: i32 = 0;
let minTimeoutS: f64 = 0;
let gapUs: i32 = 0;
/** Whole seconds of the measured period. */
let seconds: i32 = 0;
/** When the simulation begins, µs, and when the measured period ends. */
let stationaryFrom: f64 = 0;
let endS: i32 = 0;
let endUs: i32 = 0;
let frequencyS: i32 = 0;
let beforeDeadlineS: i32 = 0;
let marginS: i32 = 0;
/** Where bookmarks of a server are counted: differences by second, the margin included, and deadlines. */
let differences: usize = 0;
let deadlines: usize = 0;

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
  gapUs = gap;
  seconds = wholeSeconds;
}

/** From when to when watches are walked: µs; whole seconds, and µs within the last. */
export function span(from: f64, untilS: i32, untilUs: i32): void {
  stationaryFrom = from;
  endS = untilS;
  endUs = untilUs;
}

/** When bookmarks are sent, s. */
export function bookmarks(frequency: i32, beforeDeadline: i32, margin: i32): void {
  frequencyS = frequency;
  beforeDeadlineS = beforeDeadline;
  marginS = margin;
}

/** Walks the watches of the first `count` reflectors, all of which watch at one server, to the end; returns the blocks drawn. */
export function walk(count: i32, differencesAt: usize, deadlinesAt: usize): i32 {
  drawnBlocks = 0;
  differences = differencesAt;
  deadlines = deadlinesAt;
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += 16) {
    const lanes = min<usize>(4, (end - at) >> 2);
    draw(at);
    if (!i32x4.all_true(v128.load(at, LIFE))) openLong(at, lanes);
    let left: i32 = 0;
    for (let lane: usize = 0; lane < lanes; lane++) {
      const place = at + (lane << 2);
      if (reachesEnd(place)) continue;
      countLife(place);
      left |= 1 << <i32>lane;
    }
    while (left !== 0) {
      for (let lane: usize = 0; lane < lanes; lane++) {
        if ((left & (1 << <i32>lane)) !== 0 && follow(at + (lane << 2), lane << 2)) left &= ~(1 << <i32>lane);
      }
      if (left !== 0) draw(at);
    }
    for (let lane: usize = 0; lane < lanes; lane++) countOpen(at + (lane << 2));
  }
  return drawnBlocks;
}

/** Draws the next timeouts of four reflectors. */
@inline
function draw(at: usize): void {
  drawBlocks(timeout0, timeout1, v128.load(at, HIGH), v128.load(at, LOW), i32x4.shr_u(v128.load(at, DRAWN), 1));
  v128.store(FIRST, first);
  v128.store(SECONDS, second);
  drawnBlocks += 4;
}

/** Draws the lives of those watches of up to four reflectors that have been open since before the simulation. */
function openLong(at: usize, lanes: usize): void {
  drawBlocks(residual0, residual1, v128.load(at, HIGH), v128.load(at, LOW), i32x4.splat(0));
  v128.store(RESIDUAL, first);
  v128.store(RESIDUAL, second, 16);
  drawnBlocks += 4;
  for (let lane: usize = 0; lane < lanes; lane++) {
    const place = at + (lane << 2);
    if (load<i32>(place, LIFE) !== 0) continue;
    const u = <f64>load<u32>(RESIDUAL + (lane << 2)) * TWO_POW_MINUS_32;
    const v = <f64>load<u32>(RESIDUAL + (lane << 2), 16) * TWO_POW_MINUS_32;
    const life = Math.floor(minTimeoutS * Math.sqrt(1.0 + 3.0 * u));
    const start = stationaryFrom - Math.floor(v * (life * <f64>SECOND_US));
    const opened = Math.floor(start / <f64>SECOND_US);
    store<i32>(place, <i32>opened, SECOND);
    store<i32>(place, <i32>(start - opened * <f64>SECOND_US), MICROS);
    store<i32>(place, <i32>life, LIFE);
  }
}

/** Lets one watch of a reflector follow the other, by what its lane has of the words that were drawn; true where the end is reached. */
function follow(place: usize, lane: usize): bool {
  let drawn = load<i32>(place, DRAWN);
  let micros = load<i32>(place, MICROS);
  let opened = load<i32>(place, SECOND);
  let life = load<i32>(place, LIFE);
  const opens = <usize>load<u32>(place, OPENS);
  let reached = false;
  do {
    const word = load<u32>((drawn & 1) === 0 ? FIRST + lane : SECONDS + lane);
    drawn++;
    opened += life;
    micros += gapUs;
    while (micros >= SECOND_US) {
      micros -= SECOND_US;
      opened++;
    }
    life = <i32>Math.floor(minTimeoutS * (1.0 + <f64>word * TWO_POW_MINUS_32));
    if (<u32>opened < <u32>seconds) {
      const cell = opens + (<usize>opened << 2);
      store<i32>(cell, load<i32>(cell) + 1);
    }
    store<i32>(place, opened, SECOND);
    store<i32>(place, micros, MICROS);
    store<i32>(place, life, LIFE);
    reached = reachesEnd(place);
    if (!reached) countLife(place);
  } while (!reached && (drawn & 1) !== 0);
  store<i32>(place, drawn, DRAWN);
  return reached;
}

/** True where the reflector's watch is still open at the end, or is the next to open. */
@inline
function reachesEnd(place: usize): bool {
  const until = load<i32>(place, SECOND) + load<i32>(place, LIFE);
  return until > endS || (until === endS && load<i32>(place, MICROS) > endUs);
}

/** Counts the bookmarks of a watch that lives until its deadline (`BookmarkCounts.ofLife`). */
@inline
function countLife(place: usize): void {
  const opened = load<i32>(place, SECOND);
  const life = load<i32>(place, LIFE);
  const deadline = opened + life - beforeDeadlineS;
  if (deadline < 0 || life <= beforeDeadlineS) return;
  const within = load<i32>(place, MICROS) > 0;
  eachMinute(opened + frequencyS, within ? deadline + 1 : deadline);
  if (deadline < seconds) {
    const cell = deadlines + (<usize>deadline << 2);
    store<i32>(cell, load<i32>(cell) + 1);
  }
}

/** Counts the bookmarks of a watch that is open at the end (`Reflectors.countBookmarks`). */
@inline
function countOpen(place: usize): void {
  const due = load<i32>(place, SECOND) + frequencyS;
  const micros = load<i32>(place, MICROS);
  if (due < endS || (due === endS && micros < endUs)) eachMinute(due, endUs > 0 ? endS + 1 : endS);
}

/** Counts a bookmark each minute from a second (inclusive) to another (exclusive) (`BookmarkCounts.eachMinute`). */
@inline
function eachMinute(from: i32, end: i32): void {
  if (from >= end || end < -marginS) return;
  let start = from;
  if (start < -marginS) start += frequencyS * ((-marginS - start + frequencyS - 1) / frequencyS);
  if (start >= seconds) return;
  const stop = start + frequencyS * ((end - start + frequencyS - 1) / frequencyS);
  const cell = differences + (<usize>(start + marginS) << 2);
  store<i32>(cell, load<i32>(cell) + 1);
  if (stop >= seconds + marginS) return;
  const last = differences + (<usize>(stop + marginS) << 2);
  store<i32>(last, load<i32>(last) - 1);
}
