import type { Metric } from '../../../cluster/model/run-record.js';
import { parseMetric } from './metrics.js';
import { parsed, rejected, type Parsed } from './parsed.js';

export const SLO_OPERATORS = ['<', '<=', '>', '>='] as const;
export type SloOperator = (typeof SLO_OPERATORS)[number];

/** A service level objective: what the mean of a metric over the replications has to satisfy. */
export interface Slo {
  /** As the user wrote it. */
  readonly text: string;
  readonly metric: Metric;
  readonly operator: SloOperator;
  /** In the metric's own unit. */
  readonly limit: number;
}

const FORM = 'an SLO reads METRIC OPERATOR NUMBER, for example "delay_p99_s < 90"';

function isOperator(text: string): text is SloOperator {
  return (SLO_OPERATORS as readonly string[]).includes(text);
}

/** Reads an SLO such as `delay_p99_s < 90`; the metric is a column of `runs.csv`. */
export function parseSlo(text: string): Parsed<Slo> {
  const match = /^\s*([A-Za-z_]\w*)\s*([<>=!]+)\s*(\S+)\s*$/.exec(text);
  if (match === null) return rejected(FORM);
  const [, metric, operator, limit] = match;
  const known = parseMetric(metric);
  if (!known.ok) return known;
  if (!isOperator(operator)) return rejected(`unknown operator (known: ${SLO_OPERATORS.join(' ')})`);
  if (!/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(limit)) {
    return rejected("the limit is not a plain number: the unit is in the metric's name");
  }
  return parsed({ text: text.trim(), metric: known.value, operator, limit: Number(limit) });
}

/** Whether a value satisfies an SLO. */
export function holds(value: number, { operator, limit }: Slo): boolean {
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
