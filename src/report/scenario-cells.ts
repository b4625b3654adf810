import type { ReadExperiment, Scenario } from '../experiment/language/experiment.js';
import { cellsOf, factorColumn, SCENARIO_COLUMNS, type Column } from './columns.js';
import type { Cell } from './csv.js';
import { type NumericTwin, numericTwin } from './factor-twins.js';

/** The cells of SCENARIO_COLUMNS and the factors. */
export function scenarioCells(experiment: ReadExperiment, scenario: Scenario): Cell[] {
  return [
    ...cellsOf(SCENARIO_COLUMNS, { experiment: experiment.name, scenario: scenario.name }),
    ...factorCells(experiment, scenario),
  ];
}

/** A column per factor: its path; beside it one of numbers where its values are written with units. */
export function factorColumns(experiment: ReadExperiment): Column[] {
  return columnsOf(experiment).flatMap(({ column, twin }) => (twin === null ? [column] : [column, twin.column]));
}

/** The value of each factor in a scenario, and its number where it has a unit. */
export function factorCells(experiment: ReadExperiment, scenario: Scenario): Cell[] {
  return columnsOf(experiment).flatMap(({ path, twin }) => {
    const value = scenario.factors[path];
    const cell = typeof value === 'boolean' ? String(value) : value;
    return twin === null ? [cell] : [cell, twin.cellOf(value)];
  });
}

interface FactorColumn {
  readonly path: string;
  readonly column: Column;
  readonly twin: NumericTwin | null;
}

/** Looked at once per experiment: cells are asked for by the row. */
const known = new WeakMap<ReadExperiment, readonly FactorColumn[]>();

function columnsOf(experiment: ReadExperiment): readonly FactorColumn[] {
  const before = known.get(experiment);
  if (before !== undefined) return before;
  const columns = experiment.factorPaths.map((path): FactorColumn => {
    const values = experiment.scenarios.map((scenario) => scenario.factors[path]);
    const column = factorColumn(path, values);
    return { path, column, twin: numericTwin(column, values) };
  });
  known.set(experiment, columns);
  return columns;
}
