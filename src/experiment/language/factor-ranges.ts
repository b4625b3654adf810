import { SECOND_US } from '../../sim/units.js';
import { formatDuration, parseDuration } from './values/durations.js';
import { accepts, alternatives, type JsonSchema } from './values/json-schema.js';
import { parsed, rejected, type Parsed } from './values/parsed.js';
import { parseQuantity } from './values/quantities.js';
import type { FactorRange } from './schema.js';
import { power } from '../../sim/portable-math.js';

/** The value of a range at a share of it: `from` at 0, `to` at 1. */
export type RangeValue = (share: number) => string | number;

/** Digits that survive the arithmetic of a range: 0.30000000000000004 becomes 0.3. */
const SIGNIFICANT_DIGITS = 12;

/** Ranges of durations from this on are rounded to whole milliseconds. */
const COARSE_DURATION_US = SECOND_US;

/** What a field's values measure, and so how they are compared and spread. */
export type FieldKind = 'integer' | 'number' | 'duration' | 'size' | 'other';

/** What the values of a field measure. */
export function fieldKind(field: JsonSchema | undefined): FieldKind {
  const titles = alternatives(field).map(({ title }) => title ?? '');
  if (titles.some((title) => title.includes('duration'))) return 'duration';
  if (titles.includes('a size')) return 'size';
  return numberKind(field);
}

function numberKind(field: JsonSchema | undefined): FieldKind {
  if (accepts(field, 'number')) return 'number';
  return accepts(field, 'integer') ? 'integer' : 'other';
}

/** A value as a number: microseconds of a duration, bytes of a size. */
export function numberOf(value: string | number | boolean, kind: FieldKind): Parsed<number> {
  if (kind === 'duration') return parseDuration(String(value));
  if (kind === 'size') return parseQuantity(String(value));
  if (typeof value === 'number') return parsed(value);
  return rejected('is not a number');
}

/** The values between the ends of a range, evenly or geometrically spread. */
export function rangeValue({ from, to, scale }: FactorRange, field: JsonSchema | undefined): Parsed<RangeValue> {
  const numbers = typeof from === 'number' && typeof to === 'number';
  const kind = numbers && fieldKind(field) === 'duration' ? numberKind(field) : fieldKind(field);
  if (numbers && kind === 'other') return rejected('the field is not a number');
  if (kind === 'other' || (!numbers && kind !== 'duration' && kind !== 'size')) {
    return rejected('a range needs two numbers, two durations or two sizes');
  }
  const [first, last] = [numberOf(from, kind), numberOf(to, kind)];
  if (!first.ok) return rejected(`from: ${first.reason}`);
  if (!last.ok) return rejected(`to: ${last.reason}`);
  const [low, high] = [first.value, last.value];
  if (scale === 'log' && (low <= 0 || high <= 0)) return rejected('a logarithmic range needs two ends above zero');
  const finish = finisher(kind, Math.min(low, high));
  return parsed((share) => {
    if (share === 1) return finish(high);
    return finish(scale === 'log' ? low * power(high / low, share) : low + (high - low) * share);
  });
}

/** How the numbers of a range are rounded and written. */
function finisher(kind: FieldKind, least: number): (value: number) => string | number {
  if (kind === 'number') return (value) => Number(value.toPrecision(SIGNIFICANT_DIGITS));
  if (kind !== 'duration') return Math.round;
  const unit = least >= COARSE_DURATION_US ? 1_000 : 1;
  return (us) => formatDuration(Math.round(us / unit) * unit);
}
