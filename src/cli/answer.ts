import type { Experiment } from '../experiment/experiment.js';
import type { RunOutcome } from '../experiment/runner.js';
import { answerCsv, answerJson } from '../report/answer-data.js';
import { judgeSlos } from '../report/slos.js';
import { answerTable } from '../report/terminal.js';
import { EXIT } from './exit-codes.js';
import type { OutputFormat } from './options.js';

/** Width of the answer where standard output is no terminal: wide enough for every interval. */
const WIDTH = 160;

/** What a result says, as standard output gets it. */
export function formatAnswer(
  experiment: Experiment,
  { outcome, files }: { readonly outcome: RunOutcome; readonly files: readonly string[] },
  { output, excel }: { readonly output: OutputFormat; readonly excel?: boolean | undefined },
): string {
  switch (output) {
    case 'json':
      return answerJson(experiment, outcome);
    case 'csv':
      return answerCsv(experiment, outcome, excel === true);
    case 'table': {
      const { isTTY, columns } = process.stdout;
      const colour = isTTY && process.stdout.hasColors();
      return answerTable(experiment, outcome, { width: columns || WIDTH, colour, files });
    }
  }
}

/** The exit code that belongs to a result of all scenarios. */
export function exitCodeOf(experiment: Experiment, outcome: RunOutcome): number {
  if (outcome.failed.length > 0) return EXIT.failed;
  return judgeSlos(experiment, outcome).every(({ passed }) => passed) ? EXIT.done : EXIT.sloMissed;
}
