import type { Summary } from '../experiment/statistics/statistics.js';
import type { Metric } from '../cluster/model/run-record.js';
import { magnitude, wholePower } from '../sim/portable-math.js';

/** What stands for a missing value on the terminal. */
export const MISSING = '-';

/** A number for people: about three digits, thousands grouped; whole numbers in full. */
export function compact(value: number | null): string {
  if (value === null) return MISSING;
  return withDecimals(value, Number.isInteger(value) ? 0 : decimalsOf(value));
}

/** The same, rounded up: what is told as a bound is none where it is rounded down. */
export function compactUp(value: number): string {
  const decimals = Number.isInteger(value) ? 0 : decimalsOf(value);
  // What a double adds to a decimal fraction is not to be rounded up.
  const scaled = Number((value * wholePower(10, decimals)).toPrecision(12));
  return withDecimals(Math.ceil(scaled) / wholePower(10, decimals), decimals);
}

/** A metric's value for people. */
export function compactMetric(metric: Metric, value: number | null): string {
  return metric === 'last_pod_bound_s' && value !== null ? compactUp(value) : compact(value);
}

/** A mean with the half-width of its 95 % interval, `38.0 ± 0.2`, or alone where there is no interval or no spread. */
export function compactMean({ mean, ci95High }: Summary): string {
  if (mean === null || ci95High === null || ci95High === mean) return compact(mean);
  const decimals = decimalsOf(mean);
  return `${withDecimals(mean, decimals)} ± ${withDecimals(ci95High - mean, decimals)}`;
}

/** The same of a metric. */
export function compactMetricMean(metric: Metric, summary: Summary): string {
  return metric === 'last_pod_bound_s' ? compactMetric(metric, summary.mean) : compactMean(summary);
}

/** A count, rounded, thousands grouped. */
export function grouped(count: number): string {
  return withDecimals(count, 0);
}

/** With so many decimals, thousands grouped. */
export function withDecimals(value: number, decimals: number): string {
  let format = FORMATS.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    FORMATS.set(decimals, format);
  }
  return format.format(value);
}

/** By number of decimals: one takes longer to make than a hundred numbers to write. */
const FORMATS = new Map<number, Intl.NumberFormat>();

function decimalsOf(value: number): number {
  const size = Math.abs(value);
  if (size >= 1000) return 0;
  if (size >= 10) return 1;
  if (size >= 1 || size === 0) return 2;
  // Two digits that count, for rates of a few a day too.
  return Math.min(12, Math.max(3, 1 - magnitude(size)));
}
