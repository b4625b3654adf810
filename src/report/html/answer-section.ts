import { fsum } from 'd3-array';
import { z } from 'zod';
import type { MetricName } from '../../cluster/model/run-record.js';
import { parseSlo, type Slo } from '../../experiment/language/values/slo.js';
import { type AnsweredExperiment, answerSentences, missedConsumers } from '../answer-sentences.js';
import { compact } from '../compact-numbers.js';
import { lastPodAnswer } from '../last-pod-answer.js';
import type { ResultData } from '../read/result-data.js';
import { serverSentences } from '../server-sentences.js';
import { judgedText, verdictWord } from '../slo-lines.js';
import { judgeScenarios, type SloVerdict } from '../slos.js';
import { tableOf } from './figure.js';
import { html, Html, escapeHtml } from './html.js';
import type { Scenes } from './scenes.js';

/** A number with its unit, to be seen at a glance. */
const FIGURES = /\d[\d,.]*\d? (?:s|cores|watches open|GETs a second)\b/g;

const outputSchema = z.object({ lastPodQuantiles: z.array(z.number()).optional() });

/** Loads that differ by less than this factor are the same to a planner. */
const DIFFERENT = 1.1;

/** The question, and the answer in sentences with numbers. */
export function answerSection(scenes: Scenes): Html {
  const { data } = scenes;
  const { question, experiment } = data.manifest;
  const answered = answeredExperiment(data);
  const sentences = [...answerSentences(answered, data.scenarios), ...loadSentences(scenes)];
  const missed = missedConsumers(answered, data.scenarios);
  const servers = serverSentences(answered, data.scenarios);
  return html`<header>
    <p class="kicker">${experiment}</p>
    <h1>${question ?? `What did ${experiment} find?`}</h1>
    <div class="answer">${sentences.map((sentence) => html`<p>${emphasized(sentence)}</p>`)}</div>
    ${boundDetails(scenes)} ${missed.map((finding) => html`<p class="caution">${finding}</p>`)}
    ${servers.map(({ text, exceeded }) => (exceeded ? html`<p class="caution">${text}</p>` : html`<p>${text}</p>`))}
    ${sloList(scenes)} ${warningList(data)}
  </header>`;
}

/** What the bounds are made of, folded away: the terms of all scenarios that have one. */
function boundDetails({ data, labelOf }: Scenes): Html | null {
  const rows = data.scenarios.flatMap((scenario) => {
    const { bound } = lastPodAnswer(scenario.runs);
    const terms = bound?.terms.toSorted((a, b) => b.seconds - a.seconds) ?? [];
    return terms.map(({ name, seconds, source }) => [labelOf(scenario), name, seconds, source]);
  });
  if (rows.length === 0) return null;
  const assumed = new Set(data.scenarios.flatMap(({ runs }) => lastPodAnswer(runs).bound?.assumes ?? []));
  return html`<details>
    <summary>What the bound is made of</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="What the bound is made of">
      ${tableOf({ columns: ['scenario', 'term', 'seconds', 'source'], rows })}
    </div>
    <p class="note">It assumes: ${[...assumed].join('; ')}. From <a href="bounds.csv">bounds.csv</a>.</p>
  </details>`;
}

/** A sentence whose figures stand out. */
export function emphasized(sentence: string): Html {
  return new Html(escapeHtml(sentence).replaceAll(FIGURES, '<strong>$&</strong>'));
}

/** How the load differs between scenarios, where it does. */
function loadSentences({ data, labelOf }: Scenes): readonly string[] {
  const range = (metric: MetricName, what: string): string | null => {
    const known = data.scenarios.flatMap((scenario) => {
      const { mean } = scenario.metrics[metric];
      return mean === null ? [] : [{ mean, label: labelOf(scenario) }];
    });
    const sorted = known.toSorted((a, b) => a.mean - b.mean);
    const [least, most] = [sorted.at(0), sorted.at(-1)];
    if (least === undefined || most === undefined || most.mean <= DIFFERENT * least.mean) return null;
    if (compact(most.mean) === compact(0)) return null;
    return `from ${compact(least.mean)} (${least.label}) to ${compact(most.mean)} ${what} (${most.label})`;
  };
  const ranges = [
    range('watches_open_mean', 'watches open'),
    range('get_per_s', 'GETs a second'),
    range('apiserver_cpu_cores', 'cores'),
  ].filter((text) => text !== null);
  return ranges.length === 0 ? [] : [`Load of the API servers: ${ranges.join('; ')}.`];
}

function sloList({ data, labelOf }: Scenes): Html | null {
  const verdicts = judgeScenarios(slosOf(data), data.scenarios);
  if (verdicts.length === 0) return null;
  const label = new Map(data.scenarios.map((scenario) => [scenario.scenario.name, labelOf(scenario)]));
  return html`<ul class="slos">
    ${verdicts.map((verdict) => html`<li class="${verdict.passed ? 'passed' : 'missed'}">${verdictText(verdict, label)}</li>`)}
  </ul>`;
}

function verdictText(verdict: SloVerdict, label: ReadonlyMap<string, string>) {
  const { slo, scenario, passed } = verdict;
  const word = `${passed ? '✓' : '✗'} ${verdictWord(verdict)}`;
  return html`<strong>${word}</strong> ${slo.text}: ${label.get(scenario) ?? scenario}, ${judgedText(slo, verdict)}`;
}

/** What the sentences need to know of the experiment. */
function answeredExperiment({ manifest }: ResultData): AnsweredExperiment {
  const output = outputSchema.safeParse(manifest.spec['output']);
  return { factorPaths: manifest.factors, spec: output.success ? { output: output.data } : {} };
}

/** The SLOs that the experiment was judged by. */
export function slosOf({ manifest }: ResultData): readonly Slo[] {
  const { slos } = manifest.spec;
  if (!Array.isArray(slos)) return [];
  return slos.flatMap((text) => {
    const slo = typeof text === 'string' ? parseSlo(text) : null;
    return slo?.ok === true ? [slo.value] : [];
  });
}

/** What the reader has to know beside the answer. */
function warningList({ manifest, scenarios }: ResultData): Html | null {
  const runs = fsum(scenarios, (scenario) => scenario.runs.length);
  const total = manifest.scenarios.length * manifest.replications;
  const lines = [
    ...manifest.failed.map(({ run_id: run, message }) => `run ${run} failed: ${message}`),
    ...(runs < total ? [`${runs} of ${total} runs are there; what is shown is of these`] : []),
    ...manifest.warnings.map((each) =>
      each.runs.length === 0 ? each.warning : `${each.warning} (in ${each.runs.length} of ${total} runs)`,
    ),
    ...manifest.notes,
  ];
  if (lines.length === 0) return null;
  return html`<details>
    <summary>${lines.length === 1 ? 'One warning' : `${lines.length} warnings`}</summary>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>
  </details>`;
}
