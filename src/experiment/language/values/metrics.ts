import { exceedanceMetrics } from '../../../cluster/meters/exceedances.js';
import { OPERATOR_METRICS, type OperatorMetric } from '../../../cluster/model/operator-metrics.js';
import { METRICS, type ExceedanceMetric, type Metric } from '../../../cluster/model/run-record.js';
import { durationUs } from './durations.js';
import { didYouMean } from './nearest-name.js';
import { parsed, rejected, type Parsed } from './parsed.js';

/** The metric columns of an experiment's `runs.csv`, in order: the fixed ones, those of operators, those of its thresholds. */
export function metricsOf({
  output,
  operators,
}: {
  readonly output: { readonly exceedances?: readonly string[] | undefined };
  readonly operators?: unknown;
}): readonly Metric[] {
  const ofOperators = operators === undefined ? [] : OPERATOR_METRICS;
  return [...METRICS, ...ofOperators, ...exceedanceMetrics((output.exceedances ?? []).map(durationUs))];
}

/** Whether a metric is of operators, which only some experiments have. */
export function isOfOperators(metric: string): metric is OperatorMetric {
  return OPERATOR_METRICS.some((each) => each === metric);
}

/** Whether a metric is the share of delays beyond a threshold. */
export function isExceedance(metric: string): metric is ExceedanceMetric {
  return /^(delay|last_pod)_over_\d+m?s_share$/.test(metric);
}

/** How a name that seems to be that of a threshold would have to be; null for other names. */
function exceedanceForm(name: string): string | null {
  const match = /^(delay|last_pod)_over_([^_]*)/.exec(name);
  if (match === null) return null;
  const [, what, threshold] = match;
  const example = /^\d+m?s$/.test(threshold) ? threshold : '90s';
  return (
    'unknown metric; a share beyond a threshold is called after it in whole seconds or milliseconds: ' +
    `${what}_over_${example}_share, with ${example} in output.exceedances`
  );
}

/** A metric column by its name. Whether the experiment has that of a threshold, or operators, is another question. */
export function parseMetric(name: string): Parsed<Metric> {
  const metric = METRICS.find((each) => each === name);
  if (metric !== undefined) return parsed(metric);
  if (isExceedance(name) || isOfOperators(name)) return parsed(name);
  const form = exceedanceForm(name);
  if (form !== null) return rejected(form);
  const known = `known: the metric columns of runs.csv: ${METRICS.join(', ')}`;
  return rejected(`unknown metric${didYouMean(name, METRICS) || ` (${known})`}`);
}
