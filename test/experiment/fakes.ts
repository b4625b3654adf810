import type { ModelInput } from '../../src/cluster/model/model-input.js';
import { METRICS, type RunMetrics, type RunRecord } from '../../src/cluster/model/run-record.js';
import type { Experiment } from '../../src/experiment/language/experiment.js';
import { parseSlo, type Slo } from '../../src/experiment/language/values/slo.js';
import type { CompletedRun } from '../../src/experiment/execution/runner.js';

/** An SLO of an experiment. */
export function sloOf(text: string): Slo {
  const slo = parseSlo(text);
  if (!slo.ok) throw new Error(slo.reason);
  return slo.value;
}

/** What the fake worker does with a scenario; it stands in the input's seed. */
export type Behaviour = 'compute' | 'slow' | 'throw' | 'throw once' | 'exit' | 'out of memory';

/** The worker that fakes runs. */
export const FAKE_WORKER = new URL('./fake-worker.js', import.meta.url);

/** An experiment with a scenario for each behaviour. Only what runners look at is filled. */
export function fakeExperiment(behaviours: readonly Behaviour[], replications = 1, hash = 'h1'): Experiment {
  return {
    name: 'fake',
    file: 'fake.yaml',
    replications,
    precision: null,
    seed: 'chance',
    factorPaths: [],
    scenarios: behaviours.map((behaviour, index) => ({
      index,
      name: `behaviour=${behaviour}`,
      factors: {},
      input: { seed: behaviour, apiServers: index } as ModelInput,
    })),
    spec: {} as Experiment['spec'],
    slos: [],
    inputs: [],
    hash,
    warnings: [],
  };
}

/** A record that tells which run it is of. */
export function fakeRecord(scenario: number, replication: number): RunRecord {
  const metrics: Record<string, number | null> = Object.fromEntries(METRICS.map((metric) => [metric, null]));
  return {
    metrics: {
      ...(metrics as RunMetrics),
      updates: scenario,
      due: replication,
      delay_p99_s: 100 + (scenario + 1) * ((replication * 7) % 11),
    },
    updates: [],
    delays: [],
    load: { columns: ['get'], bins: 1, binS: 10, servers: 1, values: Float64Array.of(scenario + replication / 8) },
    samples: null,
    rotations: { kubeletS: new Float64Array(0), pipelineS: null },
    bound: null,
    never: { subPath: 0, env: 0, immutable: 0, deleted: 0 },
    loadColumns: ['get'],
    sampled: false,
    storms: [],
    reads: null,
    requests: { binS: 60, counts: [60, 0, 240] },
    traffic: null,
    fingerprint: `s${scenario}r${replication}`,
    warnings: [],
    execution: { events: 10, draws: 20 },
  };
}

/** A run with its tables read, as plain data. */
export function wholeRun(run: CompletedRun): Omit<CompletedRun, 'record' | 'readTables'> & { record: RunRecord } {
  const { runId, scenario, replication, seed } = run;
  return { runId, scenario, replication, seed, record: { ...run.record, ...run.readTables() } };
}
