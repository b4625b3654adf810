import { RANDOM_BATCH } from './random-batch.wasm.js';
import { instanceOf } from './web-assembly.js';

/** `assembly/random-blocks.ts`, `renewals.ts`, `renewal-lists.ts` and `listed-renewals.ts`, compiled: an instance, and the memory in which its columns lie. */
export interface RandomKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Draws a block for each of the entities from 0 to `count`, whose names and numbers are in memory. */
  blocks(key0: number, key1: number, count: number): void;
  /** Draws blocks of one entity that follow one another, at least `count`, a multiple of four. */
  run(key0: number, key1: number, high: number, low: number, index: number, count: number): void;
  /** Walks renewal sequences, a multiple of four, to their first renewal at a second or later; returns the blocks drawn. */
  renew(key0: number, key1: number, count: number, least: number, scale: number, until: number): number;
  /** Lists have `room` places each, and times that are `phase` µs into their seconds. */
  lists(least: number, scale: number, phase: number, room: number): void;
  /** Writes renewals of sequences before a second to lists, of seconds and of times; returns the blocks drawn. */
  list(key0: number, key1: number, count: number, until: number): number;
  /** Waits begin `phase` µs into a second, and are two words × their scales. */
  waits(phase: number, scale0: number, scale1: number): void;
  /** Writes the seconds in which the renewals of the first places of all lists come to after two waits; returns the blocks drawn. */
  wait(key0: number, key1: number, high: number, low: number, cells: number): number;
  /** How the next renewal is found that is taken (`Thinning`). */
  thinning(passed: number, soonest: number, latest: number, end: number): void;
  /** Takes some of the renewals of `count` lists and counts them. */
  thin(count: number, over: number, seconds: number, waited: boolean): void;
  /** Adds what was counted in some seconds, from that at `first` on, to as many sums from `at` on. */
  add(first: number, seconds: number, at: number): void;
  /** Counts the renewals of the lists that were written last by second; returns the largest number. */
  count(count: number, room: number, from: number, seconds: number): number;
}

/** A new instance; null where the host has no such thing. */
export function randomKernel(): RandomKernel | null {
  return instanceOf(RANDOM_BATCH) as RandomKernel | null;
}
