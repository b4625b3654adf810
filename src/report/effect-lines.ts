import type { Metric } from '../cluster/model/run-record.js';
import type { Experiment } from '../experiment/language/experiment.js';
import { effectsOf } from './tables/effects.js';
import type { ScenarioSummary } from './scenario-summary.js';

/** The metrics whose factors are named on the terminal; all are in effects.csv. */
const HEADLINES: readonly Metric[] = ['delay_p99_s', 'apiserver_cpu_cores'];

/** Factors named for each, and the least share of the variance that is worth naming. */
const NAMED = 3;
const WORTH = 0.01;

/** Which factors matter most, with the share of the variance between scenarios that each explains alone. */
export function effectLines(experiment: Experiment, scenarios: readonly ScenarioSummary[]): readonly string[] {
  const effects = effectsOf(experiment, scenarios);
  return HEADLINES.flatMap((headline) => {
    const strongest = effects
      .filter(({ metric, variance_share: share }) => metric === headline && share >= WORTH)
      .toSorted((a, b) => b.variance_share - a.variance_share)
      .slice(0, NAMED);
    if (strongest.length === 0) return [];
    const named = strongest.map(({ factor, variance_share: share, ci95_low: low, ci95_high: high }) => {
      const interval =
        typeof low === 'number' && typeof high === 'number' ? ` (${percent(low)} to ${percent(high)})` : '';
      return `${String(factor)} ${percent(share)} %${interval}`;
    });
    return [`Variance of ${headline} between the scenarios: ${named.join(', ')}.`];
  });
}

function percent(share: number): string {
  return (100 * share).toFixed(0);
}
