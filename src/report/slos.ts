import type { Experiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import type { RunMetrics } from '../cluster/model/run-record.js';
import { judgeSlo, type Judgement } from '../experiment/language/slo-judgement.js';
import type { Slo } from '../experiment/language/values/slo.js';
import { ofAllPods } from '../experiment/language/values/waiting-pods.js';
import { type ScenarioSummary, summarizeScenarios } from './scenario-summary.js';

/** Whether a scenario meets an SLO, and by what. */
export interface SloVerdict extends Judgement {
  readonly slo: Slo;
  readonly scenario: string;
}

/** What a verdict needs to know of a scenario. */
export interface JudgedScenario {
  readonly scenario: Pick<ScenarioSummary['scenario'], 'name'>;
  readonly runs: readonly { readonly record: { readonly metrics: Readonly<Partial<RunMetrics>> } }[];
}

/** A verdict for each SLO of the experiment and each scenario. */
export function judgeSlos(experiment: Experiment, outcome: RunOutcome): readonly SloVerdict[] {
  return judgeScenarios(experiment.slos, summarizeScenarios(experiment, outcome));
}

/** A verdict for each SLO and each scenario. */
export function judgeScenarios(slos: readonly Slo[], scenarios: readonly JudgedScenario[]): readonly SloVerdict[] {
  return slos.flatMap((slo) =>
    scenarios.map(({ scenario, runs }) => {
      const values = runs.map(({ record }) => ofAllPods(slo.metric, record.metrics));
      return { slo, scenario: scenario.name, ...judgeSlo(slo, values) };
    }),
  );
}
