import type { Metric } from '../cluster/model/run-record.js';
import type { Experiment } from '../experiment/language/experiment.js';
import { type Effect, effectsOf } from './tables/effects.js';
import type { ScenarioSummary } from './scenario-summary.js';

/** The metrics whose factors are named on the terminal; all are in effects.csv. */
const HEADLINES: readonly Metric[] = ['delay_p99_s', 'apiserver_cpu_cores'];

/** Factors named for each, and the least share of the variance that is worth naming. */
const NAMED = 3;
const WORTH = 0.01;

/** What is told of an effect. */
export type ToldEffect = Pick<
  Effect,
  'metric' | 'factor' | 'variance_share' | 'ci95_low' | 'ci95_high' | 'confounded_with'
>;

/** Which factors matter most, with the share of the variance between scenarios that each explains alone. */
export function effectLines(experiment: Experiment, scenarios: readonly ScenarioSummary[]): readonly string[] {
  return effectSentences(effectsOf(experiment, scenarios, HEADLINES));
}

/** The same of effects that are known. */
export function effectSentences(effects: readonly ToldEffect[]): readonly string[] {
  return [...HEADLINES.flatMap((headline) => strongestLine(headline, effects)), ...confoundedLine(effects)];
}

function strongestLine(headline: Metric, effects: readonly ToldEffect[]): readonly string[] {
  const strongest = effects
    .filter(({ metric }) => metric === headline)
    .flatMap((effect) => (effect.variance_share === null ? [] : [{ ...effect, share: effect.variance_share }]))
    .filter(({ share }) => share >= WORTH)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, NAMED);
  if (strongest.length === 0) return [];
  const named = strongest.map(({ factor, share, ci95_low: low, ci95_high: high }) => {
    const interval =
      typeof low === 'number' && typeof high === 'number' ? ` (${percent(low)} to ${percent(high)})` : '';
    return `${String(factor)} ${percent(share)} %${interval}`;
  });
  return [`Variance of ${headline} between the scenarios: ${named.join(', ')}.`];
}

/** Which factors have no share of their own, as combinations are left out. */
function confoundedLine(effects: readonly ToldEffect[]): readonly string[] {
  const names = new Set(effects.filter((effect) => effect.confounded_with !== '').map(({ factor }) => String(factor)));
  if (names.size === 0) return [];
  return [
    `Confounded, as not all combinations are there: ${[...names].join(', ')}; no share of the variance is one of theirs alone.`,
  ];
}

function percent(share: number): string {
  return (100 * share).toFixed(0);
}
