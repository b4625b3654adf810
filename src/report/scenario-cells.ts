import type { Experiment, Scenario } from '../experiment/language/experiment.js';
import { cellsOf, factorColumn, SCENARIO_COLUMNS, type Column } from './columns.js';
import type { Cell } from './csv.js';

/** The cells of SCENARIO_COLUMNS and the factors. */
export function scenarioCells(experiment: Experiment, scenario: Scenario): Cell[] {
  return [
    ...cellsOf(SCENARIO_COLUMNS, { experiment: experiment.name, scenario: scenario.name }),
    ...factorCells(experiment, scenario),
  ];
}

/** A column per factor: its path. */
export function factorColumns(experiment: Experiment): Column[] {
  return experiment.factorPaths.map((path) =>
    factorColumn(
      path,
      experiment.scenarios.map((scenario) => scenario.factors[path]),
    ),
  );
}

/** The value of each factor in a scenario. */
export function factorCells(experiment: Experiment, scenario: Scenario): Cell[] {
  return experiment.factorPaths.map((path) => {
    const value = scenario.factors[path];
    return typeof value === 'boolean' ? String(value) : value;
  });
}
