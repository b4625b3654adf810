import { SECOND_US } from '../../sim/units.js';

/** A part of a bound: how long one mechanism takes at the most. */
export interface BoundTerm {
  readonly name: string;
  /** Seconds, exact to the microsecond. */
  readonly seconds: number;
  /** Which settings and which code it comes from. */
  readonly source: string;
}

/** By when every pod that sees an update has it, as a closed form. Plain data: it is sent between threads and stored. */
export interface Bound {
  /** From the commit, the sum of the terms; null: there is no closed form. */
  readonly seconds: number | null;
  readonly terms: readonly BoundTerm[];
  /** What has to hold for it, in words; empty where there is no closed form. */
  readonly assumes: readonly string[];
  /** Why there is no closed form; empty where there is one. */
  readonly reason: string;
}

/** A term of so many microseconds. */
export function boundTerm(name: string, us: number, source: string): BoundTerm {
  return { name, seconds: us / SECOND_US, source };
}

/** There is no closed form, and why. */
export function noBound(reason: string): Bound {
  return { seconds: null, terms: [], assumes: [], reason };
}

/** The sum of terms, exact to the microsecond, without those that take no time. */
export function boundOf(terms: readonly BoundTerm[], assumes: readonly string[]): Bound {
  const us = terms.reduce((sum, { seconds }) => sum + Math.round(seconds * SECOND_US), 0);
  return { seconds: us / SECOND_US, terms: terms.filter(({ seconds }) => seconds > 0), assumes, reason: '' };
}

/** Why an update has no closed form that no pod sees in place. */
const NOT_IN_PLACE = 'no pod sees it without a restart';
const SOME_NOT_IN_PLACE = 'there is an update that no pod sees without a restart';

/** There is no closed form, for no pod sees an update without a restart. */
export function notInPlace(): Bound {
  return noBound(NOT_IN_PLACE);
}

/**
 * What holds for all of some updates: the latest of their bounds, or why one of them has none. null where there is no
 * update.
 */
export function widestBound(bounds: Iterable<Bound>): Bound | null {
  let [widest, restarted]: (Bound | null)[] = [null, null];
  for (const bound of bounds) {
    // Why pods are late that see an update in place says more than that others are restarted for theirs.
    if (bound.reason === NOT_IN_PLACE) restarted = bound;
    else if (bound.seconds === null) return bound;
    else if (widest === null || bound.seconds > (widest.seconds ?? 0)) widest = bound;
  }
  return restarted === null || widest === null ? (restarted ?? widest) : noBound(SOME_NOT_IN_PLACE);
}
