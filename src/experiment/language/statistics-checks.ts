import { MILLISECOND_US } from '../../sim/units.js';
import { compilePrecision } from './compile.js';
import { durationUs } from './values/durations.js';
import { metricsOf } from './values/metrics.js';
import { didYouMean } from './values/nearest-name.js';
import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';
import { parseSlo } from './values/slo.js';

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
  return problems;
}

/** SLOs and a precision of thresholds that the experiment does not count. */
export function metricProblems(spec: ExperimentSpec): Problem[] {
  const known = metricsOf(spec);
  const check = (metric: string, steps: Problem['steps']): Problem[] => {
    if (known.some((each) => each === metric)) return [];
    const near = didYouMean(metric, known);
    return [{ steps, message: `there is no such metric without its threshold in output.exceedances${near}` }];
  };
  const slos = spec.slos.flatMap((text, index) => {
    const slo = parseSlo(text);
    return slo.ok ? check(slo.value.metric, ['spec', 'slos', index]) : [];
  });
  return [...slos, ...(spec.precision ? check(spec.precision.metric, ['spec', 'precision', 'metric']) : [])];
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
