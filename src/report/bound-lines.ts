import { fsum, group } from 'd3-array';
import { type AnsweredExperiment, type AnsweredScenario, FEW_SCENARIOS, scenarioLabel } from './answer-sentences.js';
import { compactUp } from './compact-numbers.js';
import { lastPodAnswer } from './last-pod-answer.js';
import { plainNumber } from './plain-number.js';

/** Terms that make less of a bound than this share are told together. */
const SMALL = 0.002;

/**
 * What the bounds are made of, longest first, in a line for each, and what they assume; nothing where scenarios are
 * many. Small terms are told together: all are in `bounds.csv`.
 */
export function boundLines(experiment: AnsweredExperiment, scenarios: readonly AnsweredScenario[]): readonly string[] {
  if (scenarios.length > FEW_SCENARIOS) return [];
  const bounds = scenarios.flatMap((summary) => {
    const { bound } = lastPodAnswer(summary.runs);
    return bound?.seconds == null
      ? []
      : [{ ...bound, seconds: bound.seconds, label: scenarioLabel(experiment, summary) }];
  });
  if (bounds.length === 0) return [];
  const lines = bounds.map(({ label, seconds, terms }) => {
    const sorted = terms.toSorted((a, b) => b.seconds - a.seconds);
    const large = sorted.filter((term) => term.seconds >= SMALL * seconds);
    const rest = fsum(sorted, (term) => term.seconds) - fsum(large, (term) => term.seconds);
    const parts = large.map((term) => `${plainNumber(term.seconds)} s ${term.name}`);
    const others = large.length < sorted.length ? [`${compactUp(rest)} s others`] : [];
    return `${label}: ${compactUp(seconds)} s = ${[...parts, ...others].join(' + ')}`;
  });
  const assumed = group(
    bounds.flatMap(({ assumes }) => assumes),
    (assumption) => assumption,
  );
  return [...lines, `A bound holds where ${[...assumed.keys()].join('; ')}.`];
}
