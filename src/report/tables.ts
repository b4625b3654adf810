import { DELAY_QUANTILES, type DelayGroup, type UpdateRecord } from '../cluster/model/run-record.js';
import type { Experiment, Scenario } from '../experiment/language/experiment.js';
import { metricsOf } from '../experiment/language/values/metrics.js';
import type { CompletedRun } from '../experiment/execution/runner.js';
import { summarize } from '../experiment/statistics/statistics.js';
import {
  cellsOf,
  DELAYS_COLUMNS,
  DICTIONARY_COLUMNS,
  LOAD_COLUMNS,
  loadColumn,
  PIPELINE_COLUMN,
  RUN_COLUMNS,
  RUNS_COLUMNS,
  SAMPLES_COLUMNS,
  SCENARIO_COLUMNS,
  SUMMARY_COLUMNS,
  UPDATES_COLUMNS,
  type Column,
  type RowOf,
} from './columns.js';
import { seconds, type Cell } from './csv.js';
import { effectsTable } from './effects.js';
import { lastPodTable } from './last-pod.js';
import { metricColumn, metricUnit } from './metric-columns.js';
import { pairedTable } from './paired.js';
import { rotationTable } from './rotation.js';
import { factorCells, factorColumns, scenarioCells } from './scenario-cells.js';
import type { ScenarioSummary } from './scenario-summary.js';

/** A result file before it is written: its name without extension, its columns and its rows in order. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** The tables of a result, in the order of writing; `samples` only where samples were taken. */
export function resultTables(experiment: Experiment, scenarios: readonly ScenarioSummary[]): readonly Table[] {
  const tables = [
    runsTable(experiment, scenarios),
    summaryTable(experiment, scenarios),
    delaysTable(experiment, scenarios),
    updatesTable(experiment, scenarios),
    loadTable(experiment, scenarios),
  ];
  const lastPod = lastPodTable(experiment, scenarios);
  if (lastPod !== null) tables.splice(3, 0, lastPod);
  const rotation = rotationTable(experiment, scenarios);
  if (rotation !== null) tables.splice(-2, 0, rotation);
  const effects = effectsTable(experiment, scenarios);
  if (effects !== null) tables.splice(2, 0, effects);
  const paired = pairedTable(experiment, scenarios);
  if (paired !== null) tables.splice(2, 0, paired);
  if (allRuns(scenarios).some(({ run }) => run.record.sampled)) tables.push(samplesTable(scenarios));
  return [...tables, dictionaryTable(tables)];
}

/** `runs.csv`: a row per run. */
export function runsTable(experiment: Experiment, scenarios: readonly ScenarioSummary[]): Table {
  const metrics = metricsOf(experiment.spec);
  return {
    name: 'runs',
    columns: [...RUNS_COLUMNS, ...factorColumns(experiment), ...metrics.map(metricColumn)],
    rows: mapRows(allRuns(scenarios), ({ scenario, run }) => [
      ...cellsOf(RUNS_COLUMNS, { ...runCells(experiment, scenario, run), seed: run.seed }),
      ...factorCells(experiment, scenario),
      ...metrics.map((metric) => run.record.metrics[metric]),
    ]),
  };
}

/** `summary.csv`: a row per scenario and metric. */
export function summaryTable(experiment: Experiment, scenarios: readonly ScenarioSummary[]): Table {
  const pairs = scenarios.flatMap((summary) => metricsOf(experiment.spec).map((metric) => ({ ...summary, metric })));
  return {
    name: 'summary',
    columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...SUMMARY_COLUMNS],
    rows: mapRows(pairs, ({ scenario, metric, metrics }) => {
      const { n, mean, stddev, ci95Low, ci95High, min, max } = metrics[metric];
      return [
        ...scenarioCells(experiment, scenario),
        ...cellsOf(SUMMARY_COLUMNS, {
          metric,
          unit: metricUnit(metric),
          n,
          mean,
          stddev,
          ci95_low: ci95Low,
          ci95_high: ci95High,
          min,
          max,
        }),
      ];
    }),
  };
}

