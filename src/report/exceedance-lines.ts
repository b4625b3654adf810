import { exceedanceMetrics } from '../cluster/meters/exceedances.js';
import { durationUs } from '../experiment/language/values/durations.js';
import type { Experiment } from '../experiment/language/experiment.js';
import type { Summary } from '../experiment/statistics/statistics.js';
import { scenarioLabel } from './answer-sentences.js';
import { MISSING } from './compact-numbers.js';
import type { ScenarioSummary } from './scenario-summary.js';

/** How often delays are longer than the thresholds of `output.exceedances`: a row per scenario and threshold, a heading first. */
export function exceedanceRows(
  experiment: Experiment,
  scenarios: readonly ScenarioSummary[],
): readonly (readonly string[])[] {
  const thresholds = experiment.spec.output.exceedances ?? [];
  if (thresholds.length === 0) return [];
  const rows = scenarios.flatMap((summary) =>
    thresholds.map((threshold) => {
      const [delay, lastPod] = exceedanceMetrics([durationUs(threshold)]);
      const { metrics } = summary;
      return [scenarioLabel(experiment, summary), threshold, shareText(metrics[delay]), shareText(metrics[lastPod])];
    }),
  );
  return [['scenario', 'later than', '% of volumes', '% of updates (any pod)'], ...rows];
}

/**
 * A share in percent with its 95 % interval. Of what was never seen only the bound is told, 3/n of the n
 * replications: a share of a sample is no law from which rarer events could be told.
 */
function shareText({ n, mean, ci95Low, ci95High }: Summary): string {
  if (mean === null) return MISSING;
  if (mean === 0 && ci95High !== null) return `none in ${n} replications: < ${percent(ci95High)}`;
  if (ci95Low === null || ci95High === null) return percent(mean);
  return `${percent(mean)} (${percent(ci95Low)} to ${percent(ci95High)})`;
}

function percent(share: number): string {
  return String(Number((100 * share).toPrecision(3)));
}
