import seedrandom from 'seedrandom';

/** 2^-32, the step of a 32-bit uniform. */
export const TWO_POW_MINUS_32 = 2 ** -32;
/** Key-schedule parity constant of Threefish and Threefry. */
const PARITY = 0x1bd11bda;

/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw, "Parallel
 * random numbers: as easy as 1, 2, 3", SC'11). A draw is a pure function of the stream's key, the
 * entity's 64-bit name and an index, so it does not matter when, in which order or on which thread it
 * is taken, and two scenarios see the same chance at the same place (common random numbers).
 */
export class RandomStream {
  /** The two words of its key. */
  readonly key0: number;
  readonly key1: number;
  /** Draws so far (blocks of two words). */
  draws = 0;
  /** The last block: a sequence of single words takes each block twice. */
  private lastHigh = 0;
  private lastLow = 0;
  private lastIndex = -1;
  /** Its two 32-bit words, signed. */
  private readonly words = new Int32Array(2);

  constructor(key0: number, key1: number) {
    this.key0 = key0 | 0;
    this.key1 = key1 | 0;
  }

  /** The stream of a purpose: seedrandom (alea) turns the seed and the names into the key. */
  static fromSeed(seed: string, ...names: readonly (string | number)[]): RandomStream {
    const source = seedrandom.alea(JSON.stringify([seed, ...names]));
    return new RandomStream(source.int32(), source.int32());
  }

  /** Word `index` of the entity (high, low), as an unsigned 32-bit integer. */
  uint32(high: number, low: number, index: number): number {
    const block = index >>> 1;
    if (block !== this.lastIndex || low !== this.lastLow || high !== this.lastHigh) this.block(high, low, block);
    return this.words[index & 1] >>> 0;
  }

  /** Word `index` of the entity as a double in [0, 1), in steps of 2^-32. */
  uniform(high: number, low: number, index: number): number {
    return this.uint32(high, low, index) * TWO_POW_MINUS_32;
  }

  /** Fills in block `index` of the entity; `first()` and `second()` read its two uniforms. */
  pair(high: number, low: number, index: number): void {
    this.block(high, low, index);
  }

  /** First uniform of the last pair, in [0, 1). */
  first(): number {
    return (this.words[0] >>> 0) * TWO_POW_MINUS_32;
  }

  /** Second uniform of the last pair, in [0, 1). */
  second(): number {
    return (this.words[1] >>> 0) * TWO_POW_MINUS_32;
  }

  /** Writes blocks `first` to `first + count` (exclusive) of the entity to `words` from `at` on: as `uint32` has them, but signed. */
  blocks(high: number, low: number, first: number, count: number, words: Int32Array, at = 0): void {
    this.draws += count;
    const k0 = this.key0 ^ high;
    const k1 = this.key1;
    const k2 = PARITY ^ k0 ^ k1;
    const counted = (low + k0) | 0;
    for (let i = 0; i < count; i++) {
      let x0 = counted;
      let x1 = (first + i + k1) | 0;
      // prettier-ignore
      {
        x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
        x0 = (x0 + k1) | 0; x1 = (x1 + k2 + 1) | 0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
        x0 = (x0 + k2) | 0; x1 = (x1 + k0 + 2) | 0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
        x0 = (x0 + k0) | 0; x1 = (x1 + k1 + 3) | 0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
        x0 = (x0 + k1) | 0; x1 = (x1 + k2 + 4) | 0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
        x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
        x0 = (x0 + k2) | 0; x1 = (x1 + k0 + 5) | 0;
      }
      words[at + 2 * i] = x0;
      words[at + 2 * i + 1] = x1;
    }
  }

  private block(high: number, low: number, index: number): void {
    this.blocks(high, low, index, 1, this.words);
    this.lastHigh = high;
    this.lastLow = low;
    this.lastIndex = index;
  }
}
