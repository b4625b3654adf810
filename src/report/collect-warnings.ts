import { group, union } from 'd3-array';
import type { ReadExperiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { orderedRuns } from './scenario-summary.js';
import { steadinessWarnings } from './steadiness.js';

/** The outcome's warnings, each once, with the runs that raised it (none: the whole experiment). */
export function collectWarnings(
  experiment: ReadExperiment,
  outcome: Pick<RunOutcome, 'runs' | 'warnings'>,
): readonly { readonly warning: string; readonly runs: readonly string[] }[] {
  if (outcome.warnings !== undefined) return outcome.warnings;
  const raised = orderedRuns(outcome).flatMap(({ runId, record }) =>
    record.warnings.map((warning) => ({ warning, runId })),
  );
  const runsOf = group(raised, ({ warning }) => warning);
  const own = [...union(experiment.warnings, runsOf.keys())].map((warning) => ({
    warning,
    runs: (runsOf.get(warning) ?? []).map(({ runId }) => runId),
  }));
  return [...own, ...steadinessWarnings(experiment, outcome)];
}
