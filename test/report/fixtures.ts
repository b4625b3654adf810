import { sum } from 'd3-array';
import type { Bound } from '../../src/cluster/model/bound.js';
import type { ModelInput } from '../../src/cluster/model/model-input.js';
import type { Strategy } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import {
  BETWEEN_QUANTILES,
  DELAY_QUANTILES,
  METRICS,
  type Metric,
  type RunMetrics,
  type RunRecord,
  type SampleTable,
  type UpdateRecord,
} from '../../src/cluster/model/run-record.js';
import type { Experiment, Scenario } from '../../src/experiment/language/experiment.js';
import { specSchema } from '../../src/experiment/language/schema.js';
import type { CompletedRun, RunOutcome } from '../../src/experiment/execution/runner.js';

export const STRATEGY = 'kubelet.configMapAndSecretChangeDetectionStrategy';

/** A scenario; the reports read nothing of the model's input but the strategy and the measured time. */
export function scenario(index: number, name: string, factors: Scenario['factors'], strategy: Strategy): Scenario {
  return { index, name, factors, input: { kubelet: { strategy }, durationUs: 150e6 } as unknown as ModelInput };
}

/** A scenario per strategy. */
export function strategies(...names: readonly Strategy[]): readonly Scenario[] {
  return names.map((name, index) => scenario(index, `strategy=${name}`, { [STRATEGY]: name }, name));
}

export function experiment(changes: Partial<Experiment> = {}): Experiment {
  const scenarios = changes.scenarios ?? [scenario(0, 'base', {}, 'Watch')];
  return {
    name: 'rotation',
    file: 'rotation.yaml',
    replications: 2,
    precision: null,
    seed: 'tea',
    factorPaths: Object.keys(scenarios[0].factors),
    scenarios,
    spec: specSchema.parse({ replications: 2, duration: '30m' }),
    slos: [],
    inputs: [],
    hash: 'ab'.repeat(32),
    warnings: [],
    ...changes,
  };
}

/** Every metric 0 but for those given. */
export function metrics(values: Partial<Record<Metric, number | null>>): RunMetrics {
  return { ...Object.fromEntries(METRICS.map((metric) => [metric, 0])), ...values } as RunMetrics;
}

export function update(changes: Partial<UpdateRecord> = {}): UpdateRecord {
  return {
    update: 1,
    action: 'update',
    kind: 'Secret',
    object: 'default/ca-bundle',
    objectClass: 'ca-bundle',
    version: 2,
    sentAtS: 60,
    committedAtS: 60.004321,
    acknowledgedAtS: 60.00512,
    due: 12,
    reached: 8,
    replaced: 0,
    neverSubPath: 1,
    neverEnv: 3,
    neverImmutable: 0,
    neverDeleted: 0,
    gone: 0,
    pending: 0,
    reachedAfter10s: 1,
    reachedAfter30s: 3,
    reachedAfter60s: 6,
    reachedAfter90s: 8,
    timeTo50S: 37.950123,
    timeTo90S: 68.8,
    timeTo99S: 83.3,
    timeTo999S: 88.1,
    timeTo100S: 89.999999,
    boundS: 91.3,
    mixedVersionMeanS: 70.5,
    mixedVersionMaxS: null,
    ...changes,
  };
}

/** The bound of all updates. */
export const BOUND: Bound = {
  seconds: 91.3,
  terms: [
    { name: 'longest sync interval', seconds: 90, source: 'syncFrequency × 1.5' },
    { name: 'the sync before, and the tick', seconds: 1.3, source: 'syncLoop' },
  ],
  assumes: ['no watch breaks'],
  reason: '',
};

/** Samples with the given stages in microseconds: [cache delay, sync wait, refresh]. */
export function samples(writtenAtUs: number, stages: readonly (readonly [number, number, number])[]): SampleTable {
  const count = stages.length;
  const delays = stages.map(([cache, wait, refresh]) => cache + wait + refresh);
  return {
    update: new Int32Array(count).fill(1),
    object: stages.map(() => 'default/ca-bundle'),
    version: new Int32Array(count).fill(2),
    node: stages.map((_, i) => `node-${i}`),
    pod: stages.map((_, i) => `default/web-${i}`),
    owner: stages.map(() => 'Deployment default/web'),
    as: stages.map(() => 'volume' as const),
    writtenAtUs: new Float64Array(count).fill(writtenAtUs),
    projectedAtUs: Float64Array.from(delays, (delay) => writtenAtUs + delay),
    cacheDelayUs: Float64Array.from(stages, (stage) => stage[0]),
    syncWaitUs: Float64Array.from(stages, (stage) => stage[1]),
    refreshUs: Float64Array.from(stages, (stage) => stage[2]),
  };
}

