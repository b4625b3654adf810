import type { Judgement } from '../experiment/language/slo-judgement.js';
import { type Slo, tooFewReplications } from '../experiment/language/values/slo.js';
import { unitKind } from '../experiment/language/values/metric-units.js';
import { holds, quantileName, wantsLess } from '../experiment/language/values/statistic.js';
import { compactMean, compactMetric, MISSING } from './compact-numbers.js';
import { plainNumber } from './plain-number.js';

/** What is judged of the replications, for programs: `mean`, `worst replication`, `p95`, … */
export function judgedBy({ over }: Slo): string {
  switch (over.kind) {
    case 'worst':
      return 'worst replication';
    case 'quantile':
      return quantileName(over.p);
    default:
      return over.kind;
  }
}

/** `passed` or `missed`, and whether more replications could turn it. */
export function verdictWord({ passed, uncertain }: Pick<Judgement, 'passed' | 'uncertain'>): string {
  return `${passed ? 'passed' : 'missed'}${uncertain ? ', uncertain' : ''}`;
}

/** What a verdict rests on: `375 s (worst of 10 replications; missed in 4 of 10)`; of one replication its value alone. */
export function judgedText(slo: Slo, judgement: Judgement): string {
  const { value, replications, missedIn } = judgement;
  if (value === null) return withoutValue(slo, judgement);
  const number = numberText(slo, judgement);
  if (replications === 1) return number;
  const missed = missedIn === 0 ? '' : `; missed in ${missedIn} of ${replications}`;
  return `${number} (${ofReplications(slo)}${replications} replications${missed})`;
}

function withoutValue(slo: Slo, { replications, missedIn }: Judgement): string {
  if (replications === 0) return 'no run was completed';
  return (
    tooFewReplications(slo, replications) ?? `no value in some replications; missed in ${missedIn} of ${replications}`
  );
}

function ofReplications({ over, operator }: Slo): string {
  switch (over.kind) {
    case 'share':
      return 'of ';
    case 'worst':
      return 'worst of ';
    case 'max':
      return wantsLess(operator) ? 'worst of ' : 'largest of ';
    case 'min':
      return wantsLess(operator) ? 'smallest of ' : 'worst of ';
    case 'quantile':
      return `${quantileName(over.p)} of `;
    case 'mean':
      return 'mean of ';
  }
}

/** The judged number with its unit and its interval. */
function numberText(slo: Slo, { value, ci95Low, ci95High }: Judgement): string {
  if (value === null) return MISSING;
  const { over } = slo;
  if (over.kind === 'share') return `${percent(value)}${between(percent, ci95Low, ci95High)}`;
  const [scale, unit] = unitOf(slo);
  const scaled = (each: number | null): number | null => (each === null ? null : each / scale);
  if (over.kind !== 'mean') {
    const text = (each: number): string => compactMetric(slo.metric, each / scale);
    const shown = isOnItsSide(text(value), scale, value, slo) ? text(value) : plainNumber(value / scale);
    return `${shown}${unit}${between(text, ci95Low, ci95High)}`;
  }
  const mean = { mean: scaled(value), ci95High: scaled(ci95High), ci95Low: scaled(ci95Low) };
  return `${compactMean({ n: 0, stddev: null, min: null, max: null, ...mean })}${unit}`;
}

/** Whether a rounded number is on the side of the limit that the number itself is on. */
function isOnItsSide(text: string, scale: number, value: number, slo: Slo): boolean {
  return holds(Number(text.replaceAll(',', '')) * scale, slo) === holds(value, slo);
}

function between(text: (value: number) => string, low: number | null, high: number | null): string {
  return low === null || high === null ? '' : `, 95 % interval ${text(low)} to ${text(high)}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** What a value is divided by, and its unit then; the bare number where the metric's name has to do. */
function unitOf({ metric, limit }: Slo): readonly [scale: number, unit: string] {
  switch (unitKind(metric)) {
    case 'seconds':
      return [1, ' s'];
    case 'bytes':
      return Math.abs(limit) >= GIB ? [GIB, ' GiB'] : [MIB, ' MiB'];
    case 'cores':
      return [1, ' cores'];
    default:
      return [1, ''];
  }
}
