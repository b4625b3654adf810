import { group } from 'd3-array';
import { METRICS, type MetricName } from '../cluster/run-record.js';
import type { Experiment, Scenario } from '../experiment/experiment.js';
import type { CompletedRun, RunOutcome } from '../experiment/runner.js';
import { summarize, type Summary } from '../experiment/statistics.js';

/** A scenario, its completed runs by replication, and each metric over them. */
export interface ScenarioSummary {
  readonly scenario: Scenario;
  readonly runs: readonly CompletedRun[];
  readonly metrics: Readonly<Record<MetricName, Summary>>;
}

/** The completed runs by scenario, then replication, in whatever order they arrived. */
export function orderedRuns(outcome: RunOutcome): readonly CompletedRun[] {
  return outcome.runs.toSorted((a, b) => a.scenario - b.scenario || a.replication - b.replication);
}

/** One summary per scenario of the experiment, also of those without a completed run. */
export function summarizeScenarios(experiment: Experiment, outcome: RunOutcome): readonly ScenarioSummary[] {
  const runsOf = group(orderedRuns(outcome), (run) => run.scenario);
  return experiment.scenarios.map((scenario) => {
    const runs = runsOf.get(scenario.index) ?? [];
    const metrics = Object.fromEntries(
      METRICS.map((metric) => [metric, summarize(runs.map((run) => run.record.metrics[metric]))]),
    );
    return { scenario, runs, metrics: metrics as Record<MetricName, Summary> };
  });
}
