import type { ReadExperiment, Scenario } from '../../experiment/language/experiment.js';
import type { CompletedRun } from '../../experiment/execution/runner.js';
import { cellsOf, RUN_COLUMNS } from '../columns.js';
import type { Cell } from '../csv.js';
import type { ScenarioSummary } from '../scenario-summary.js';

/** A run with the scenario that it belongs to. */
export interface RunOfScenario {
  readonly scenario: Scenario;
  readonly run: CompletedRun;
}

/** All runs, scenario by scenario. */
export function allRuns(scenarios: readonly ScenarioSummary[]): readonly RunOfScenario[] {
  return scenarios.flatMap(({ scenario, runs }) => runs.map((run) => ({ scenario, run })));
}

/** The cells of RUN_COLUMNS. */
export function runCells(experiment: ReadExperiment, { scenario, run }: RunOfScenario): Cell[] {
  return cellsOf(RUN_COLUMNS, {
    run_id: run.runId,
    experiment: experiment.name,
    scenario: scenario.name,
    replication: run.replication,
  });
}

/** A row per item, made when it is asked for. */
export function* mapRows<T>(items: Iterable<T>, toRow: (item: T) => readonly Cell[]): Generator<readonly Cell[]> {
  for (const item of items) yield toRow(item);
}

/** The rows of each item, made when they are asked for: those of all runs are never in memory together. */
export function* flatRows<T>(
  items: Iterable<T>,
  toRows: (item: T) => Iterable<readonly Cell[]>,
): Generator<readonly Cell[]> {
  for (const item of items) yield* toRows(item);
}
