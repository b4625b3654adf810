import { max, sum } from 'd3-array';
import type { PipelineInput } from '../../cluster/model/model-input.js';
import { SECOND_US } from '../../sim/units.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { cellsOf, integer, number, SCENARIO_COLUMNS, text } from '../columns.js';
import { lastPodAnswer, rotationQuantile } from '../last-pod-answer.js';
import { finite } from '../plain-number.js';
import { factorColumns, scenarioCells } from '../scenario-cells.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import type { ResultTable, Table } from './table.js';

/** `rotation.csv` after the scenario and its factors. */
export const ROTATION_COLUMNS = [
  text(
    'stages',
    'kubelet: from the commit to the new files in the last pod; pipeline: from the change at the source until the last application works with it',
    ['kubelet', 'pipeline'],
  ),
  number('bound_s', 's', 'by when every rotation is over, as a closed form (bounds.csv); empty where there is none'),
  text('no_bound', 'why there is no closed form; empty where there is one'),
  number('worst_seen_s', 's', 'the longest of the rotations that were over'),
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
  number('ci95_low_s', 's', 'lower end of the 95 % interval of overlap_s, distribution-free'),
  number(
    'ci95_high_s',
    's',
    'upper end of that interval; empty where the rotations are too few, and overlap_s is then no advice',
  ),
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
  readonly bound_s: number | null;
  readonly no_bound: string;
  readonly worst_seen_s: number | null;
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
export function rotationTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table | null {
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
export function rotationRows({ scenario, runs }: Pick<ScenarioSummary, 'scenario' | 'runs'>): readonly RotationRow[] {
  const rotations = runs.map(({ record }) => record.rotations);
  const { bound } = lastPodAnswer(runs);
  const limits = { bound_s: bound?.seconds ?? null, no_bound: bound?.reason ?? '' };
  const longerS = pipelineLimitS(scenario.input.rotation?.pipeline ?? null);
  const throughAll =
    scenario.input.operators === undefined ? limits : { bound_s: null, no_bound: 'operators have no closed form' };
  return [
    ...rowsOf(
      { stages: 'kubelet', ...limits },
      rotations.map(({ kubeletS }) => kubeletS),
    ),
    ...rowsOf(
      { stages: 'pipeline', ...throughAll, bound_s: throughAll.bound_s === null ? null : throughAll.bound_s + longerS },
      rotations.flatMap(({ pipelineS }) => pipelineS ?? []),
    ),
  ];
}

/** How much longer than the kubelets a pipeline takes at the most: it waits for polls, and each application for its own. */
function pipelineLimitS(pipeline: PipelineInput | null): number {
  if (pipeline === null) return 0;
  return (pipeline.refreshIntervalUs + pipeline.reloadIntervalUs + pipeline.reloadDelayUs) / SECOND_US;
}

type Limits = Pick<RotationRow, 'stages' | 'bound_s' | 'no_bound'>;

function rowsOf(limits: Limits, replications: readonly Float64Array[]): readonly RotationRow[] {
  const rotated = replications.filter(({ length }) => length > 0);
  return rotated.length === 0 ? [] : SHARES.map((share) => rowOf(limits, rotated, share));
}

function rowOf(limits: Limits, replications: readonly Float64Array[], share: number): RotationRow {
  const { value, low, high, independent, needed } = rotationQuantile(replications, share);
  const rotations = sum(replications, ({ length }) => length);
  const unfinished = sum(replications, (times) => times.filter((time) => time === Infinity).length);
  return {
    ...limits,
    worst_seen_s: max(replications, (times) => max(times.filter((time) => time < Infinity))) ?? null,
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

/** What `rotation.csv` is. */
export const ROTATION: ResultTable = {
  row: 'scenario, stages and share of the rotations',
  columns: [...SCENARIO_COLUMNS, ...ROTATION_COLUMNS],
  key: ['scenario', 'stages', 'share_of_rotations'],
  make: rotationTable,
};
