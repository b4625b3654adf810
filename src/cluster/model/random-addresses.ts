/**
 * Addresses of random draws that are made of two numbers. A draw is a function of an entity's name and one 32-bit
 * index (`sim/random.ts`): two numbers that share an index may not overlap, or what should be independent is equal.
 */

const INDEX_BITS = 32;

/** Bits of the second number of each kind of address, two at the least; the first has the rest. */
const OCCURRENCE_BITS = 20;
const SERVER_BITS = 8;
const BACK_OFF_BITS = 2;

/** Most occurrences of a timeline entry, and most entries, that have addresses of their own. */
export const OCCURRENCE_ADDRESSES = 2 ** OCCURRENCE_BITS;
export const TIMELINE_ENTRIES_MAX = 2 ** (INDEX_BITS - OCCURRENCE_BITS);

/** Occurrence `occurrence` of the timeline's entry `entry`. */
export function occurrenceAddress(entry: number, occurrence: number): number {
  return packed(entry, occurrence, OCCURRENCE_BITS);
}

/** Arrival of write number `sequence` of an object at the watch cache of `server`. */
export function arrivalAddress(sequence: number, server: number): number {
  return packed(sequence, server, SERVER_BITS);
}

/** Process number `incarnation` of `server` has come to its end. */
export function exitAddress(incarnation: number, server: number): number {
  return packed(incarnation, server, SERVER_BITS);
}

/** Wait number `draw` of the back-off manager `manager` of an entity. */
export function backOffAddress(draw: number, manager: number): number {
  return packed(draw, manager, BACK_OFF_BITS);
}

/** Both numbers in one index; throws a RangeError where they do not fit, which is always a mistake of the model. */
function packed(first: number, second: number, bits: number): number {
  // Shifted, because a power of what is not constant is a call: this is asked for each read.
  const firstMax = 1 << (INDEX_BITS - bits);
  const secondMax = 1 << bits;
  if (!(first >= 0 && first < firstMax && second >= 0 && second < secondMax))
    throw new RangeError(
      `no address for draw (${first}, ${second}): allowed are 0 to ${firstMax - 1}, 0 to ${secondMax - 1}`,
    );
  return first * secondMax + second;
}
