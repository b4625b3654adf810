import { extent } from 'd3-array';
import { basename, dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Experiment } from '../experiment/language/experiment.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import type { Summary } from '../experiment/statistics/statistics.js';
import { visible } from '../experiment/language/values/visible.js';
import type { Metric } from '../cluster/model/run-record.js';
import { answerSentences, FEW_SCENARIOS, missedConsumers, scenarioLabel } from './answer-sentences.js';
import { DELAY, knownLines, LOAD, type Line, operatorCosts, pressure, STAGES } from './answer-lines.js';
import { boundLines } from './bound-lines.js';
import { compact, compactMean } from './compact-numbers.js';
import { curveLines } from './curve-lines.js';
import { differencesOf } from './difference-lines.js';
import { effectLines } from './effect-lines.js';
import { exceedanceRows } from './exceedance-lines.js';
import { type Paint, paintWith } from './paint.js';
import { plainTable } from './plain-table.js';
import { precisionLines } from './precision-lines.js';
import { rotationLines } from './rotation-lines.js';
import { summarizeScenarios, type ScenarioSummary } from './scenario-summary.js';
import { serverSentences } from './server-sentences.js';
import { judgedText, verdictWord } from './slo-lines.js';
import { judgeSlos, type SloVerdict } from './slos.js';

/** How the answer is laid out. */
export interface AnswerOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** ANSI colours. */
  readonly colour: boolean;
  /** Sparklines of the delays and requests, where the terminal is wide enough and there are few scenarios. */
  readonly curves?: boolean;
  /** The result files written, to say where they are. */
  readonly files?: readonly string[];
}

/**
 * The answer for a person: when the pods have the new keys, through which stages, at what load; who never
 * gets them; whether the SLOs are met; where the files are. Ends with a line feed.
 */
