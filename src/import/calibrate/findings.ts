import { SECOND_US } from '../../sim/units.js';
import { formatDuration } from '../../experiment/language/values/durations.js';
import { specSchema, type LatencySpec } from '../../experiment/language/schema.js';

/** A latency as an experiment writes it: a constant, or two quantiles. */
export type FieldValue = number | string | LatencySpec;

/** What a scrape tells of one field of an experiment. */
export interface Finding {
  /** Path in `spec`. */
  readonly field: string;
  /** null: the field stays at its default. */
  readonly value: FieldValue | null;
  readonly default: FieldValue;
  /** Names of the series that were looked at. */
  readonly from: readonly string[];
  /** How the value was found, or why there is none. */
  readonly note: string;
}

/** An experiment's fields where nothing is written. */
export const DEFAULTS = specSchema.parse({});

/** Three digits: more than two scrapes of a working server can repeat. */
const DIGITS = 3;

/** A number as it is written into an experiment. */
export function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** A time in seconds as it is written into an experiment: whole microseconds, at least one. */
export function secondsText(seconds: number): string {
  return formatDuration(Math.max(1, Math.round(rounded(seconds * SECOND_US))));
}

const NUMBER = new Intl.NumberFormat('en-US', { maximumSignificantDigits: DIGITS });
const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A measured number for people. */
export function measuredText(value: number): string {
  return value >= 1000 ? COUNT.format(value) : NUMBER.format(value);
}

/** A field's value for people. */
export function valueText(value: FieldValue): string {
  if (typeof value !== 'object') return String(value);
  return `p50 ${value.p50}, p99 ${value.p99}`;
}
