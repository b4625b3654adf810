import type { Experiment } from '../../experiment/language/experiment.js';
import type { RunOutcome } from '../../experiment/execution/runner.js';
import { visible } from '../../experiment/language/values/visible.js';
import { TOOL } from '../../tool.js';
import { answerSentences, missedConsumers, warningLines } from '../answer-sentences.js';
import { grouped } from '../compact-numbers.js';
import { rotationLines } from '../rotation-lines.js';
import { summarizeScenarios } from '../scenario-summary.js';
import { serverSentences } from '../server-sentences.js';
import { judgedText, verdictWord } from '../slo-lines.js';
import { judgeSlos, type SloVerdict } from '../slos.js';

/** Rows of the table of verdicts, the missed ones first: a page that shows a summary takes 1 MiB. */
const ROWS_MAX = 200;

/** The answer and the verdicts as a page of GitHub-flavoured Markdown, for the summary of a CI job or a comment. */
export function markdownSummary(experiment: Experiment, outcome: RunOutcome): string {
  const scenarios = summarizeScenarios(experiment, outcome);
  const verdicts = judgeSlos(experiment, outcome);
  const answer = [
    ...answerSentences(experiment, scenarios),
    ...rotationLines(experiment, scenarios),
    ...serverSentences(experiment, scenarios).map(({ text }) => text),
    ...missedConsumers(experiment, scenarios),
  ];
  const blocks = [
    [`## ${escaped(experiment.name)}: ${headline(verdicts, outcome)}`],
    bullets(answer),
    verdictTable(verdicts),
    withTitle('Warnings', warningLines(experiment, outcome)),
    [`${TOOL.name} ${TOOL.version}, seed ${escaped(experiment.seed)}: the same seed gives the same numbers.`],
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${text.join('\n\n')}\n`;
}

function headline(verdicts: readonly SloVerdict[], { failed }: RunOutcome): string {
  const missed = verdicts.filter(({ passed }) => !passed).length;
  const words = [
    ...(failed.length > 0 ? [`${grouped(failed.length)} ${failed.length === 1 ? 'run' : 'runs'} failed`] : []),
    ...(missed > 0 ? [`${grouped(missed)} of ${grouped(verdicts.length)} SLOs missed`] : []),
  ];
  if (words.length > 0) return words.join(', ');
  return verdicts.length === 0 ? 'done, without SLOs' : 'every SLO met';
}

function verdictTable(verdicts: readonly SloVerdict[]): readonly string[] {
  if (verdicts.length === 0) return [];
  const ordered = verdicts.toSorted((a, b) => Number(a.passed) - Number(b.passed));
  const rows = ordered
    .slice(0, ROWS_MAX)
    .map((verdict) => [verdictWord(verdict), verdict.slo.text, verdict.scenario, judgedText(verdict.slo, verdict)]);
  const left = ordered.length - rows.length;
  return [
    '| verdict | SLO | scenario | judged by |',
    '| --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.map(escaped).join(' | ')} |`),
    ...(left > 0
      ? ['', `${grouped(left)} more are left out${ordered[ROWS_MAX].passed ? ', all of them passed' : ''}.`]
      : []),
  ];
}

function withTitle(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...bullets(lines)];
}

function bullets(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `- ${escaped(line)}`);
}

/** Of a text of one line: what would be taken for HTML, or for the name of a user, who would be told. */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '@': '&#64;' };

/** Text as it is to be read: nothing of it is taken for Markdown. */
function escaped(text: string): string {
  return visible(text).replaceAll(/[\\`*_[\]|~#&<@]/g, (character) => ENTITIES[character] ?? `\\${character}`);
}