export function answerTable(experiment: Experiment, outcome: RunOutcome, options: AnswerOptions): string {
  const paint = paintWith(options.colour);
  const scenarios = summarizeScenarios(experiment, outcome);
  const blocks = [
    answerSentences(experiment, scenarios).map((sentence) => paint('bold', sentence)),
    rotationLines(experiment, scenarios).map((sentence) => paint('bold', sentence)),
    boundLines(experiment, scenarios).map((line) => paint('dim', line)),
    serverSentences(experiment, scenarios).map(({ text, exceeded }) => paint(exceeded ? 'yellow' : 'bold', text)),
    metricBlock(experiment, scenarios, options.width, paint),
    differenceBlock(experiment, scenarios, paint),
    options.curves === true ? curveLines(experiment, scenarios, options.width, paint) : [],
    exceedanceBlock(experiment, scenarios, paint),
    effectLines(experiment, scenarios),
    precisionLines(experiment, outcome),
    missedConsumers(experiment, scenarios).map((finding) => paint('yellow', finding)),
    sloBlock(experiment, judgeSlos(experiment, outcome), scenarios, paint),
    filesBlock(options.files ?? []),
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${text.join('\n\n')}\n`;
}

/** Few scenarios stand side by side, one a column; more, or wider ones, one a row. */
function metricBlock(
  experiment: Experiment,
  scenarios: readonly ScenarioSummary[],
  width: number,
  paint: Paint,
): readonly string[] {
  const layouts = [scenariosAsRows(experiment, scenarios, compactMean, paint)];
  if (scenarios.length <= FEW_SCENARIOS) layouts.unshift(scenariosAsColumns(experiment, scenarios, paint));
  const fits = (lines: readonly string[]): boolean =>
    lines.every((line) => stripVTControlCharacters(line).length <= width);
  const layout = layouts.find(fits);
  // Better without intervals, which are in summary.csv, than with broken lines.
  if (layout === undefined) return scenariosAsRows(experiment, scenarios, ({ mean }) => compact(mean), paint);
  const [fewest = 0, most = 0] = extent(scenarios, ({ runs }) => runs.length);
  const note = `± half of the 95 % interval over ${fewest === most ? most : `${fewest} to ${most}`} replications`;
  return most > 1 ? [...layout, '', paint('dim', note)] : layout;
}

function scenariosAsColumns(
  experiment: Experiment,
  scenarios: readonly ScenarioSummary[],
  paint: Paint,
): readonly string[] {
  const rows = [['', ...scenarios.map((summary) => paint('bold', scenarioLabel(experiment, summary)))]];
  for (const section of [DELAY, STAGES, LOAD, ...pressure(scenarios), ...operatorCosts(scenarios)]) {
    rows.push([paint('dim', section.title), ...scenarios.map(() => '')]);
    for (const line of knownLines(section, scenarios)) {
      rows.push([`  ${line.label}`, ...scenarios.map((summary) => cell(summary, line, compactMean))]);
    }
  }
  return columns(rows);
}

function scenariosAsRows(
  experiment: Experiment,
  scenarios: readonly ScenarioSummary[],
  format: (summary: Summary) => string,
  paint: Paint,
): readonly string[] {
  const tableOf = (title: string, lines: readonly Line<Metric>[]): readonly string[] => [
    paint('dim', title),
    ...columns([
      ['scenario', ...lines.map(({ label }) => label)].map((label) => paint('bold', label)),
      ...scenarios.map((summary) => [
        scenarioLabel(experiment, summary),
        ...lines.map((line) => cell(summary, line, format)),
      ]),
    ]),
  ];
  const delays = [...knownLines(DELAY, scenarios), ...knownLines(STAGES, scenarios)];
  const measured = delays.some(({ metric }) => scenarios.some(({ metrics }) => metrics[metric].n > 0));
  return [
    ...(measured ? [...tableOf('delay from commit to new files and its mean stages, s', delays), ''] : []),
    ...tableOf(LOAD.title, knownLines(LOAD, scenarios)),
    ...[...pressure(scenarios), ...operatorCosts(scenarios)].flatMap(({ title, lines }) => [
      '',
      ...tableOf(title, lines),
    ]),
  ];
}

/** A metric of a scenario; with the number of replications where some have no value. */
function cell({ metrics, runs }: ScenarioSummary, line: Line<Metric>, format: (summary: Summary) => string): string {
  const { metric, scale = 1 } = line;
  const { n, mean, ci95High, ...rest } = metrics[metric];
  const divide = (value: number | null): number | null => (value === null ? null : value / scale);
  const text = format({ ...rest, n, mean: divide(mean), ci95High: divide(ci95High) });
  return n === 0 || n === runs.length ? text : `${text} (${n} of ${runs.length})`;
}

/** What the scenarios change against the baseline, where the experiment names one. */
function differenceBlock(
  experiment: Experiment,
  scenarios: readonly ScenarioSummary[],
  paint: Paint,
): readonly string[] {
  const differences = differencesOf(experiment, scenarios);
  if (differences === null) return [];
  const { title, heading, rows } = differences;
  if (rows.length === 0) return [`${title}: none.`];
  return [paint('dim', title), ...columns([heading.map((label) => paint('bold', label)), ...rows])];
}

function exceedanceBlock(
  experiment: Experiment,
  scenarios: readonly ScenarioSummary[],
  paint: Paint,
): readonly string[] {
  const [heading, ...rows] = exceedanceRows(experiment, scenarios);
  return rows.length === 0 ? [] : columns([heading.map((label) => paint('bold', label)), ...rows]);
}

/** A line per verdict; where there are many, per SLO with the scenarios that miss it. */
function sloBlock(
  experiment: Experiment,
  verdicts: readonly SloVerdict[],
  scenarios: readonly ScenarioSummary[],
  paint: Paint,
): readonly string[] {
  const labels = new Map(scenarios.map((summary) => [summary.scenario.name, scenarioLabel(experiment, summary)]));
  const shown = scenarios.length <= FEW_SCENARIOS ? verdicts : verdicts.filter((v) => !v.passed || v.uncertain);
  const counts = scenarios.length <= FEW_SCENARIOS ? [] : experiment.slos.map((slo) => passedCount(slo.text, verdicts));
  if (shown.length === 0) return counts;
  const rows = shown.map((verdict) => [
    `SLO ${verdict.slo.text}`,
    labels.get(verdict.scenario) ?? verdict.scenario,
    paint(verdict.passed ? 'green' : 'red', verdictWord(verdict)),
    judgedText(verdict.slo, verdict),
  ]);
  return [...counts, ...columns(rows, 'left')];
}

function passedCount(slo: string, verdicts: readonly SloVerdict[]): string {
  const own = verdicts.filter((verdict) => verdict.slo.text === slo);
  return `SLO ${slo}: passed in ${own.filter((verdict) => verdict.passed).length} of ${own.length} scenarios`;
}

function filesBlock(files: readonly string[]): readonly string[] {
  if (files.length === 0) return [];
  return [`Results in ${dirname(files[0])}: ${files.map((file) => basename(file)).join(', ')}`];
}

/** The first column to the left. */
function columns(rows: readonly (readonly string[])[], others: 'left' | 'right' = 'right'): readonly string[] {
  return plainTable(
    rows.map((row) => row.map(cleaned)),
    rows[0].map((_, column) => ({ alignment: column === 0 ? 'left' : others })),
  );
}

/** A cell without what would break the table; colours stay, and are looked at where the answer is printed. */
function cleaned(cell: string): string {
  return visible(cell).replace(/\\u001b\[(\d{1,2}m)/g, '\u001b[$1');
}
