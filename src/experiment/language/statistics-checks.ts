import { MILLISECOND_US } from '../../sim/units.js';
import { compilePrecision } from './compile.js';
import { durationUs } from './values/durations.js';
import { isOfOperators, metricsOf } from './values/metrics.js';
import { didYouMean } from './values/nearest-name.js';
import type { Precision } from './precision.js';
import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';
import { valuesForQuantile } from '../statistics/shares.js';
import { parseSlo, tooFewReplications } from './values/slo.js';
import { quantileName } from './values/statistic.js';

/** Fewest replications from which a spread can be judged (Hoad, Robinson and Davies, 2010). */
const JUDGED_FROM = 3;

/** A precision that no number of replications can be judged by. */
export function precisionProblems(spec: ExperimentSpec): Problem[] {
  const precision = compilePrecision(spec);
  if (precision === null) return [];
  const { relative, min, max } = precision;
  const place = ['spec', 'precision'];
  const problems: Problem[] = [];
  if (relative === 0) problems.push({ steps: [...place, 'relative'], message: 'no number of replications reaches 0%' });
  if (min < JUDGED_FROM) {
    const steps = spec.precision?.min === undefined ? ['spec', 'replications'] : [...place, 'min'];
    problems.push({ steps, message: `a precision is judged from ${JUDGED_FROM} replications on, found ${min}` });
  }
  if (max < min) {
    problems.push({ steps: [...place, 'max'], message: `is less than the ${min} replications that each scenario has` });
  }
  return [...problems, ...intervalProblems(precision).map((message) => ({ steps: [...place, 'metric'], message }))];
}

/** What can never be told precisely: it has no interval, or not within so many replications. */
function intervalProblems({ over, metric, max }: Precision): string[] {
  if (over.kind === 'max' || over.kind === 'min') {
    return [`the ${over.kind} of replications has no interval: take a quantile, such as p95(${metric})`];
  }
  if (over.kind !== 'quantile' || valuesForQuantile(over.p) <= max) return [];
  const needed = valuesForQuantile(over.p);
  return [`the interval of ${quantileName(over.p)} takes ${needed} replications; precision.max is ${max}`];
}

/** Quantiles that the replications of the experiment do not bear. */
export function quantileProblems(spec: ExperimentSpec): Problem[] {
  const replications = compilePrecision(spec)?.min ?? spec.replications;
  return spec.slos.flatMap((text, index) => {
    const slo = parseSlo(text);
    const message = slo.ok ? tooFewReplications(slo.value, replications) : null;
    return message === null ? [] : [{ steps: ['spec', 'slos', index], message }];
  });
}

/** SLOs and a precision of thresholds that the experiment does not count. */
export function metricProblems(spec: ExperimentSpec): Problem[] {
  const known = metricsOf(spec);
  const precision = compilePrecision(spec);
  const check = (metric: string, steps: Problem['steps']): Problem[] => {
    if (known.some((each) => each === metric)) return [];
    if (isOfOperators(metric)) return [{ steps, message: 'is a metric of operators, and there is no spec.operators' }];
    const near = didYouMean(metric, known);
    return [{ steps, message: `there is no such metric without its threshold in output.exceedances${near}` }];
  };
  const slos = spec.slos.flatMap((text, index) => {
    const slo = parseSlo(text);
    return slo.ok ? check(slo.value.metric, ['spec', 'slos', index]) : [];
  });
  return [...slos, ...(precision ? check(precision.metric, ['spec', 'precision', 'metric']) : [])];
}

/** Thresholds that columns cannot be named after, or that occur twice. */
export function exceedanceProblems({ output }: ExperimentSpec): Problem[] {
  const thresholds = (output.exceedances ?? []).map(durationUs);
  return thresholds.flatMap((us, index) => {
    const steps = ['spec', 'output', 'exceedances', index];
    if (us % MILLISECOND_US !== 0) return [{ steps, message: 'is finer than a millisecond' }];
    return thresholds.indexOf(us) < index ? [{ steps, message: 'occurs twice' }] : [];
  });
}
