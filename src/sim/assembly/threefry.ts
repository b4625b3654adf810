/*
 * AssemblyScript: Threefry-2x32 with 20 rounds, as `RandomStream.blocks` (src/sim/random.ts) has it, for four entities at a
 * time, each in a lane of its own.
 */
const PARITY: i32 = 0x1bd11bda;

/** Words of the blocks drawn last: the first of each entity, and the second. */
export let first: v128 = i32x4.splat(0);
export let second: v128 = i32x4.splat(0);
/** Those of the blocks behind them, where two were drawn. */
export let third: v128 = i32x4.splat(0);
export let fourth: v128 = i32x4.splat(0);

/** Draws a block of each of four entities; (k0, k1): the stream's key. */
export function drawBlocks(k0: i32, k1: i32, high: v128, low: v128, index: v128): void {
  const key1 = i32x4.splat(k1);
  const key0 = v128.xor(i32x4.splat(k0), high);
  const key2 = v128.xor(i32x4.splat(PARITY ^ k1), key0);
  let x0 = i32x4.add(low, key0);
  let x1 = i32x4.add(index, key1);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 13);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 15);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 26);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 6);
  x0 = i32x4.add(x0, key1); x1 = inject(x1, key2, 1);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 17);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 29);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 16);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 24);
  x0 = i32x4.add(x0, key2); x1 = inject(x1, key0, 2);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 13);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 15);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 26);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 6);
  x0 = i32x4.add(x0, key0); x1 = inject(x1, key1, 3);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 17);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 29);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 16);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 24);
  x0 = i32x4.add(x0, key1); x1 = inject(x1, key2, 4);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 13);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 15);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 26);
  x0 = i32x4.add(x0, x1); x1 = mix(x1, x0, 6);
  first = i32x4.add(x0, key2);
  second = inject(x1, key0, 5);
}

/** Draws two blocks of each of four entities that follow one another, side by side: neither waits for the other. */
@inline
export function drawTwo(k0: i32, k1: i32, high: v128, low: v128, index: v128): void {
  drawBoth(k0, k1, high, low, index, i32x4.add(index, i32x4.splat(1)));
}

/** Does the same with any two blocks. */
export function drawBoth(k0: i32, k1: i32, high: v128, low: v128, index: v128, other: v128): void {
  const key1 = i32x4.splat(k1);
  const key0 = v128.xor(i32x4.splat(k0), high);
  const key2 = v128.xor(i32x4.splat(PARITY ^ k1), key0);
  let x0 = i32x4.add(low, key0);
  let y0 = x0;
  let x1 = i32x4.add(index, key1);
  let y1 = i32x4.add(other, key1);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 13); y1 = mix(y1, y0, 13);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 15); y1 = mix(y1, y0, 15);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 26); y1 = mix(y1, y0, 26);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 6); y1 = mix(y1, y0, 6);
  x0 = i32x4.add(x0, key1); y0 = i32x4.add(y0, key1);
  x1 = inject(x1, key2, 1); y1 = inject(y1, key2, 1);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 17); y1 = mix(y1, y0, 17);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 29); y1 = mix(y1, y0, 29);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 16); y1 = mix(y1, y0, 16);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 24); y1 = mix(y1, y0, 24);
  x0 = i32x4.add(x0, key2); y0 = i32x4.add(y0, key2);
  x1 = inject(x1, key0, 2); y1 = inject(y1, key0, 2);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 13); y1 = mix(y1, y0, 13);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 15); y1 = mix(y1, y0, 15);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 26); y1 = mix(y1, y0, 26);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 6); y1 = mix(y1, y0, 6);
  x0 = i32x4.add(x0, key0); y0 = i32x4.add(y0, key0);
  x1 = inject(x1, key1, 3); y1 = inject(y1, key1, 3);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 17); y1 = mix(y1, y0, 17);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 29); y1 = mix(y1, y0, 29);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 16); y1 = mix(y1, y0, 16);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 24); y1 = mix(y1, y0, 24);
  x0 = i32x4.add(x0, key1); y0 = i32x4.add(y0, key1);
  x1 = inject(x1, key2, 4); y1 = inject(y1, key2, 4);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 13); y1 = mix(y1, y0, 13);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 15); y1 = mix(y1, y0, 15);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 26); y1 = mix(y1, y0, 26);
  x0 = i32x4.add(x0, x1); y0 = i32x4.add(y0, y1);
  x1 = mix(x1, x0, 6); y1 = mix(y1, y0, 6);
  first = i32x4.add(x0, key2);
  second = inject(x1, key0, 5);
  third = i32x4.add(y0, key2);
  fourth = inject(y1, key0, 5);
}

/** The word, rotated to the left, and with the other mixed in. */
@inline
function mix(word: v128, other: v128, bits: i32): v128 {
  return v128.xor(v128.or(i32x4.shl(word, bits), i32x4.shr_u(word, 32 - bits)), other);
}

/** Adds a word of the key and the number of the addition. */
@inline
function inject(word: v128, key: v128, number: i32): v128 {
  return i32x4.add(i32x4.add(word, key), i32x4.splat(number));
}

/** How many lanes are set: a block that nobody needs is not counted, so that it is no matter who stands beside whom. */
@inline
export function lanesOf(set: v128): i32 {
  return popcnt<i32>(i32x4.bitmask(set));
}
