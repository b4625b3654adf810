/*
 * AssemblyScript: the laws of watches that nothing disturbs (`WalkedReflectors` says what they are), of four reflectors at a
 * time. Times are whole seconds and µs within them.
 */
import { upper } from '../../../sim/assembly/intervals';
import { drawBlocks, first, second } from '../../../sim/assembly/threefry';

export const SECOND_US: i32 = 1000000;
const TWO_POW_MINUS_32: f64 = 1.0 / 4294967296.0;
/** 3 × 2⁵¹: doubles of this size are whole, and their lower halves whole numbers of 32 bits. */
const WHOLE: f64 = 6755399441055744.0;

let residual0: i32 = 0;
let residual1: i32 = 0;
export let timeout0: i32 = 0;
export let timeout1: i32 = 0;
let minTimeoutS: f64 = 0;
/** The gap between two watches: whole seconds, and µs. */
export let gapS: i32 = 0;
export let gapUs: i32 = 0;
/** Whole seconds of the measured period. */
export let seconds: i32 = 0;
/** When the simulation begins, µs. */
let stationaryFrom: f64 = 0;

/** Keys of the streams `watchResidual` and `watchTimeout`. */
export function drawBy(r0: i32, r1: i32, t0: i32, t1: i32): void {
  residual0 = r0;
  residual1 = r1;
  timeout0 = t0;
  timeout1 = t1;
}

/** What holds for all reflectors: minWatchTimeout, the gap between two watches, and how long the measured period is. */
export function liveBy(minWatchTimeoutS: f64, gap: i32, wholeSeconds: i32): void {
  minTimeoutS = minWatchTimeoutS;
  gapS = gap / SECOND_US;
  gapUs = gap % SECOND_US;
  seconds = wholeSeconds;
}

/** From when on watches are walked, µs. */
export function beginAt(from: f64): void {
  stationaryFrom = from;
}

/** Watches of four reflectors that have been open since before the simulation. */
export let longOpened: v128 = i32x4.splat(0);
export let longMicros: v128 = i32x4.splat(0);
export let longLife: v128 = i32x4.splat(0);

/** Draws the lives of watches of four reflectors that have been open since before the simulation. */
export function drawLong(high: v128, low: v128): void {
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
export function timeouts(words: v128): v128 {
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
export function reachesEnd(opened: v128, micros: v128, life: v128): v128 {
  const end = i32x4.add(i32x4.add(opened, life), i32x4.neg(i32x4.gt_s(micros, i32x4.splat(0))));
  return i32x4.gt_s(end, i32x4.splat(seconds));
}
