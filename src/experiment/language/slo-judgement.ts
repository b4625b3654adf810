import { ascending } from 'd3-array';
import type { Metric } from '../../cluster/model/run-record.js';
import { clopperPearson, type Interval, quantilePlaces, summarizeShares } from '../statistics/shares.js';
import { quantileR7, summarize, type Summary } from '../statistics/statistics.js';
import { isExceedance } from './values/metrics.js';
import { type Slo, tooFewReplications } from './values/slo.js';
import { holds, wantsLess } from './values/statistic.js';

/** What the replications of a scenario say to an SLO. */
export interface Judgement {
  /** The judged statistic, in the metric's unit or as a share; null where it cannot be told. */
  readonly value: number | null;
  /** The 95 % interval of what is judged; null where an end cannot be told. The worst of some values has none. */
  readonly ci95Low: number | null;
  readonly ci95High: number | null;
  readonly replications: number;
  /** Replications that miss the SLO by themselves, those without a value among them. */
  readonly missedIn: number;
  readonly passed: boolean;
  /** The 95 % interval of what is judged holds the limit: more replications could turn the verdict. */
  readonly uncertain: boolean;
}

type Values = readonly (number | null)[];

/** A metric over the replications of a scenario. */
export function summarizeMetric(metric: Metric, values: Values): Summary {
  return isExceedance(metric) ? summarizeShares(values) : summarize(values);
}

/**
 * Judges a scenario by its replications. A metric that is empty in one of them (a last pod that is still pending, say)
 * has no honest mean or quantile: the others would be the good cases. It misses, as do no replications at all; a share
 * of replications counts it against the objective.
 * @param values of the SLO's metric by completed replication; null: empty
 */
export function judgeSlo(slo: Slo, values: Values): Judgement {
  const replications = values.length;
  const missedIn = values.reduce<number>((count, value) => count + Number(!isMetIn(slo, value)), 0);
  const known = tooFewReplications(slo, replications) === null ? estimate(slo, values) : null;
  if (known === null) {
    return { value: null, ci95Low: null, ci95High: null, replications, missedIn, passed: false, uncertain: false };
  }
  const { value, low, high } = known;
  return {
    value,
    ci95Low: low,
    ci95High: high,
    replications,
    missedIn,
    passed: holds(value, slo),
    uncertain: known.sampled && (low ?? -Infinity) < slo.limit && slo.limit < (high ?? Infinity),
  };
}

/** Whether one replication meets what is asked of all. */
export function isMetIn({ over, operator, limit }: Slo, value: number | null): boolean {
  if (over.kind !== 'share') return value !== null && holds(value, { operator, limit });
  const counted = value !== null && holds(value, over);
  return wantsLess(operator) ? value !== null && !counted : counted;
}

/** A statistic of replications, with its 95 % interval. */
interface Estimate extends Interval {
  readonly value: number;
  /** Whether there is an interval at all. */
  readonly sampled: boolean;
}

/** What an SLO judges, of however few replications; null where there are none, or one is empty. */
export function estimate(slo: Slo, values: Values): Estimate | null {
  const { over, metric, operator } = slo;
  if (values.length === 0) return null;
  if (over.kind === 'share') return shareOf(slo, values);
  const sorted = values.filter((value) => value !== null).toSorted(ascending);
  if (sorted.length < values.length) return null;
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  switch (over.kind) {
    case 'mean': {
      const { mean, ci95Low, ci95High } = summarizeMetric(metric, values);
      return mean === null ? null : { value: mean, low: ci95Low, high: ci95High, sampled: ci95Low !== null };
    }
    case 'max':
      return seen(most);
    case 'min':
      return seen(least);
    case 'worst':
      return seen(wantsLess(operator) ? most : least);
    case 'quantile': {
      const { low, high } = quantilePlaces(sorted.length, over.p);
      const at = (place: number | null): number | null => (place === null ? null : sorted[place - 1]);
      return { value: quantileR7(sorted, over.p) ?? NaN, low: at(low), high: at(high), sampled: true };
    }
  }
}

/** What was seen, and says nothing beyond. */
function seen(value: number): Estimate {
  return { value, low: null, high: null, sampled: false };
}

/** The replications that a share counts, with the exact interval of a proportion. */
function shareOf(slo: Slo, values: Values): Estimate {
  const met = values.filter((value) => isMetIn(slo, value)).length;
  const counted = wantsLess(slo.operator) ? values.length - met : met;
  return { value: counted / values.length, ...clopperPearson(counted, values.length), sampled: true };
}
