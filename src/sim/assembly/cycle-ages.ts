/*
 * AssemblyScript: how long ago cycles of many entities began that have been going on for ever. A cycle takes a fixed time,
 * and then what is left of a uniform interval; the one that covers an instant is drawn by rejection. The columns are those of
 * `random-blocks.ts`, and in the place of the words ages (`random-batch.ts` has the same places).
 */
import { upper } from './intervals';
import { drawBlocks, drawTwo, first, fourth, second, third } from './threefry';

const LOW: usize = 4096;
const AGES: usize = 12288;
const TWO_POW_MINUS_32: f64 = 1.0 / 4294967296.0;

let hold: f64 = 0;
let longest: f64 = 0;
let mean: f64 = 0;
let flat: f64 = 0;
let spread: f64 = 0;
let rounding: f64 = 0;

/** Cycles take `fixed` and the residual of an interval from `least` to `most`; all may be `off` by rounding. */
export function cycles(fixed: f64, least: f64, most: f64, off: f64): void {
  hold = fixed;
  longest = most;
  mean = (least + most) / 2;
  flat = least / mean;
  spread = (most - least) * (most - least);
  rounding = off;
}

/** Cycles of two entities, and which of them are rejected, or too close to that to be told. */
let cycle: v128 = f64x2.splat(0);
let rejected: v128 = f64x2.splat(0);
let unsure: v128 = f64x2.splat(0);

/** Draws ages of the entities from 0 to `count` (exclusive); NaN where rounding matters. Returns the blocks drawn. */
export function ages(k0: i32, k1: i32, count: i32): i32 {
  let blocks: i32 = 0;
  for (let at: usize = 0, last = <usize>count << 2; at < last; at += 16) {
    const high = v128.load(at);
    const low = v128.load(at, LOW);
    drawTwo(k0, k1, high, low, i32x4.splat(0));
    blocks += 8;
    const places = first;
    tryCycles(third, fourth);
    let cycles0 = cycle;
    let open0 = rejected;
    let unsure0 = unsure;
    tryCycles(upper(third), upper(fourth));
    let cycles1 = cycle;
    let open1 = rejected;
    let unsure1 = unsure;
    for (let attempt = 2; v128.any_true(v128.or(open0, open1)); attempt++) {
      drawBlocks(k0, k1, high, low, i32x4.splat(attempt));
      blocks += 4;
      tryCycles(first, second);
      cycles0 = v128.bitselect(cycle, cycles0, open0);
      unsure0 = v128.bitselect(unsure, unsure0, open0);
      open0 = v128.and(open0, rejected);
      tryCycles(upper(first), upper(second));
      cycles1 = v128.bitselect(cycle, cycles1, open1);
      unsure1 = v128.bitselect(unsure, unsure1, open1);
      open1 = v128.and(open1, rejected);
    }
    v128.store(at << 1, agesIn(places, cycles0, unsure0), AGES);
    v128.store(at << 1, agesIn(upper(places), cycles1, unsure1), AGES + 16);
  }
  return blocks;
}

/** Tries cycles of the lower two of four entities, by their words. */
@inline
function tryCycles(words: v128, bounds: v128): void {
  const u = uniforms(words);
  const rest = f64x2.sub(f64x2.splat(1), u);
  const root = f64x2.sqrt(f64x2.div(f64x2.mul(f64x2.splat(spread), rest), f64x2.splat(1 - flat)));
  const residual = v128.bitselect(
    f64x2.mul(u, f64x2.splat(mean)),
    f64x2.sub(f64x2.splat(longest), root),
    f64x2.lt(u, f64x2.splat(flat)),
  );
  cycle = f64x2.add(f64x2.splat(hold), residual);
  const bound = f64x2.mul(uniforms(bounds), f64x2.splat(hold + longest));
  unsure = f64x2.lt(f64x2.abs(f64x2.sub(bound, cycle)), f64x2.splat(rounding));
  rejected = v128.andnot(f64x2.ge(bound, cycle), unsure);
}

/** Ages that are uniform in cycles of the lower two of four entities. */
@inline
function agesIn(words: v128, cycles: v128, unknown: v128): v128 {
  const within = f64x2.mul(uniforms(words), cycles);
  const age = f64x2.floor(f64x2.sub(within, f64x2.splat(rounding)));
  const above = f64x2.floor(f64x2.add(within, f64x2.splat(rounding)));
  return v128.bitselect(age, f64x2.splat(NaN), v128.andnot(f64x2.eq(age, above), unknown));
}

/** Uniforms in [0, 1) by the lower two of four words. */
@inline
function uniforms(words: v128): v128 {
  return f64x2.mul(f64x2.convert_low_i32x4_u(words), f64x2.splat(TWO_POW_MINUS_32));
}
