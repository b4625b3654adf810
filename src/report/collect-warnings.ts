import type { Experiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { orderedRuns } from './scenario-summary.js';
import { steadinessWarnings } from './steadiness.js';

/** The outcome's warnings, each once, with the runs that raised it (none: the whole experiment). */
export function collectWarnings(
  experiment: Experiment,
  outcome: RunOutcome,
): readonly { readonly warning: string; readonly runs: readonly string[] }[] {
  const runsOf = new Map<string, string[]>(experiment.warnings.map((warning) => [warning, []]));
  for (const run of orderedRuns(outcome)) {
    for (const warning of run.record.warnings) {
      const runs = runsOf.get(warning);
      if (runs === undefined) runsOf.set(warning, [run.runId]);
      else runs.push(run.runId);
    }
  }
  const own = [...runsOf].map(([warning, runs]) => ({ warning, runs }));
  return [...own, ...steadinessWarnings(experiment, outcome)];
}
