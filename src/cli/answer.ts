import type { Experiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { answerCsv, answerJson } from '../report/answer-data.js';
import { judgeSlos } from '../report/slos.js';
import { writtenOutcome } from '../report/written-outcome.js';
import { answerTable } from '../report/terminal.js';
import { EXIT } from './exit-codes.js';
import type { OutputFormat } from './options.js';
import { print, printStyled } from './print.js';

/** Width of the answer where standard output is no terminal: wide enough for every interval. */
const WIDTH = 160;

/** A result: what its runs gave, and its files. */
interface Answered {
  readonly status: 'done' | 'already complete';
  readonly outcome: RunOutcome;
  readonly files: readonly string[];
}

/**
 * Prints what a result says, with the numbers that its files hold.
 * @returns the exit code that belongs to it
 */
export function printAnswer(
  experiment: Experiment,
  { status, outcome: computed, files }: Answered,
  { output, excel }: { readonly output: OutputFormat; readonly excel?: boolean | undefined },
): number {
  const outcome = writtenOutcome(computed);
  printIn(output, experiment, outcome, { files, excel: excel === true, drawn: status === 'done' });
  if (outcome.failed.length > 0) return EXIT.failed;
  return judgeSlos(experiment, outcome).every(({ passed }) => passed) ? EXIT.done : EXIT.sloMissed;
}

function printIn(
  output: OutputFormat,
  experiment: Experiment,
  outcome: RunOutcome,
  { files, excel, drawn }: { readonly files: readonly string[]; readonly excel: boolean; readonly drawn: boolean },
): void {
  switch (output) {
    case 'json':
      print(answerJson(experiment, outcome));
      return;
    case 'csv':
      print(answerCsv(experiment, outcome, excel));
      return;
    case 'table': {
      const { isTTY, columns } = process.stdout;
      // What curves are made of is not kept in the files.
      const curves = drawn && isTTY && drawsBlocks(process.env);
      const layout = { width: columns || WIDTH, curves, files };
      printStyled(
        (colour) => answerTable(experiment, outcome, { ...layout, colour }),
        isTTY && process.stdout.hasColors(),
      );
    }
  }
}

/** Whether a terminal can be expected to show block elements: its locale, where it has one, is of UTF-8. */
function drawsBlocks({ TERM, LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8';
  return TERM !== 'dumb' && TERM !== 'linux' && /utf-?8/i.test(locale);
}
