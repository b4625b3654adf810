import type { Metric } from '../cluster/model/run-record.js';
import { runIdOf, seedOf } from '../experiment/execution/jobs.js';
import type { CompletedRun } from '../experiment/execution/runner.js';
import { clusterSize, type ClusterSize } from '../experiment/language/cluster-size.js';
import type { ReadExperiment } from '../experiment/language/experiment.js';
import { metricsOf } from '../experiment/language/values/metrics.js';
import { scenarioLabel } from '../report/answer-sentences.js';
import { boundLines } from '../report/bound-lines.js';
import { collectWarnings } from '../report/collect-warnings.js';
import type { DrawnData } from '../report/html/scenes.js';
import type { ResultRow } from '../report/read/result-row.js';
import { resultTables } from '../report/result-tables.js';
import { type ScenarioSummary, summarizeScenarios } from '../report/scenario-summary.js';
import { writtenOutcome } from '../report/written-outcome.js';
import { comparisonFile } from './comparison.js';
import type { FinishedRun } from './finished-run.js';
import { cellTables, fileOf, type PlaygroundFile, rowsOf } from './table-rows.js';
import { waveData, type WaveData } from './wave-data.js';

/** What the page shows of a question. Plain data: it comes from a worker. */
export interface Answer {
  /** What pictures are drawn from. */
  readonly data: DrawnData;
  readonly load: readonly ResultRow[];
  readonly restarts: readonly ResultRow[];
  readonly waves: readonly WaveData[];
  /** What the bounds are made of, in words. */
  readonly boundLines: readonly string[];
  readonly warnings: readonly string[];
  /** The metrics that there are, in the order of runs.csv. */
  readonly metricNames: readonly Metric[];
  readonly runs: readonly { readonly runId: string; readonly fingerprint: string }[];
  /** Runs that the question asks for: with fewer the answer is not the last. */
  readonly runsWanted: number;
  /** Of the last scenario's cluster. */
  readonly size: ClusterSize;
  /** The result files, as `run` writes them; none as long as runs are missing. */
  readonly files: readonly PlaygroundFile[];
}

/** The answer from some runs of a question, or all of them, in whatever order they came. */
export function answerOf(experiment: ReadExperiment, finished: readonly FinishedRun[]): Answer {
  const runs = finished.map((run) => completedOf(experiment, run));
  const tables = cellTables(resultTables(experiment, summarizeScenarios(experiment, { runs })));
  // What is shown is what the files say, to the last digit.
  const scenarios = summarizeScenarios(experiment, writtenOutcome({ runs }));
  const rows = (name: string): readonly ResultRow[] => {
    const table = tables.find((each) => each.name === name);
    return table === undefined ? [] : rowsOf(table);
  };
  const runsWanted = experiment.scenarios.length * experiment.replications;
  const [{ scenario: last }] = scenarios.slice(-1);
  return {
    data: {
      manifest: { factors: experiment.factorPaths, spec: experiment.spec },
      scenarios: scenarios.map(drawnScenario),
      delays: rows('delays'),
      groups: rows('groups'),
      rotation: rows('rotation'),
    },
    load: rows('load'),
    restarts: rows('restarts'),
    waves: waveData(
      finished,
      scenarios.map((summary) => scenarioLabel(experiment, summary)),
    ),
    boundLines: boundLines(experiment, scenarios),
    warnings: collectWarnings(experiment, { runs }).map(({ warning }) => warning),
    metricNames: metricsOf(experiment.spec),
    runs: scenarios.flatMap((summary) =>
      summary.runs.map(({ runId, record: { fingerprint } }) => ({ runId, fingerprint })),
    ),
    runsWanted,
    size: clusterSize(last.input.cluster),
    files: runs.length < runsWanted ? [] : [...tables.map(fileOf), ...comparisonFile(experiment, scenarios)],
  };
}

function completedOf(experiment: ReadExperiment, { scenario, replication, record }: FinishedRun): CompletedRun {
  return {
    runId: runIdOf(scenario, replication),
    scenario,
    replication,
    seed: seedOf(experiment, replication),
    record,
    readTables: () => record,
  };
}

/** What pictures need to know of a scenario: no more goes to the page. */
function drawnScenario({ scenario, runs, metrics }: ScenarioSummary): DrawnData['scenarios'][number] {
  const { index, name, factors, input } = scenario;
  return {
    index,
    scenario: { name, factors, input: { kubelet: { strategy: input.kubelet.strategy } } },
    runs: runs.map(({ runId, replication, record }) => ({
      runId,
      replication,
      record: { metrics: record.metrics, never: record.never, rotations: record.rotations, bound: record.bound },
    })),
    metrics,
  };
}
