import type { Experiment } from '../../experiment/language/experiment.js';
import type { Column } from '../columns.js';
import type { Cell } from '../csv.js';
import type { ScenarioSummary } from '../scenario-summary.js';

/** What a result file holds: its columns, and its rows in order. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** Makes a table of what an experiment has found; null where it has nothing to tell. */
export type TableMaker = (experiment: Experiment, scenarios: readonly ScenarioSummary[]) => Table | null;
