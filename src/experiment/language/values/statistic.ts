import type { Metric } from '../../../cluster/model/run-record.js';
import { parseLimit } from './metric-units.js';
import { parseMetric } from './metrics.js';
import { didYouMean } from './nearest-name.js';
import { parsed, rejected, type Parsed } from './parsed.js';

export const OPERATORS = ['<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

/** A value is held against a limit. */
export interface Comparison {
  readonly operator: Operator;
  readonly limit: number;
}

/**
 * What is made of a metric's values over the replications of a scenario: their mean, the largest, the smallest, the one
 * that is worst for the objective, a quantile, or the share of the replications in which a comparison holds.
 */
export type Over =
  | { readonly kind: 'mean' | 'max' | 'min' | 'worst' }
  | { readonly kind: 'quantile'; readonly p: number }
  | ({ readonly kind: 'share' } & Comparison);

/** A number about all replications of a scenario. */
export interface Statistic {
  readonly metric: Metric;
  readonly over: Over;
}

export const MEAN: Over = { kind: 'mean' };

/** Text of a statistic: a metric, or a function of one, which may hold a comparison itself. */
const STATISTIC = String.raw`[A-Za-z_]\w*|[A-Za-z][\w.]*\s*\([^()]*\)`;

const CALL = /^([A-Za-z][\w.]*)\s*\(([^()]*)\)$/;
const FUNCTIONS = ['mean', 'max', 'min', 'p50', 'p95', 'p99', 'share'];
const KNOWN = 'known: mean, max, min, p50, p95, p99.9 and the like, share(METRIC < X)';
/** What the functions are called elsewhere. */
const OTHER_NAMES: Readonly<Partial<Record<string, string>>> = {
  avg: 'mean',
  average: 'mean',
  median: 'p50',
  maximum: 'max',
  worst: 'max',
  minimum: 'min',
  percentile: 'p95',
  quantile: 'p95',
  fraction: 'share',
};

/** Reads a metric, or a function of one: `p95(delay_p99_s)`. @param plain what a metric without a function stands for */
export function parseStatistic(text: string, plain: (metric: Metric) => Over): Parsed<Statistic> {
  const call = CALL.exec(text.trim());
  if (call === null) {
    const metric = parseMetric(text.trim());
    return metric.ok ? parsed({ metric: metric.value, over: plain(metric.value) }) : metric;
  }
  const [, name, argument] = call;
  if (name === 'share') return parseShare(argument);
  const over = parseFunction(name);
  if (!over.ok) return over;
  const metric = parseMetric(argument.trim());
  return metric.ok ? parsed({ metric: metric.value, over: over.value }) : metric;
}

function parseFunction(name: string): Parsed<Over> {
  if (name === 'mean' || name === 'max' || name === 'min') return parsed({ kind: name });
  const percent = /^p(\d{1,3}(?:\.\d{1,6})?)$/.exec(name)?.[1];
  if (percent === undefined) {
    const other = OTHER_NAMES[name.toLowerCase()];
    const hint = other === undefined ? didYouMean(name, FUNCTIONS) : `; did you mean ${other}?`;
    return rejected(`unknown function${hint} (${KNOWN})`);
  }
  const value = Number(percent);
  if (value > 0 && value < 100) return parsed({ kind: 'quantile', p: Number((value / 100).toPrecision(9)) });
  const meant = value > 100 ? `; did you mean p${percent.slice(0, 2)}.${percent.slice(2)}?` : ': take min or max';
  return rejected(`a quantile lies above p0 and below p100${meant}`);
}

function parseShare(argument: string): Parsed<Statistic> {
  const comparison = parseComparison(argument, 'share compares a metric with a limit: share(last_pod_max_s < 2m)');
  if (!comparison.ok) return comparison;
  const { left, operator, right } = comparison.value;
  const metric = parseMetric(left);
  if (!metric.ok) return metric;
  const limit = parseLimit(right, metric.value);
  if (!limit.ok) return limit;
  return parsed({ metric: metric.value, over: { kind: 'share', operator, limit: limit.value } });
}

const COMPARISON = new RegExp(String.raw`^\s*(${STATISTIC})\s*([<>=!]+)\s*([^<>=!]*[^<>=!\s])\s*$`);

/**
 * The two sides of a comparison and what stands between; blanks within the right one do not count.
 * @param form what is said of other text
 */
export function parseComparison(
  text: string,
  form: string,
): Parsed<{ readonly left: string; readonly operator: Operator; readonly right: string }> {
  const match = COMPARISON.exec(text);
  if (match === null) return rejected(form);
  const [, left, operator, right] = match;
  const known = OPERATORS.find((each) => each === operator);
  if (known === undefined) return rejected(`unknown operator (known: ${OPERATORS.join(' ')})`);
  return parsed({ left, operator: known, right: right.replaceAll(/\s+/g, '') });
}

/** Whether a value satisfies a comparison. */
export function holds(value: number, { operator, limit }: Comparison): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}

/** Whether an operator asks for small values. */
export function wantsLess(operator: Operator): boolean {
  return operator === '<' || operator === '<=';
}

/** What a division of whole percents leaves of a whole number. */
const ROUNDING = 1e-9;

/**
 * The fewest replications that bear a quantile: of fewer, less than one is to be expected beyond it, and what R-7 gives
 * leans on the outermost value alone. 20 for p95, 100 for p99.
 */
export function replicationsForQuantile(p: number): number {
  return Math.ceil(1 / Math.min(p, 1 - p) - ROUNDING);
}

/** The name of a quantile: `p95`, `p99.9`. */
export function quantileName(p: number): string {
  return `p${Number((100 * p).toPrecision(9))}`;
}
