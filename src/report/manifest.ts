import type { Experiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { TOOL } from '../tool.js';
import { precisionFields } from './precision-lines.js';
import type { WrittenFile } from './result-folder.js';
import { orderedRuns } from './scenario-summary.js';
import { collectWarnings } from './collect-warnings.js';

/**
 * `manifest.json`: everything that a result came from, and how to check it. All but `execution` is the
 * same whenever the same experiment is run again, wherever and on however many workers.
 */
export function manifestJson(
  experiment: Experiment,
  outcome: RunOutcome,
  files: readonly WrittenFile[],
  notes: readonly string[],
): string {
  const runs = orderedRuns(outcome);
  const manifest = {
    tool: TOOL,
    experiment: experiment.name,
    ...(experiment.question !== undefined && { question: experiment.question }),
    complete: outcome.complete,
    hash: experiment.hash,
    inputs: experiment.inputs,
    seed: experiment.seed,
    replications: experiment.replications,
    ...precisionEntry(experiment, outcome),
    factors: experiment.factorPaths,
    scenarios: experiment.scenarios.map(({ name, factors }) => ({ name, factors })),
    spec: experiment.spec,
    runs: runs.map(({ runId, scenario, replication, seed, record }) => ({
      run_id: runId,
      scenario: experiment.scenarios[scenario].name,
      replication,
      seed,
      fingerprint: record.fingerprint,
    })),
    failed: outcome.failed
      .toSorted((a, b) => (a.runId < b.runId ? -1 : 1))
      .map(({ runId, message }) => ({ run_id: runId, message })),
    warnings: collectWarnings(experiment, outcome),
    notes,
    files,
    execution: outcome.execution,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** How many replications each scenario took, where a precision decided it. */
function precisionEntry(experiment: Experiment, { precision }: RunOutcome) {
  if (experiment.precision === null) return {};
  const { subject, relative, min, max } = experiment.precision;
  const scenarios = precision?.map((verdict, index) => ({
    name: experiment.scenarios[index].name,
    ...precisionFields(verdict),
  }));
  return { precision: { metric: subject, relative, min, max, scenarios: scenarios ?? null } };
}
