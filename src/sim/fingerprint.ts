import { SECOND_US } from './units.js';

/** The effects that a fingerprint has, as sums. */
export interface FingerprintPart {
  readonly count: number;
  readonly high: number;
  readonly low: number;
}

/**
 * A 64-bit hash over a multiset of effects. Each effect is hashed with its time, and the hashes are
 * added, so the order in which effects are found does not matter: an engine may skip, batch or
 * partition work and still has to produce the same effects at the same times.
 */
export class Fingerprint {
  private high = 0;
  private low = 0;
  /** Effects added. */
  count = 0;

  /** Adds an effect: its time in whole microseconds, its kind and two integers that identify it. */
  add(time: number, kind: number, a: number, b: number): void {
    this.count++;
    const seconds = Math.floor(time / SECOND_US);
    const micros = time - seconds * SECOND_US;
    let h = Math.imul(seconds ^ 0x9e3779b9, 0x85ebca6b);
    h = Math.imul((h ^ (h >>> 15)) + micros, 0xc2b2ae35);
    h = Math.imul((h ^ (h >>> 13)) + kind, 0x27d4eb2f);
    h = Math.imul((h ^ (h >>> 16)) + a, 0x165667b1);
    h = Math.imul((h ^ (h >>> 15)) + b, 0x9e3779b1);
    const g = Math.imul(h ^ (h >>> 13), 0x85ebca77);
    this.low = (this.low + (h ^ (h >>> 16))) | 0;
    this.high = (this.high + (g ^ (g >>> 15) ^ Math.imul(a, 0x2545f491) ^ Math.imul(b, 0x5bd1e995))) | 0;
  }

  /** What has been added so far, to be added to another fingerprint. */
  part(): FingerprintPart {
    return { count: this.count, high: this.high, low: this.low };
  }

  /** Adds the effects of another fingerprint. */
  absorb({ count, high, low }: FingerprintPart): void {
    this.count += count;
    this.high = (this.high + high) | 0;
    this.low = (this.low + low) | 0;
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    return hex(this.high) + hex(this.low);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
