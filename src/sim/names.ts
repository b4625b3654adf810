/**
 * A 64-bit name of an entity: two 32-bit words, hashed from what the entity is called and never from
 * its position in an array, so that it keeps its random numbers when sizes change.
 */
export interface NameHash {
  readonly high: number;
  readonly low: number;
}

/** MurmurHash3's 32-bit finaliser (Appleby, public domain). */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** High word of a name extended by a whole number. */
export function extendHigh(high: number, low: number, value: number): number {
  return mix(Math.imul(high ^ value, 0x9e3779b1) + low + 0x7f4a7c15);
}

/** Low word of a name extended by a whole number. */
export function extendLow(high: number, low: number, value: number): number {
  return mix(Math.imul(low ^ value, 0x85157af5) + high + 0x2545f491);
}

/** A name extended by whole numbers, one after another. */
export function extendName(name: NameHash, ...values: readonly number[]): NameHash {
  let { high, low } = name;
  for (const value of values) {
    const next = extendHigh(high, low, value);
    low = extendLow(high, low, value);
    high = next;
  }
  return { high, low };
}

/** The name hash of a text. */
export function nameOf(text: string): NameHash {
  const codes: number[] = [];
  for (let i = 0; i < text.length; i++) codes.push(text.charCodeAt(i));
  return extendName({ high: 0x5ec2e751, low: 0x3f84d5b5 }, text.length, ...codes);
}