/** `delays.csv`: a row per scenario, object class, mode of consumption and quantile. */
export function delaysTable(experiment: Experiment, scenarios: readonly ScenarioSummary[]): Table {
  const rows = scenarios.flatMap(({ scenario, runs }) =>
    delayGroups(runs).flatMap((groups) =>
      DELAY_QUANTILES.map((_, q) => [
        ...scenarioCells(experiment, scenario),
        ...cellsOf(DELAYS_COLUMNS, delayRow(groups, q)),
      ]),
    ),
  );
  return { name: 'delays', columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...DELAYS_COLUMNS], rows };
}

/** The groups with projections of the same class and mode over the replications, in order of first appearance. */
function delayGroups(runs: readonly CompletedRun[]): readonly (readonly DelayGroup[])[] {
  const groups = new Map<string, DelayGroup[]>();
  for (const run of runs) {
    for (const group of run.record.delays) {
      if (group.projections === 0) continue;
      const key = JSON.stringify([group.objectClass, group.as]);
      const same = groups.get(key);
      if (same === undefined) groups.set(key, [group]);
      else same.push(group);
    }
  }
  return [...groups.values()];
}

function delayRow(groups: readonly DelayGroup[], q: number): RowOf<typeof DELAYS_COLUMNS> {
  const delay = summarize(groups.map((group) => group.quantilesS[q]));
  const stage = (index: 0 | 1 | 2): number | null =>
    summarize(groups.map((group) => group.stagesS[q]?.[index] ?? null)).mean;
  return {
    object_class: groups[0].objectClass,
    as: groups[0].as,
    quantile: DELAY_QUANTILES[q],
    n: delay.n,
    projections_mean: summarize(groups.map((group) => group.projections)).mean,
    delay_s: delay.mean,
    delay_ci95_low_s: delay.ci95Low,
    delay_ci95_high_s: delay.ci95High,
    cache_delay_s: stage(0),
    sync_wait_s: stage(1),
    refresh_s: stage(2),
  };
}

/** `updates.csv`: a row per run and update. */
export function updatesTable(experiment: Experiment, scenarios: readonly ScenarioSummary[]): Table {
  const pipeline = scenarios.some(({ scenario }) => scenario.input.rotation?.pipeline);
  return {
    name: 'updates',
    columns: [...RUN_COLUMNS, ...UPDATES_COLUMNS, ...(pipeline ? [PIPELINE_COLUMN] : [])],
    rows: flatRows(allRuns(scenarios), ({ scenario, run }) => {
      const identity = cellsOf(RUN_COLUMNS, runCells(experiment, scenario, run));
      return mapRows(run.readTables().updates, (update) => [
        ...identity,
        ...cellsOf(UPDATES_COLUMNS, updateRow(update)),
        ...(pipeline ? [update.pipelineS ?? null] : []),
      ]);
    }),
  };
}

function updateRow(update: UpdateRecord): RowOf<typeof UPDATES_COLUMNS> {
  return {
    update: update.update,
    action: update.action,
    kind: update.kind,
    object: update.object,
    object_class: update.objectClass,
    version: update.version,
    sent_at_s: update.sentAtS,
    committed_at_s: update.committedAtS,
    acknowledged_at_s: update.acknowledgedAtS,
    due: update.due,
    reached: update.reached,
    replaced: update.replaced,
    never: update.neverSubPath + update.neverEnv + update.neverImmutable + update.neverDeleted,
    never_subpath: update.neverSubPath,
    never_env: update.neverEnv,
    never_immutable: update.neverImmutable,
    never_deleted: update.neverDeleted,
    gone: update.gone,
    pending: update.pending,
    reached_after_10s: update.reachedAfter10s,
    reached_after_30s: update.reachedAfter30s,
    reached_after_60s: update.reachedAfter60s,
    reached_after_90s: update.reachedAfter90s,
    time_to_50pct_s: update.timeTo50S,
    time_to_90pct_s: update.timeTo90S,
    time_to_99pct_s: update.timeTo99S,
    time_to_99_9pct_s: update.timeTo999S,
    time_to_100pct_s: update.timeTo100S,
    mixed_version_mean_s: update.mixedVersionMeanS,
    mixed_version_max_s: update.mixedVersionMaxS,
  };
}

