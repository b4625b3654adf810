import { group } from 'd3-array';
import type { Metric } from '../cluster/model/run-record.js';
import type { ReadExperiment, Scenario } from '../experiment/language/experiment.js';
import { summarizeMetric } from '../experiment/language/slo-judgement.js';
import { metricsOf } from '../experiment/language/values/metrics.js';
import type { CompletedRun, RunOutcome } from '../experiment/execution/runner.js';
import type { Summary } from '../experiment/statistics/statistics.js';

/** A scenario, its completed runs by replication, and each metric over them. */
export interface ScenarioSummary {
  readonly scenario: Scenario;
  readonly runs: readonly CompletedRun[];
  readonly metrics: Readonly<Record<Metric, Summary>>;
}

/** The completed runs by scenario, then replication, in whatever order they arrived. */
export function orderedRuns(outcome: Pick<RunOutcome, 'runs'>): readonly CompletedRun[] {
  return outcome.runs.toSorted((a, b) => a.scenario - b.scenario || a.replication - b.replication);
}

/** What summaries are made from. */
type Summarized = Pick<RunOutcome, 'runs'>;

/** What has been summarized: files and answer tell of the same outcome. */
const SUMMARIZED = new WeakMap<Summarized, { readonly of: ReadExperiment; readonly as: readonly ScenarioSummary[] }>();

/** One summary per scenario of the experiment, also of those without a completed run. */
export function summarizeScenarios(experiment: ReadExperiment, outcome: Summarized): readonly ScenarioSummary[] {
  const known = SUMMARIZED.get(outcome);
  if (known?.of === experiment) return known.as;
  const summaries = summarize(experiment, outcome);
  SUMMARIZED.set(outcome, { of: experiment, as: summaries });
  return summaries;
}

function summarize(experiment: ReadExperiment, outcome: Summarized): readonly ScenarioSummary[] {
  const metrics = metricsOf(experiment.spec);
  const runsOf = group(orderedRuns(outcome), (run) => run.scenario);
  return experiment.scenarios.map((scenario) => {
    const runs = runsOf.get(scenario.index) ?? [];
    const summaries = Object.fromEntries(
      metrics.map((metric) => [
        metric,
        summarizeMetric(
          metric,
          runs.map((run) => run.record.metrics[metric]),
        ),
      ]),
    );
    return { scenario, runs, metrics: summaries as Record<Metric, Summary> };
  });
}
