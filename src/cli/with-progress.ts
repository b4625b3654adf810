import { ProgressLine } from '../experiment/execution/progress.js';
import type { RunOptions } from '../experiment/execution/runner.js';
import { untilSignal } from './signals.js';

/** What the user says of the execution, whatever is computed. */
interface ExecutionArguments {
  readonly workers: number | undefined;
  readonly quiet: boolean | undefined;
}

/** What work that is shown and can be stopped is told. */
export type WatchedOptions = Pick<RunOptions, 'workers'> & Required<Pick<RunOptions, 'signal' | 'onProgress'>>;

/** Computes with progress on standard error; the first signal stops in good order, a second one at once. */
export async function withProgress<T>(
  name: string,
  { workers, quiet }: ExecutionArguments,
  compute: (options: WatchedOptions) => Promise<T>,
): Promise<T> {
  const progress = quiet === true ? null : new ProgressLine(name, process.stderr);
  try {
    return await untilSignal((signal) =>
      compute({ ...(workers !== undefined && { workers }), signal, onProgress: (state) => progress?.update(state) }),
    );
  } finally {
    progress?.stop();
  }
}
