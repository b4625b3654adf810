import type { Metric } from '../../../cluster/model/run-record.js';
import { parseLimit, parseShareLimit } from './metric-units.js';
import { parsed, type Parsed } from './parsed.js';
import {
  type Comparison,
  MEAN,
  type Over,
  parseComparison,
  parseStatistic,
  quantileName,
  replicationsForQuantile,
  type Statistic,
} from './statistic.js';

/** A service level objective: what a statistic of the replications of each scenario has to satisfy. */
export interface Slo extends Statistic, Comparison {
  /** As the user wrote it. */
  readonly text: string;
  /** What is judged: the left side of the text. */
  readonly subject: string;
  /** In the metric's own unit; of a share of replications, 0 to 1. */
  readonly limit: number;
}

const FORM =
  'an SLO reads METRIC OPERATOR LIMIT or FUNCTION(METRIC) OPERATOR LIMIT, for example "delay_p99_s < 90s", ' +
  '"max(last_pod_max_s) < 2m" or "share(last_pod_max_s < 120s) >= 99%"';

/** Whether a metric is the most of something within a run, of which a mean over runs would hide the worst. */
function isMaximum(metric: Metric): boolean {
  return /_(max|bound)(_|$)/.test(metric);
}

/** What an SLO without a function judges: of maxima the worst replication, of all others the mean. */
function plainOver(metric: Metric): Over {
  return isMaximum(metric) ? { kind: 'worst' } : MEAN;
}

/** Reads an SLO such as `delay_p99_s < 90s` or `max(last_pod_max_s) < 2m`; metrics are columns of `runs.csv`. */
export function parseSlo(text: string): Parsed<Slo> {
  const sides = parseComparison(text, FORM);
  if (!sides.ok) return sides;
  const { left, operator, right } = sides.value;
  const statistic = parseStatistic(left, plainOver);
  if (!statistic.ok) return statistic;
  const { metric, over } = statistic.value;
  const limit = over.kind === 'share' ? parseShareLimit(right) : parseLimit(right, metric);
  if (!limit.ok) return limit;
  return parsed({ text: text.trim(), subject: left, metric, over, operator, limit: limit.value });
}

/** Why that many replications do not bear the SLO; null where they do. */
export function tooFewReplications({ over, metric }: Pick<Slo, 'over' | 'metric'>, n: number): string | null {
  if (over.kind !== 'quantile' || n >= replicationsForQuantile(over.p)) return null;
  const name = quantileName(over.p);
  const outermost = over.p < 0.5 ? 'min' : 'max';
  return (
    `${name} of ${n} replications leans on one of them alone: it takes ${replicationsForQuantile(over.p)} or more; ` +
    `add replications, or judge ${outermost}(${metric})`
  );
}
