import { EXIT } from './exit-codes.js';
import { say } from './print.js';

/**
 * What is under way after a signal gets this long to end in good order. Nothing is lost then: finished runs are kept, and
 * files appear whole or not at all.
 */
const GRACE_MS = 1_500;

/**
 * Does work that the first SIGINT or SIGTERM stops in good order. A second one ends the program at once, and so does the
 * first where the order takes too long: a disk that does not answer must not keep a program that was told to end.
 */
export async function untilSignal<T>(work: (signal: AbortSignal) => Promise<T>, graceMs = GRACE_MS): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    timer = setTimeout(() => {
      say('interrupted; what was under way did not end in time');
      process.exit(EXIT.interrupted);
    }, graceMs).unref();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
