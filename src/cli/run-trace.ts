import type { Experiment } from '../experiment/language/experiment.js';
import { runIdOf } from '../experiment/execution/jobs.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import type { NodeFilter } from '../report/trace/node-choice.js';
import type { PreparedTrace } from '../report/trace/write-trace.js';
import { UsageError } from './options.js';
import { say } from './print.js';

const NODES = 50;

/** The arguments of `run` that a trace depends on. */
export interface TraceArguments {
  readonly trace: string | undefined;
  readonly 'trace-nodes': NodeFilter | undefined;
  readonly only: string | undefined;
  readonly force: boolean | undefined;
  readonly quiet: boolean | undefined;
}

/** Writes the trace of a run, where it is asked for. */
export type WriteTrace = (outcome: RunOutcome) => Promise<void>;

/**
 * Makes sure that the trace asked for can be made, before anything is run.
 * @throws UsageError or InputError where it cannot
 */
export async function traceWriter(experiment: Experiment, args: TraceArguments): Promise<WriteTrace> {
  const { trace: file, 'trace-nodes': nodes = NODES, only: runId = runIdOf(0, 1), force, quiet } = args;
  if (file === undefined) {
    if (args['trace-nodes'] !== undefined)
      throw new UsageError('--trace-nodes is about a trace: give --trace FILE, too');
    return () => Promise.resolve();
  }
  const { prepareTrace } = await import('../report/trace/write-trace.js');
  const trace = await prepareTrace(experiment, { file, runId, nodes, force: force === true });
  return async (outcome) => {
    const run = outcome.runs.find((each) => each.runId === runId);
    if (run === undefined) {
      say(`${file} is not written: ${runId} has no result`);
      return;
    }
    if (quiet !== true) say(`replaying ${runId} for its trace`);
    await writeTrace(trace, file, run.record.fingerprint);
  };
}

async function writeTrace(trace: PreparedTrace, file: string, fingerprint: string): Promise<void> {
  const { events, nodes, leftOut } = await trace.write(fingerprint);
  const count = events.length.toLocaleString('en-US');
  say(`trace: ${file}, ${count} events of ${nodes} nodes; opens in ui.perfetto.dev or chrome://tracing`);
  if (leftOut.length > 0) say(`left out of the trace: ${leftOut.join('; ')} (--trace-nodes chooses others)`);
}
