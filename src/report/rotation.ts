import { sum } from 'd3-array';
import { clusteredQuantile } from '../experiment/statistics/clustered-quantiles.js';
import type { Experiment } from '../experiment/language/experiment.js';
import { valuesForQuantile } from '../experiment/statistics/shares.js';
import { cellsOf, ROTATION_COLUMNS, SCENARIO_COLUMNS } from './columns.js';
import { factorColumns, scenarioCells } from './scenario-cells.js';
import type { ScenarioSummary } from './scenario-summary.js';
import type { Table } from './tables.js';

/** Shares of the rotations that are told of, ascending. */
const SHARES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** For how long old and new credential have to be valid together: a row of `rotation.csv` after the scenario. */
export interface RotationRow {
  readonly stages: 'kubelet' | 'pipeline';
  readonly share_of_rotations: number;
  readonly replications: number;
  readonly rotations: number;
  readonly unfinished: number;
  readonly independent_rotations: number;
  /** Seconds; null where a pod is pending in so many of the rotations. */
  readonly overlap_s: number | null;
  readonly ci95_low_s: number | null;
  readonly ci95_high_s: number | null;
  /** About how many replications like these an upper end takes; null where there is one, or it takes longer runs. */
  readonly replications_needed: number | null;
  readonly found_by: string;
  readonly note: string;
}

/** `rotation.csv`; null where no scenario was asked how long its rotations take. */
export function rotationTable(experiment: Experiment, scenarios: readonly ScenarioSummary[]): Table | null {
  if (!scenarios.some(({ scenario }) => scenario.input.rotation)) return null;
  return {
    name: 'rotation',
    columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...ROTATION_COLUMNS],
    rows: scenarios.flatMap((summary) =>
      rotationRows(summary).map((row) => [
        ...scenarioCells(experiment, summary.scenario),
        ...cellsOf(ROTATION_COLUMNS, row),
      ]),
    ),
  };
}

/** How long the rotations of a scenario take: first by the kubelets alone, then through its pipeline, if it has one. */
export function rotationRows({ runs }: Pick<ScenarioSummary, 'runs'>): readonly RotationRow[] {
  const rotations = runs.flatMap(({ record }) => record.rotations ?? []);
  const pipelines = rotations.flatMap(({ pipelineS }) => pipelineS ?? []);
  return [
    ...rowsOf(
      'kubelet',
      rotations.map(({ kubeletS }) => kubeletS),
    ),
    ...rowsOf('pipeline', pipelines),
  ];
}

function rowsOf(stages: RotationRow['stages'], replications: readonly Float64Array[]): readonly RotationRow[] {
  const rotated = replications.filter(({ length }) => length > 0);
  return rotated.length === 0 ? [] : SHARES.map((share) => rowOf(stages, rotated, share));
}

function rowOf(stages: RotationRow['stages'], replications: readonly Float64Array[], share: number): RotationRow {
  const { value, low, high, independent } = clusteredQuantile(replications, share);
  const rotations = sum(replications, ({ length }) => length);
  const unfinished = sum(replications, (times) => times.filter((time) => time === Infinity).length);
  const needed =
    high === null ? Math.ceil((valuesForQuantile(share) * replications.length) / Math.floor(independent)) : null;
  return {
    stages,
    share_of_rotations: share,
    replications: replications.length,
    rotations,
    unfinished,
    independent_rotations: Math.floor(independent),
    overlap_s: finite(value),
    ci95_low_s: finite(low),
    ci95_high_s: finite(high),
    replications_needed: needed,
    found_by: rotations === replications.length ? 'order statistics' : 'order statistics, effective number',
    note: noteOf(high, needed),
  };
}

function noteOf(high: number | null, needed: number | null): string {
  if (needed !== null) return `too few rotations for an upper end: it takes about ${needed} replications like these`;
  return high !== null && Number.isFinite(high) ? '' : 'no upper end: pods were still waiting when runs ended';
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