/** A run's record whose delays are shifted by `shift` seconds, so that replications differ. */
export function record(shift = 0, changes: Partial<RunRecord> = {}): RunRecord {
  const tables: Omit<
    RunRecord,
    'never' | 'loadColumns' | 'sampled' | 'storms' | 'reads' | 'requests' | 'traffic' | 'rotations'
  > = {
    metrics: metrics({
      updates: 1,
      due: 12,
      projections: 8,
      never_projected: 4,
      delay_mean_s: 38.05 + shift,
      delay_p50_s: 37.5 + shift,
      delay_p99_s: 83.3 + shift,
      delay_max_s: 90.1 + shift,
      cache_delay_mean_s: 0.05,
      sync_wait_mean_s: 37.9 + shift,
      refresh_mean_s: 0.1,
      last_pod_mean_s: 90.1 + shift,
      last_pod_max_s: 90.1 + shift,
      last_pod_bound_s: 91.3,
      watch_per_s: 333.25,
      watches_open_mean: 150_000,
      watches_open_max: 150_000,
      apiserver_cpu_cores: null,
      apiserver_memory_bytes: 7.5 * 1024 ** 3,
    }),
    updates: [update()],
    delays: [
      {
        objectClass: 'ca-bundle',
        as: 'volume',
        projections: 8,
        meanS: 38 + shift,
        quantilesS: DELAY_QUANTILES.map((p) => 90 * p + shift),
        betweenS: BETWEEN_QUANTILES.map((p) => 90 * p + shift),
        stagesS: DELAY_QUANTILES.map((p) => (p === 0.01 ? null : ([0.05, 90 * p + shift, 0.1] as const))),
      },
    ],
    load: {
      columns: ['get_secrets', 'requests_class_ca-bundle', 'watches_open_mean'],
      bins: 2,
      binS: 0.1,
      servers: 2,
      values: Float64Array.of(1, 1, 10.5, 2, 2, 11, 3, 3, 12, 4, 4, 13),
    },
    samples: null,
    bound: BOUND,
    fingerprint: '0123456789abcdef',
    warnings: [],
    execution: { events: 1000, draws: 500 },
    ...changes,
  };
  const { last_pod_max_s: last, updates } = tables.metrics;
  const count = (reason: (row: UpdateRecord) => number): number => sum(tables.updates, reason);
  return {
    never: {
      subPath: count((row) => row.neverSubPath),
      env: count((row) => row.neverEnv),
      immutable: count((row) => row.neverImmutable),
      deleted: count((row) => row.neverDeleted),
    },
    loadColumns: tables.load.columns,
    sampled: tables.samples !== null,
    storms: [],
    reads: null,
    requests: { binS: 60, counts: [60, 0, 240] },
    traffic: null,
    ...tables,
    rotations: changes.rotations ?? {
      kubeletS: Float64Array.from(updates === 0 ? [] : [last ?? Infinity]),
      pipelineS: null,
    },
  };
}

/** A completed run; the record by default that of its replication. */
export function run(scenarioIndex: number, replication: number, runRecord = record(replication - 1)): CompletedRun {
  const pad = (n: number): string => String(n).padStart(3, '0');
  return {
    runId: `s${pad(scenarioIndex + 1)}-r${pad(replication)}`,
    scenario: scenarioIndex,
    replication,
    seed: 'tea',
    record: runRecord,
    readTables: () => runRecord,
  };
}

export function outcome(runs: readonly CompletedRun[], changes: Partial<RunOutcome> = {}): RunOutcome {
  return { runs, failed: [], precision: null, complete: true, execution: { workers: 2 }, ...changes } as RunOutcome;
}
