import type { Metric } from '../cluster/model/run-record.js';
import type { Slo } from '../experiment/language/values/slo.js';
import { wantsLess } from '../experiment/language/values/statistic.js';
import type { Candidate } from '../plan/candidate.js';
import { compactMetric, compactMetricMean } from '../report/compact-numbers.js';

/** What is told of settings in a column: the mean of a metric, or what an SLO judges. */
export interface Measure {
  readonly name: string;
  readonly value: (candidate: Candidate) => number | null;
  readonly text: (candidate: Candidate) => string;
}

/** A measure for each metric, its mean, and for each SLO that judges something else. */
export function measuresOf(metrics: readonly Metric[], slos: readonly Slo[]): readonly Measure[] {
  const means = [...new Set(metrics)].map((metric): Measure => ({
    name: metric,
    value: (candidate) => candidate.mean(metric),
    text: (candidate) => compactMetricMean(metric, candidate.summary(metric)),
  }));
  const judged = slos.filter(({ over }) => over.kind !== 'mean').map(measureOf);
  return [...means, ...judged.filter(({ name }, index) => judged.findIndex((each) => each.name === name) === index)];
}

/** What an SLO judges, as a measure. */
export function measureOf(slo: Slo): Measure {
  const { metric, over } = slo;
  const value = (candidate: Candidate): number | null => candidate.judge(slo).value;
  const text = (candidate: Candidate): string =>
    over.kind === 'mean'
      ? compactMetricMean(metric, candidate.summary(metric))
      : compactMetric(metric, value(candidate));
  return {
    name: over.kind === 'worst' ? `${wantsLess(slo.operator) ? 'max' : 'min'}(${metric})` : slo.subject,
    value,
    text,
  };
}
