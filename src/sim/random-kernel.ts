import { RANDOM_BLOCKS } from './random-blocks.wasm.js';
import { instanceOf } from './web-assembly.js';

/** `assembly/random-blocks.ts`, compiled: an instance, and the memory in which its columns lie. */
export interface RandomKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Draws a block for each of the entities from 0 to `count`, whose names and numbers are in memory. */
  blocks(key0: number, key1: number, count: number): void;
}

/** A new instance; null where the host has no such thing. */
export function randomKernel(): RandomKernel | null {
  return instanceOf(RANDOM_BLOCKS) as RandomKernel | null;
}
