import { group, mean } from 'd3-array';
import type { ReadExperiment } from '../experiment/language/experiment.js';
import { formatSeconds } from '../experiment/execution/progress.js';
import type { CompletedRun, RunOutcome } from '../experiment/execution/runner.js';
import { transientOf } from '../experiment/statistics/warm-up.js';

/**
 * Warnings of scenarios whose reads are not steady at the start of the measured time: the warm-up was too short, or
 * nothing ever is steady. The reads are averaged over replications, as in Welch's procedure. A sentence for
 * each kind of scenario, with its runs.
 */
export function steadinessWarnings(
  experiment: ReadExperiment,
  outcome: Pick<RunOutcome, 'runs'>,
): readonly { readonly warning: string; readonly runs: readonly string[] }[] {
  const found = [...group(outcome.runs, ({ scenario }) => scenario).values()].flatMap((runs) => {
    const warning = warningOf(experiment, runs);
    return warning === null ? [] : [{ warning, runs: runs.map(({ runId }) => runId) }];
  });
  return [...group(found, ({ warning }) => warning)].map(([warning, same]) => ({
    warning,
    runs: same.flatMap(({ runs }) => runs),
  }));
}

function warningOf({ spec }: ReadExperiment, runs: readonly CompletedRun[]): string | null {
  const series = runs.flatMap(({ record }) => record.reads ?? []);
  if (series.length === 0 || series.length < runs.length) return null;
  const [{ binS, counts }] = series;
  const means = counts.map((_, bin) => mean(series, (each) => each.counts[bin]) ?? 0);
  const transient = transientOf(means, series.length);
  if (transient === null) return null;
  const { length, steadyTail } = transient;
  return steadyTail
    ? `the measured time is not steady in its first ${formatSeconds(length * binS)} (MSER-5 of the reads): the warmup of ${spec.warmup} is too short`
    : 'the measured time is not steady: reads go on changing into its second half (MSER-5); run longer, or with a longer warmup';
}
