import type { Experiment } from '../experiment/language/experiment.js';
import { metricsOf } from '../experiment/language/values/metrics.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { shareAsked, warningLines } from './answer-sentences.js';
import { SCENARIO_COLUMNS } from './columns.js';
import { csvLines } from './csv.js';
import { lastPodFields } from './last-pod-answer.js';
import { metricUnit } from './metric-columns.js';
import { rotationRows } from './tables/rotation.js';
import { overlapAdvice } from './rotation-lines.js';
import { precisionFields } from './precision-lines.js';
import { serverFields } from './server-sentences.js';
import { factorCells, factorColumns } from './scenario-cells.js';
import { type ScenarioSummary, summarizeScenarios } from './scenario-summary.js';
import { judgedBy } from './slo-lines.js';
import { judgeScenarios, type SloVerdict } from './slos.js';

/** The answer for a program: per scenario each metric with its interval, the SLO verdicts, what failed. */
export function answerJson(experiment: Experiment, outcome: RunOutcome): string {
  const scenarios = summarizeScenarios(experiment, outcome);
  const answer = {
    experiment: experiment.name,
    complete: outcome.complete,
    scenarios: scenarios.map((summary, index) => ({
      scenario: summary.scenario.name,
      factors: summary.scenario.factors,
      replications: summary.runs.length,
      ...(outcome.precision && { precision: precisionFields(outcome.precision[index]) }),
      last_pod: lastPodFields(summary.runs, shareAsked(experiment)),
      ...(summary.scenario.input.rotation && { rotation: rotationFields(summary) }),
      ...serverFields(experiment, summary),
      metrics: Object.fromEntries(
        metricsOf(experiment.spec).map((metric) => {
          const { n, mean, stddev, ci95Low, ci95High, min, max } = summary.metrics[metric];
          const unit = metricUnit(metric);
          return [metric, { unit, n, mean, stddev, ci95_low: ci95Low, ci95_high: ci95High, min, max }];
        }),
      ),
    })),
    slos: judgeScenarios(experiment.slos, scenarios).map((verdict) => verdictFields(verdict, scenarios)),
    warnings: warningLines(experiment, outcome),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

/** What is judged (`value` with its interval), by what, and what came of it. */
function verdictFields({ slo, scenario, ...judgement }: SloVerdict, scenarios: readonly ScenarioSummary[]) {
  const own = scenarios.find((each) => each.scenario.name === scenario);
  const summary = own?.metrics[slo.metric];
  const { value, ci95Low, ci95High, replications, missedIn, passed, uncertain } = judgement;
  return {
    slo: slo.text,
    scenario,
    judged_by: judgedBy(slo),
    value,
    ci95_low: ci95Low,
    ci95_high: ci95High,
    mean: summary?.n === replications ? summary.mean : null,
    replications,
    missed_in: missedIn,
    passed,
    uncertain,
  };
}

function rotationFields(summary: ScenarioSummary) {
  return { answer: overlapAdvice(summary), overlaps: rotationRows(summary) };
}

/** The answer for a spreadsheet: a row per scenario, each metric as the mean over its replications. */
export function answerCsv(experiment: Experiment, outcome: RunOutcome, excel = false): string {
  const all = metricsOf(experiment.spec);
  const names = [...SCENARIO_COLUMNS, ...factorColumns(experiment)].map((column) => column.name);
  const rows = summarizeScenarios(experiment, outcome).map(({ scenario, runs, metrics }) => [
    experiment.name,
    scenario.name,
    ...factorCells(experiment, scenario),
    runs.length,
    ...all.map((metric) => metrics[metric].mean),
  ]);
  return csvLines([[...names, 'replications', ...all], ...rows], { excel });
}
