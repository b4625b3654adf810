import { RANDOM_BATCH } from './random-batch.wasm.js';
import { instanceOf } from './web-assembly.js';

/** The files of `assembly`, compiled: an instance, and the memory in which its columns lie. */
export interface RandomKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Draws a block for each of the entities from 0 to `count`, whose names and numbers are in memory. */
  blocks(key0: number, key1: number, count: number): void;
  /** Draws blocks of one entity that follow one another, at least `count`, a multiple of four. */
  run(key0: number, key1: number, high: number, low: number, index: number, count: number): void;
  /** Cycles take a fixed time and the residual of an interval; how far all that may be off by rounding. */
  cycles(fixed: number, least: number, most: number, off: number): void;
  /** Draws for how long cycles of the first entities have been going on; NaN where rounding matters. Returns the blocks drawn. */
  ages(key0: number, key1: number, count: number): number;
  /** Walks renewal sequences, a multiple of four, to their first renewal at a second or later; returns the blocks drawn. */
  renew(key0: number, key1: number, count: number, least: number, scale: number, until: number): number;
  /** Draws how many whole seconds after an instant renewal sequences have their first renewal; returns the blocks drawn. */
  residuals(key0: number, key1: number, count: number, least: number, scale: number, longest: number): number;
  /** Lists have `room` places each, and times that are `phase` µs into their seconds. */
  lists(least: number, scale: number, phase: number, room: number): void;
  /** Writes renewals of sequences before a second to lists, of seconds and of times; returns the blocks drawn. */
  list(key0: number, key1: number, count: number, until: number): number;
  /** Waits are drawn by a stream for an entity. */
  waiter(key0: number, key1: number, high: number, low: number): void;
  /** Waits begin `phase` µs into a second, and are two words × their scales. */
  waits(phase: number, scale0: number, scale1: number): void;
  /** Writes the seconds in which the renewals of some lists come to after their waits; returns the blocks drawn. */
  wait(count: number): number;
  /** How the next renewal is found that is taken (`Thinning`). */
  thinning(passed: number, soonest: number, latest: number, end: number): void;
  deciding(longestWait: number, least: number, enough: number): void;
  /** Takes some of the renewals of `count` lists and counts them; returns the blocks drawn. */
  thin(count: number, over: number, seconds: number, waited: boolean): number;
  /** Adds what was counted in some seconds, from that at `first` on, to as many sums from `at` on. */
  add(first: number, seconds: number, at: number): void;
  /** Counts the renewals of some lists by second; returns the largest number. */
  count(count: number, from: number, seconds: number): number;
}

/** A new instance; null where the host has no such thing. */
export function randomKernel(): RandomKernel | null {
  return instanceOf(RANDOM_BATCH) as RandomKernel | null;
}
