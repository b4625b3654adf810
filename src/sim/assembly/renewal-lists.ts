/*
 * AssemblyScript: the renewals of many entities, of the law and in the columns of `renewals.ts`, written one behind another.
 * Each entity has a list of seconds and one of times in µs (`random-batch.ts` has the same places).
 */
import { intervals, upper } from './intervals';
import { drawTwo, first, fourth, second, third } from './threefry';

const LOW: usize = 4096;
const DRAWN: usize = 8192;
const SECONDS: usize = 12288;
const LISTED: usize = 24576;
const TIMES: usize = 286720;

/** Stands behind a list. */
const NEVER: i32 = 1 << 30;

let least: i32 = 0;
let scale: f64 = 0;
let phase: f64 = 0;
let room: i32 = 0;

/** Lists are of the law of `least` and `scale`, `phase` µs into their seconds, and have room for so many numbers each. */
export function lists(leastUs: i32, wordScale: f64, phaseUs: f64, places: i32): void {
  least = leastUs;
  scale = wordScale;
  phase = phaseUs;
  room = places;
}

/**
 * Writes the renewals before second `until` of the sequences from 0 to `count` (exclusive, a multiple of four), from where
 * they stand on, one list behind the other. The list of a sequence that has drawn an odd number of intervals begins at its
 * second place. In SECONDS stands then where each ends. Returns the blocks drawn.
 */
export function list(k0: i32, k1: i32, count: i32, until: i32): i32 {
  let blocks: i32 = 0;
  const end = i32x4.splat(until);
  const odd = i32x4.splat(1);
  for (let at: usize = 0, last = <usize>count << 2; at < last; at += 16) {
    const high = v128.load(at);
    const low = v128.load(at, LOW);
    const drawn = v128.load(at, DRAWN);
    let seconds = v128.load(at, SECONDS);
    let block = i32x4.shr_u(drawn, 1);
    // Where the first word of the first block has been taken already, the sequence stays where it is once.
    let takes = i32x4.ne(v128.and(drawn, odd), odd);
    const cell = (at >> 2) * <usize>room;
    let place: usize = 0;
    do {
      drawTwo(k0, k1, high, low, block);
      block = i32x4.add(block, i32x4.splat(2));
      blocks += 8;
      const next = i32x4.add(seconds, v128.and(takes, intervals(first, least, scale)));
      takes = i32x4.splat(-1);
      storePairs(cell + place, <usize>room, seconds, next, phase);
      seconds = i32x4.add(next, intervals(second, least, scale));
      const later = i32x4.add(seconds, intervals(third, least, scale));
      storePairs(cell + place + 2, <usize>room, seconds, later, phase);
      seconds = i32x4.add(later, intervals(fourth, least, scale));
      place += 4;
    } while (v128.any_true(i32x4.lt_s(seconds, end)));
    for (let lane: usize = 0; lane < 4; lane++) {
      const taken = load<i32>(at + (lane << 2), DRAWN) & 1;
      store<i32>(at + (lane << 2), close(cell + lane * <usize>room, place, taken, until), SECONDS);
    }
  }
  return blocks;
}

/** Writes two renewals of each of four sequences, whose lists lie `room` cells from each other. */
@inline
function storePairs(cell: usize, room: usize, seconds: v128, next: v128, phase: f64): void {
  const low = i8x16.shuffle(seconds, next, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const high = i8x16.shuffle(seconds, next, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  storePair(cell, low, phase);
  storePair(cell + room, upper(low), phase);
  storePair(cell + 2 * room, high, phase);
  storePair(cell + 3 * room, upper(high), phase);
}

/** Writes the lower two of four seconds, and their times. */
@inline
function storePair(cell: usize, pair: v128, phase: f64): void {
  v128.store64_lane(cell << 2, pair, 0, LISTED);
  const micros = f64x2.mul(f64x2.convert_low_i32x4_s(pair), f64x2.splat(1000000));
  v128.store(cell << 3, f64x2.add(micros, f64x2.splat(phase)), TIMES);
}

/** Cuts a list of `length` numbers, which begins at place `from`, where its numbers come to `until`; returns where that is. */
@inline
function close(cell: usize, length: usize, from: i32, until: i32): i32 {
  let end = <i32>length;
  while (end > from && load<i32>((cell + <usize>end - 1) << 2, LISTED) >= until) end--;
  store<i32>((cell + <usize>end) << 2, NEVER, LISTED);
  store<f64>((cell + <usize>end) << 3, Infinity, TIMES);
  return end;
}
