import type { Experiment } from '../experiment/language/experiment.js';
import { runIdOf } from '../experiment/execution/jobs.js';
import { runExperiment, type RunOptions } from '../experiment/execution/runner.js';
import { Candidate } from './candidate.js';

/** How a search computes its runs. */
export interface MeasureOptions extends Pick<RunOptions, 'workers' | 'signal'> {
  /** `done`: runs computed so far; `planned`: and those that are known to come. */
  readonly onProgress?: (done: number, planned: number) => void;
}

/** The user stopped the search: there is no answer. */
export class SearchInterrupted extends Error {
  override readonly name = 'SearchInterrupted';
}

/** Computes replications of an experiment's scenarios as a search asks for them. */
export class Measurer {
  /** Runs computed so far. */
  runs = 0;

  constructor(private readonly options: MeasureOptions) {}

  /**
   * Brings candidates, which are scenarios of the experiment, to a number of replications each.
   * @throws SearchInterrupted when the signal came
   * @throws Error when a run fails, with its message
   */
  async measure(experiment: Experiment, candidates: readonly Candidate[], replications: number): Promise<void> {
    const { onProgress, ...options } = this.options;
    const wanted = candidates.flatMap(({ index, runs }) =>
      Array.from({ length: Math.max(0, replications - runs.length) }, (_, i) => runIdOf(index, runs.length + i + 1)),
    );
    if (wanted.length === 0) return;
    const before = this.runs;
    const outcome = await runExperiment(experiment, {
      ...options,
      among: new Set(wanted),
      onProgress: ({ done }) => onProgress?.(before + done, before + wanted.length),
    });
    if (outcome.interrupted) throw new SearchInterrupted('interrupted');
    if (outcome.failed.length > 0)
      throw new Error(`run ${outcome.failed[0].runId} failed: ${outcome.failed[0].message}`);
    const byIndex = new Map(candidates.map((candidate) => [candidate.index, candidate]));
    for (const { scenario, record } of outcome.runs) {
      const { metrics, rotations, bound } = record;
      byIndex.get(scenario)?.runs.push(metrics);
      byIndex.get(scenario)?.rotated.push({ record: { rotations, bound } });
    }
    this.runs += wanted.length;
  }
}
