/*
 * AssemblyScript, which `npm run build` compiles to WebAssembly: a random block for each of many entities. The memory has
 * columns of 1,024 numbers of 32 bits: names (high, low), the blocks' numbers, and from WORDS on two words for each entity,
 * one behind the other (`random-batch.ts` has the same places).
 */
import { drawBlocks, first, second } from './threefry';

const LOW: usize = 4096;
const INDEX: usize = 8192;
const WORDS: usize = 12288;
/** Where the words of a run lie, behind the columns. */
const RUN: usize = 20480;

/** Draws the blocks of the entities from 0 to `count` (exclusive), rounded up to a multiple of four; (k0, k1): the stream's key. */
export function blocks(k0: i32, k1: i32, count: i32): void {
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += 16) {
    drawBlocks(k0, k1, v128.load(at), v128.load(at, LOW), v128.load(at, INDEX));
    storeWords(WORDS + (at << 1));
  }
}

/** Draws blocks of one entity that follow one another: `count` of them, rounded up to a multiple of four. */
export function run(k0: i32, k1: i32, high: i32, low: i32, index: i32, count: i32): void {
  let numbers = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  for (let at: usize = 0, end = <usize>count << 3; at < end; at += 32) {
    drawBlocks(k0, k1, i32x4.splat(high), i32x4.splat(low), numbers);
    numbers = i32x4.add(numbers, i32x4.splat(4));
    storeWords(RUN + at);
  }
}

/** Writes the words that were drawn last: those of a block lie side by side. */
@inline
function storeWords(to: usize): void {
  v128.store(to, i8x16.shuffle(first, second, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23));
  v128.store(to, i8x16.shuffle(first, second, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31), 16);
}
