import type { Metric } from '../../../cluster/model/run-record.js';
import { SECOND_US } from '../../../sim/units.js';
import { parseDuration } from './durations.js';
import { parsed, rejected, type Parsed } from './parsed.js';
import { parsePercent } from './percent.js';
import { parseQuantity } from './quantities.js';

/** What a metric counts, as far as limits can be written with a unit. */
export type UnitKind = 'seconds' | 'bytes' | 'bytes/s' | 'share' | 'cores' | 'rate' | 'count';

/** The kinds by the ends of names: a metric has its unit in its name. The first that fits counts. */
const BY_NAME: readonly (readonly [pattern: RegExp, kind: UnitKind])[] = [
  [/_share$|_utilization_/, 'share'],
  [/^bytes_\w+_per_s$/, 'bytes/s'],
  [/_per_s$/, 'rate'],
  [/_bytes(_|$)/, 'bytes'],
  [/_cores$/, 'cores'],
  [/_s$/, 'seconds'],
];

/** How limits of a kind are written. */
const EXAMPLES: Readonly<Record<UnitKind, string>> = {
  seconds: 'is in seconds: write 90, 90s or 2m',
  bytes: 'is in bytes: write 1073741824, 1Gi or 64Gi',
  'bytes/s': 'is in bytes a second: write 1048576, 1Mi or 1Mi/s',
  share: 'is a share: write 0.01 or 1%',
  cores: 'is in cores: write 4 or 500m',
  rate: 'is in requests or the like a second: write 200 or 200/s',
  count: 'is a count without a unit: write a plain number, such as 200000 or 2e5',
};

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** What a metric counts. */
export function unitKind(metric: Metric): UnitKind {
  return BY_NAME.find(([pattern]) => pattern.test(metric))?.[1] ?? 'count';
}

/** A limit in the metric's own unit: a plain number, or with a unit of its kind. */
export function parseLimit(text: string, metric: Metric): Parsed<number> {
  const kind = unitKind(metric);
  if (NUMBER.test(text)) return parsed(Number(text));
  const value = withUnit(text, kind);
  return value === null ? rejected(`the limit cannot be read: ${metric} ${limitForm(metric)}`) : parsed(value);
}

/** A share of replications, 0 to 1, that a limit names: `99%` or `0.99`. */
export function parseShareLimit(text: string): Parsed<number> {
  const share = NUMBER.test(text) ? Number(text) : withUnit(text, 'share');
  if (share !== null && share >= 0 && share <= 1) return parsed(share);
  return rejected('the limit of a share of replications is written as 99% or 0.99');
}

/** null where the text is no value of this kind. */
function withUnit(text: string, kind: UnitKind): number | null {
  switch (kind) {
    case 'seconds':
      return scaled(parseDuration(text), SECOND_US);
    case 'bytes':
      return scaled(parseQuantity(text));
    case 'bytes/s':
      return scaled(parseQuantity(text.replace(/\/s$/, '')));
    case 'share':
      return scaled(parsePercent(text));
    case 'cores':
      return numberBefore(text, 'm', 1000);
    case 'rate':
      return numberBefore(text, '/s');
    case 'count':
      return null;
  }
}

function scaled(value: Parsed<number>, unit = 1): number | null {
  return value.ok ? value.value / unit : null;
}

function numberBefore(text: string, suffix: string, divisor = 1): number | null {
  const number = text.slice(0, -suffix.length);
  return text.endsWith(suffix) && NUMBER.test(number) ? Number(number) / divisor : null;
}

/** How a limit of a metric is written: `is in seconds: write 90, 90s or 2m`. */
export function limitForm(metric: Metric): string {
  return EXAMPLES[unitKind(metric)];
}
