import type { Experiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { holds, type Slo } from '../experiment/language/values/slo.js';
import { summarizeScenarios, type ScenarioSummary } from './scenario-summary.js';

/** Whether a scenario meets an SLO. */
export interface SloVerdict {
  readonly slo: Slo;
  readonly scenario: string;
  /** Mean of the metric over the replications; null where it has no value in some or all of them. */
  readonly mean: number | null;
  readonly ci95Low: number | null;
  readonly ci95High: number | null;
  readonly passed: boolean;
  /** The 95 % interval of the mean holds the limit: more replications could turn the verdict. */
  readonly uncertain: boolean;
}

/** What a verdict needs to know of a scenario. */
export interface JudgedScenario extends Pick<ScenarioSummary, 'metrics'> {
  readonly scenario: Pick<ScenarioSummary['scenario'], 'name'>;
  readonly runs: readonly unknown[];
}

/** A verdict for each SLO of the experiment and each scenario. */
export function judgeSlos(experiment: Experiment, outcome: RunOutcome): readonly SloVerdict[] {
  return judgeScenarios(experiment.slos, summarizeScenarios(experiment, outcome));
}

/** A verdict for each SLO and each scenario. */
export function judgeScenarios(slos: readonly Slo[], scenarios: readonly JudgedScenario[]): readonly SloVerdict[] {
  return slos.flatMap((slo) => scenarios.map((scenario) => judge(slo, scenario)));
}

/**
 * A metric that is empty in one replication (a last pod that is still pending, say) has no honest
 * mean: the others would be the good cases. It misses, as do scenarios without a completed run.
 */
function judge(slo: Slo, { scenario, runs, metrics }: JudgedScenario): SloVerdict {
  const { n, mean, ci95Low, ci95High } = metrics[slo.metric];
  if (mean === null || n < runs.length) {
    return { slo, scenario: scenario.name, mean: null, ci95Low: null, ci95High: null, passed: false, uncertain: false };
  }
  const uncertain = ci95Low !== null && ci95High !== null && ci95Low < slo.limit && slo.limit < ci95High;
  return { slo, scenario: scenario.name, mean, ci95Low, ci95High, passed: holds(mean, slo), uncertain };
}
