import { sum } from 'd3-array';
import { clusteredQuantile } from '../../experiment/statistics/clustered-quantiles.js';
import type { Experiment } from '../../experiment/language/experiment.js';
import { valuesForQuantile } from '../../experiment/statistics/shares.js';
import { cellsOf, integer, number, SCENARIO_COLUMNS, text } from '../columns.js';
import { finite } from '../plain-number.js';
import { factorColumns, scenarioCells } from '../scenario-cells.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import type { Table } from './table.js';

/** `rotation.csv` after the scenario and its factors. */
const ROTATION_COLUMNS = [
  text(
    'stages',
    'kubelet: from the commit to the new files in the last pod; pipeline: from the change at the source until the last application works with it',
  ),
  number('share_of_rotations', 'share', 'of the rotations that are over within overlap_s, 0 to 1'),
  integer('replications', 'replications', 'replications with updates that pods can see'),
  integer('rotations', 'rotations', 'their updates, over all replications'),
  integer('unfinished', 'rotations', 'those with a pod still pending at the end: they count as longest'),
  integer(
    'independent_rotations',
    'rotations',
    'how many independent ones tell as much: their number over the design effect',
  ),
  number('overlap_s', 's', 'quantile (R-7) of the time that rotations take: how long to keep the old credential valid'),
  number('ci95_low_s', 's', 'lower end of its 95 % interval, distribution-free'),
  number('ci95_high_s', 's', 'upper end; empty where the rotations are too few, and overlap_s is then no advice'),
  integer(
    'replications_needed',
    'replications',
    'about how many replications like these an upper end takes; empty where there is one',
  ),
  text(
    'found_by',
    'order statistics: of independent rotations, one a replication; effective number: of several, as many as independent_rotations',
  ),
  text('note', 'why there is no upper end; empty where there is one'),
] as const;

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