/** `load.csv`: a row per run, API server and time bin. Scenarios may measure different columns: the union stands. */
export function loadTable(experiment: Experiment, scenarios: readonly ScenarioSummary[]): Table {
  const runs = allRuns(scenarios);
  const names = [...new Set(runs.flatMap(({ run }) => run.record.loadColumns))];
  return {
    name: 'load',
    columns: [...RUN_COLUMNS, ...LOAD_COLUMNS, ...names.map(loadColumn)],
    rows: flatRows(runs, ({ scenario, run }) =>
      loadRows(run, cellsOf(RUN_COLUMNS, runCells(experiment, scenario, run)), names),
    ),
  };
}

function* loadRows(run: CompletedRun, identity: readonly Cell[], names: readonly string[]): Generator<Cell[]> {
  const { columns, bins, binS, servers, values } = run.readTables().load;
  const places = names.map((name) => columns.indexOf(name));
  const binUs = Math.round(binS * 1e6);
  for (let row = 0; row < servers * bins; row++) {
    const bin = row % bins;
    const place = { server: (row - bin) / bins + 1, bin_start_s: seconds(bin * binUs) };
    const cells = places.map((column) => {
      const value = column < 0 ? NaN : values[row * columns.length + column];
      return Number.isNaN(value) ? null : value;
    });
    yield [...identity, ...cellsOf(LOAD_COLUMNS, place), ...cells];
  }
}

/** `samples.csv`: a row per sampled projection. */
export function samplesTable(scenarios: readonly ScenarioSummary[]): Table {
  return {
    name: 'samples',
    columns: SAMPLES_COLUMNS,
    rows: flatRows(allRuns(scenarios), ({ run }) => sampleRows(run)),
  };
}

/** @throws Error when the stages of a sample do not sum to its delay: a fault of the model that no file may hide */
function* sampleRows(run: CompletedRun): Generator<Cell[]> {
  const { samples } = run.readTables();
  if (samples === null) return;
  for (let i = 0; i < samples.update.length; i++) {
    const delayUs = samples.projectedAtUs[i] - samples.writtenAtUs[i];
    if (samples.cacheDelayUs[i] + samples.syncWaitUs[i] + samples.refreshUs[i] !== delayUs) {
      throw new Error(`run ${run.runId}, sample ${i + 1}: the stages do not sum to the delay of ${delayUs} µs`);
    }
    yield cellsOf(SAMPLES_COLUMNS, {
      run_id: run.runId,
      update: samples.update[i],
      object: samples.object[i],
      version: samples.version[i],
      node: samples.node[i],
      pod: samples.pod[i],
      as: samples.as[i],
      written_at_s: seconds(samples.writtenAtUs[i]),
      projected_at_s: seconds(samples.projectedAtUs[i]),
      delay_s: seconds(delayUs),
      cache_delay_s: seconds(samples.cacheDelayUs[i]),
      sync_wait_s: seconds(samples.syncWaitUs[i]),
      refresh_s: seconds(samples.refreshUs[i]),
    });
  }
}

/** `columns.csv`: a row per column of each file, its own included. */
function dictionaryTable(tables: readonly Table[]): Table {
  const described = [...tables, { name: 'columns', columns: DICTIONARY_COLUMNS }];
  return {
    name: 'columns',
    columns: DICTIONARY_COLUMNS,
    rows: described.flatMap((table) =>
      table.columns.map((column) => cellsOf(DICTIONARY_COLUMNS, { file: `${table.name}.csv`, ...column })),
    ),
  };
}

interface RunOfScenario {
  readonly scenario: Scenario;
  readonly run: CompletedRun;
}

function allRuns(scenarios: readonly ScenarioSummary[]): readonly RunOfScenario[] {
  return scenarios.flatMap(({ scenario, runs }) => runs.map((run) => ({ scenario, run })));
}

function runCells(experiment: Experiment, scenario: Scenario, run: CompletedRun): RowOf<typeof RUN_COLUMNS> {
  return {
    run_id: run.runId,
    experiment: experiment.name,
    scenario: scenario.name,
    replication: run.replication,
  };
}

function* mapRows<T>(items: Iterable<T>, toRow: (item: T) => readonly Cell[]): Generator<readonly Cell[]> {
  for (const item of items) yield toRow(item);
}

function* flatRows<T>(items: Iterable<T>, toRows: (item: T) => Iterable<readonly Cell[]>): Generator<readonly Cell[]> {
  for (const item of items) yield* toRows(item);
}
