import type { TopologyFile } from '../cluster/model/topology-file.js';
import type { LoadTable, Metric, RunMetrics } from '../cluster/model/run-record.js';
import { nodesOf, simulateWaves } from '../cluster/run/simulate.js';
import type { NodeSource } from '../cluster/population/node-source.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import { clusterSize, type ClusterSize } from '../experiment/language/cluster-size.js';
import { type BuiltExperiment, readExperiment } from '../experiment/language/experiment.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { metricsOf } from '../experiment/language/values/metrics.js';
import { runIdOf, seedOf } from '../experiment/execution/jobs.js';
import { parseSource } from '../experiment/language/source.js';
import { summarize, type Summary } from '../experiment/statistics/statistics.js';
import { estimateRunSeconds } from '../experiment/language/time-estimate.js';
import { type AnsweredScenario, answerSentences, missedConsumers } from '../report/answer-sentences.js';
import { boundLines } from '../report/bound-lines.js';
import { delayBands, type DelayBand } from './delay-bands.js';
import { TOPOLOGY_FILE } from './dumped-cluster.js';
import { type WaveData, waveDataOf } from './wave-data.js';

/** What is computed: an experiment, and the cluster where that is a dumped one. */
export interface Question {
  /** The experiment as YAML, just as it can be copied. */
  readonly text: string;
  readonly topology: TopologyFile | null;
}

/** What the page shows of a run. Plain data: it comes from a worker. */
export interface Answer {
  readonly runId: string;
  readonly seed: string;
  readonly fingerprint: string;
  readonly metrics: RunMetrics;
  /** The columns of runs.csv, in its order. */
  readonly metricNames: readonly Metric[];
  readonly size: ClusterSize;
  readonly sentences: readonly string[];
  /** What the bound is made of, in words. */
  readonly boundLines: readonly string[];
  readonly warnings: readonly string[];
  readonly bands: readonly DelayBand[];
  readonly load: LoadTable;
  readonly wave: WaveData | null;
}

/** The name of the experiment in messages. */
const SOURCE = 'playground.yaml';
/** Delays that are taken for the picture; the metrics are of all. */
const SAMPLES = 12_000;

/** An experiment that was read, ready to run. */
export type ReadQuestion = BuiltExperiment['experiment'];

/** Reads an experiment as `secretsim run` reads it. Throws an InputError with every problem found. */
export async function readQuestion({ text, topology }: Question): Promise<ReadQuestion> {
  const { experiment } = await readExperiment(
    [SOURCE],
    { samples: SAMPLES },
    {
      readSource: () => Promise.resolve(parseSource(text, SOURCE)),
      topologies: {
        locate: (name) => name,
        read: (_, place) => {
          if (topology !== null) return Promise.resolve({ file: topology, sha256: '' });
          throw new InputError([`${place}: no cluster was dropped on the page (${TOPOLOGY_FILE})`]);
        },
      },
    },
  );
  return experiment;
}

/** Roughly how many seconds the answer takes. */
export function secondsFor({ scenarios }: ReadQuestion): number {
  return estimateRunSeconds(scenarios[0].input);
}

/** Keeps the cluster that was built last: many knobs leave it as it is. */
export class ClusterKeeper {
  private key = '';
  private nodes: NodeSource | null = null;

  /** The cluster of an input. */
  of(input: ModelInput): NodeSource {
    const { cluster, seed, timeline, durationUs } = input;
    const key = cluster.type === 'imported' ? '' : JSON.stringify([cluster, seed, timeline, durationUs]);
    if (this.nodes !== null && key !== '' && key === this.key) return this.nodes;
    this.nodes = null; // Two large clusters need not be in memory at once.
    this.nodes = nodesOf(input);
    this.key = key;
    return this.nodes;
  }
}

/** Runs the first replication of the first scenario: the run that `secretsim run` calls s001-r001. */
export function answer(experiment: ReadQuestion, clusters = new ClusterKeeper()): Answer {
  const [scenario] = experiment.scenarios;
  const { record, waves } = simulateWaves(scenario.input, 1, { nodes: clusters.of(scenario.input) });
  const metricNames = metricsOf(experiment.spec);
  const summaries = metricNames.map((name) => [name, summarize([record.metrics[name]])] as const);
  const answered: AnsweredScenario = {
    scenario,
    runs: [{ record }],
    metrics: Object.fromEntries(summaries) as Record<Metric, Summary>,
  };
  return {
    runId: runIdOf(0, 1),
    seed: seedOf(experiment, 1),
    fingerprint: record.fingerprint,
    metrics: record.metrics,
    metricNames,
    size: clusterSize(scenario.input.cluster),
    sentences: answerSentences(experiment, [answered]),
    boundLines: boundLines(experiment, [answered]),
    warnings: [...missedConsumers(experiment, [answered]), ...experiment.warnings, ...record.warnings],
    bands: record.samples === null ? [] : delayBands(record.samples),
    load: record.load,
    wave: waveDataOf(waves),
  };
}
