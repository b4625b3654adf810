import type { Experiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { didYouMean } from '../experiment/language/values/nearest-name.js';
import { refuseExisting, writeTogether } from '../report/output-files.js';
import { junitSummary } from '../report/summary/junit.js';
import { markdownSummary } from '../report/summary/markdown.js';
import { writtenOutcome } from '../report/written-outcome.js';
import { repeatableOption, UsageError } from './options.js';
import { say } from './print.js';

const WRITERS = { junit: junitSummary, markdown: markdownSummary };
type Format = keyof typeof WRITERS;
const FORMATS = Object.keys(WRITERS) as readonly Format[];

/** `--summary` of commands that judge SLOs. */
export const SUMMARY_OPTION = {
  summary: repeatableOption(
    'Writes the verdicts of the SLOs for a CI server, too: junit=FILE or markdown=FILE; repeatable',
    { values: FORMATS.map((format) => `${format}=`) },
  ),
};

interface Summary {
  readonly format: Format;
  readonly path: string;
}

/** Writes the summaries that were asked for. */
export type WriteSummaries = (experiment: Experiment, outcome: RunOutcome) => Promise<void>;

/**
 * Makes sure that the summaries asked for can be written, before anything is run. Files that are there are replaced: a
 * CI server hands over an empty one.
 * @throws UsageError for what is no FORMAT=FILE
 * @throws InputError or OutputError where a file cannot be written
 */
export async function summaryWriter(texts: readonly string[] = []): Promise<WriteSummaries> {
  const summaries = texts.map(parseSummary);
  const paths = summaries.map(({ path }) => path);
  if (new Set(paths).size < paths.length) throw new UsageError('--summary: two summaries cannot be one file');
  await refuseExisting(paths, true);
  return async (experiment, computed) => {
    if (summaries.length > 0 && experiment.slos.length === 0)
      say('--summary: the experiment has no SLOs (spec.slos), so that there are no verdicts');
    const outcome = writtenOutcome(computed);
    await writeTogether(
      summaries.map(({ format, path }) => ({ path, bytes: Buffer.from(WRITERS[format](experiment, outcome)) })),
    );
  };
}

function parseSummary(text: string): Summary {
  const [name, path] = cut(text);
  const format = FORMATS.find((known) => known === name);
  if (format !== undefined && path !== '') return { format, path };
  const hint = format === undefined ? didYouMean(name, FORMATS) : '';
  throw new UsageError(`--summary: expected ${FORMATS.map((known) => `${known}=FILE`).join(' or ')}${hint}`);
}

/** Before and behind the first `=`. */
function cut(text: string): readonly [name: string, rest: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
