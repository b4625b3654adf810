import { magnitude, wholePower } from '../../sim/portable-math.js';
import type { Metric } from '../../cluster/model/run-record.js';
import { compactMetric, withDecimals } from '../compact-numbers.js';

/** Suffixes as Kubernetes' quantities have them. */
const LARGE = [
  { power: 12, suffix: 'T' },
  { power: 9, suffix: 'G' },
  { power: 6, suffix: 'M' },
] as const;
/** Numbers of an axis that are all less than this are written with a power of ten. */
const PLAIN_MIN = 0.001;
/** What doubles add to a decimal fraction is less than this share of the largest number of an axis. */
const ROUNDING = 1e-9;
const DECIMALS_MAX = 9;

/**
 * A number of an axis, written like all others of it: `500,000` beside `600,000`, `0.5M` beside `2.5M`, `0.2e-6` beside
 * `1.0e-6`. For Plot's `tickFormat`; a name stays as it is.
 * @param ticks all of the axis
 */
export function axisNumber(tick: number | string, _index = 0, ticks: readonly (number | string)[] = [tick]): string {
  if (typeof tick === 'string') return tick;
  const numbers = ticks.filter((each) => typeof each === 'number');
  const { power, suffix } = unitOf(numbers);
  if (tick === 0 && suffix !== '') return '0';
  const decimals = decimalsOf(numbers.map((number) => shifted(number, power)));
  return `${withDecimals(shifted(tick, power), decimals).replace('-', '−')}${suffix}`;
}

/** A metric's value where there is little room: from a million on three digits, `1.24M`. */
export function shortMetric(metric: Metric, value: number | null): string {
  if (value === null || Math.abs(value) < 1e6) return compactMetric(metric, value);
  const unit = wholePower(10, magnitude(value) - 2);
  // A bound is none where it is rounded down.
  const digits = metric === 'last_pod_bound_s' ? Math.ceil(value / unit) : Math.round(value / unit);
  return axisNumber(digits * unit);
}

/** What all numbers of an axis are multiples of. */
function unitOf(numbers: readonly number[]): { readonly power: number; readonly suffix: string } {
  const largest = Math.max(...numbers.map(Math.abs));
  const large = LARGE.find(({ power }) => largest >= wholePower(10, power));
  if (large !== undefined) return large;
  if (largest === 0 || largest >= PLAIN_MIN) return { power: 0, suffix: '' };
  const power = 3 * Math.floor(magnitude(largest) / 3);
  return { power, suffix: `e${power}` };
}

function shifted(number: number, power: number): number {
  return power < 0 ? number * wholePower(10, -power) : number / wholePower(10, power);
}

/** Decimals that tell the numbers, but for what doubles add. */
function decimalsOf(numbers: readonly number[]): number {
  const slack = ROUNDING * Math.max(...numbers.map(Math.abs));
  const isTold = (number: number, decimals: number): boolean =>
    Math.abs(Number(number.toFixed(decimals)) - number) <= slack;
  let decimals = 0;
  while (decimals < DECIMALS_MAX && !numbers.every((number) => isTold(number, decimals))) decimals++;
  return decimals;
}
