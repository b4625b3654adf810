import type { RotationTimes, RunMetrics, RunSummary } from '../cluster/model/run-record.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { writtenNumber } from './plain-number.js';

/**
 * An outcome with the numbers that its files hold: what is made of it is the same, to the last digit, as what is made of
 * the files when the finished experiment is asked again.
 */
export function writtenOutcome<Outcome extends Pick<RunOutcome, 'runs'>>(outcome: Outcome): Outcome {
  return { ...outcome, runs: outcome.runs.map((run) => ({ ...run, record: writtenRecord(run.record) })) };
}

function writtenRecord(record: RunSummary): RunSummary {
  const cells = Object.entries(record.metrics).map(([metric, value]) => [
    metric,
    value === null ? null : writtenNumber(value),
  ]);
  // The entries are those of the metrics, one by one.
  const metrics = Object.fromEntries(cells) as RunMetrics;
  return { ...record, metrics, rotations: writtenRotations(record.rotations) };
}

function writtenRotations({ kubeletS, pipelineS }: RotationTimes): RotationTimes {
  return { kubeletS: kubeletS.map(writtenNumber), pipelineS: pipelineS?.map(writtenNumber) ?? null };
}
