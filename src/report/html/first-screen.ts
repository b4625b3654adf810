import { max } from 'd3-array';
import {
  type AnsweredExperiment,
  delayAnswer,
  FEW_SCENARIOS,
  missedConsumers,
  shareAsked,
  stormSentence,
  whoseKeys,
} from '../answer-sentences.js';
import { compact, compactUp } from '../compact-numbers.js';
import { type LastPodAnswer, lastPodAnswer, noBoundText } from '../last-pod-answer.js';
import type { ResultScenario } from '../read/result-data.js';
import type { ServerSentence } from '../server-sentences.js';
import type { SloVerdict } from '../slos.js';
import { capitalized, emphasized } from './emphasis.js';
import { html, type Html } from './html.js';
import { loadRanges } from './load-ranges.js';
import { releaseSteps } from './release-steps.js';
import { rotationsOf } from './rotation-data.js';
import type { Scenes } from './scenes.js';
import { sloList } from './slo-facts.js';

/** What the first screen is made of, beside the result itself. */
export interface Findings {
  readonly experiment: AnsweredExperiment;
  readonly verdicts: readonly SloVerdict[];
  readonly servers: readonly ServerSentence[];
}

/** A question that whoever decides has, and its answer. */
interface Fact {
  readonly id: string;
  readonly question: string;
  readonly answer: readonly (Html | null)[];
}

/** The verdict, and what whoever decides has to know, before any sentence or figure. */
export function firstScreen(scenes: Scenes, findings: Findings): Html {
  return html`${verdict(scenes, findings)} ${facts(scenes, findings)}`;
}

/** What whoever decides has to know: questions with their answers. */
export function facts(scenes: Scenes, findings: Findings): Html {
  const answered = [
    boundFact(scenes, findings),
    stormFact(scenes),
    overlapFact(scenes),
    neverFact(scenes, findings),
    { id: 'slos', question: 'SLOs', answer: [sloList(scenes, findings.verdicts)] },
    loadFact(scenes),
    serverFact(findings),
    releaseFact(scenes),
  ].filter(({ answer }) => answer.some((each) => each !== null));
  return html`<dl class="facts">
    ${answered.map(
      ({ id, question, answer }) =>
        html`<div id="fact-${id}">
          <dt>${question}</dt>
          <dd>${answer}</dd>
        </div>`,
    )}
  </dl>`;
}

/** One line: whether what was asked for is met, else by when every pod is updated; null where none is. */
export function verdict({ data }: Scenes, { verdicts, servers, experiment }: Findings): Html | null {
  const exceeded = servers.some((each) => each.exceeded);
  const missed = verdicts.filter(({ passed }) => !passed).length;
  const uncertain = verdicts.filter((each) => each.uncertain).length;
  const tooSmall = exceeded ? 'an API server needs more than it has' : null;
  if (verdicts.length > 0) {
    const turn = uncertain === 0 ? null : `${uncertain} uncertain: more replications could turn them`;
    const notes = [tooSmall, turn].filter((note) => note !== null).map((note) => `; ${note}`);
    const text = missed === 0 ? 'All SLOs are met' : `${missed} of ${verdicts.length} SLO verdicts are missed`;
    return verdictLine(missed === 0 && !exceeded, `${text}${notes.join('')}.`);
  }
  if (tooSmall !== null) return verdictLine(false, 'An API server needs more than it has.');
  const updated = data.scenarios.filter(({ metrics }) => metrics.delay_p50_s.n > 0);
  const answers = updated.map(({ runs }) => lastPodAnswer(runs, shareAsked(experiment)));
  const bounds = answers.flatMap(({ bound }) => bound?.seconds ?? []);
  const latest = max(bounds);
  if (latest === undefined || bounds.length < updated.length) return seenVerdict(answers);
  const where = updated.length === 1 ? '' : ', in every scenario';
  return verdictLine(null, `${capitalized(whoseKeys(updated))} has the new keys by ${compactUp(latest)} s${where}.`);
}

/** Where there is no bound: what was seen, which promises nothing. */
function seenVerdict(answers: readonly LastPodAnswer[]): Html | null {
  const worst = max(answers, ({ worstS }) => worstS ?? undefined);
  if (worst === undefined) return null;
  const open = answers.some(({ unfinished }) => unfinished > 0) ? '; some pods were without them at the end' : '';
  return verdictLine(null, `At worst the last pod had the new keys after ${compact(worst)} s${open}: seen, no bound.`);
}

function verdictLine(good: boolean | null, text: string): Html {
  if (good === null) return html`<p class="verdict">${emphasized(text)}</p>`;
  return html`<p class="verdict ${good ? 'passed' : 'missed'}"><strong>${good ? '✓' : '✗'} ${text}</strong></p>`;
}

function boundFact({ data, labelOf }: Scenes, { experiment }: Findings): Fact {
  const updated = data.scenarios.filter(({ metrics }) => metrics.delay_p50_s.n > 0);
  const answers = updated.map((scenario) => ({ scenario, ...lastPodAnswer(scenario.runs, shareAsked(experiment)) }));
  const few = data.scenarios.map((each) => labelled(labelOf(each), delayAnswer(each, experiment).rest));
  const many = rangeOfBounds(answers, labelOf).map((text) => html`<p>${emphasized(text)}</p>`);
  const bounded = answers.some(({ bound }) => bound?.seconds != null);
  return {
    id: 'bound',
    question: bounded
      ? `${capitalized(whoseKeys(updated))} has the new keys by`
      : 'Until the last pod has the new keys',
    answer: updated.length === 0 ? [] : data.scenarios.length <= FEW_SCENARIOS ? few : many,
  };
}

type Answered = LastPodAnswer & { readonly scenario: ResultScenario };

/** The least and the most of the bounds, of the medians and of the worst that was seen. */
function rangeOfBounds(answers: readonly Answered[], labelOf: Scenes['labelOf']): readonly string[] {
  const known = answers.flatMap(({ bound, scenario }) =>
    bound?.seconds == null ? [] : [{ value: bound.seconds, label: labelOf(scenario) }],
  );
  const reasons = [...new Set(answers.flatMap((answer) => noBoundText(answer) ?? []))];
  const range = (what: string, valueOf: (answer: Answered) => number | null): string | null => {
    const values = answers.flatMap((answer) => {
      const value = valueOf(answer);
      return value === null ? [] : [{ value, label: labelOf(answer.scenario) }];
    });
    const text = rangeText(values, compact);
    return text === null ? null : `${what} ${text}`;
  };
  const bounds = rangeText(known, compactUp);
  return [
    bounds === null ? null : `${bounds} (bounds)`,
    range('half of the pods after', ({ scenario }) => scenario.metrics.delay_p50_s.mean),
    range('worst seen', ({ worstS }) => worstS),
    reasons.length === 0
      ? null
      : `${answers.length - known.length} of ${answers.length} scenarios: ${reasons.slice(0, 1).join('')}`,
  ].filter((text) => text !== null);
}

interface Labelled {
  readonly value: number;
  readonly label: string;
}

/** `38.4 s (Watch) to 65.5 s (Cache)`, or one of them where all are the same; null where there is none. */
function rangeText(values: readonly Labelled[], format: (value: number) => string): string | null {
  const [least, most] = ends(values);
  if (least === undefined || most === undefined) return null;
  const [from, to] = [format(least.value), format(most.value)];
  return from === to ? `${from} s` : `${from} s (${least.label}) to ${to} s (${most.label})`;
}

function ends<T extends { readonly value: number }>(values: readonly T[]): readonly [T | undefined, T | undefined] {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  return [sorted.at(0), sorted.at(-1)];
}

function overlapFact(scenes: Scenes): Fact {
  const rotations = rotationsOf(scenes.data);
  const advised = rotations.flatMap(({ scenario, advice, seconds }) =>
    advice === null ? [] : [{ label: scenes.labelOf(scenario), advice, value: seconds ?? 0 }],
  );
  const question = 'The old credential';
  if (advised.length <= FEW_SCENARIOS) {
    return { id: 'overlap', question, answer: advised.map(({ label, advice }) => labelled(label, advice)) };
  }
  const [, most] = ends(advised);
  if (most === undefined) return { id: 'overlap', question, answer: [] };
  // Quantiles of different shares are no range.
  const bounded = rotations.every(({ rows }) => rows.at(-1)?.bound_s != null);
  const range = bounded ? rangeText(advised, compactUp) : null;
  return {
    id: 'overlap',
    question,
    answer: [range === null ? null : html`<p>${emphasized(range)}</p>`, labelled(most.label, most.advice)],
  };
}

/** How the watches come back that stopping API servers had open. */
function stormFact({ data, labelOf }: Scenes): Fact {
  const few = data.scenarios.flatMap((scenario) => {
    const sentence = stormSentence(scenario);
    return sentence === null ? [] : [labelled(labelOf(scenario), sentence)];
  });
  const range = rangeText(
    data.scenarios.flatMap((scenario) => {
      const { mean } = scenario.metrics.watch_recovery_max_s;
      return mean === null ? [] : [{ value: mean, label: labelOf(scenario) }];
    }),
    compact,
  );
  const many = range === null ? [] : [html`<p>${emphasized(`all their watches are open again after ${range}`)}</p>`];
  return {
    id: 'storm',
    question: 'When API servers stop',
    answer: data.scenarios.length <= FEW_SCENARIOS ? few : many,
  };
}

function loadFact(scenes: Scenes): Fact {
  const ranges = loadRanges(scenes);
  const answer = ranges.length === 0 ? [] : [html`<p>${emphasized(ranges.join('; '))}</p>`];
  return { id: 'load', question: 'Load of the API servers', answer };
}

function neverFact({ data }: Scenes, { experiment }: Findings): Fact {
  const missed = missedConsumers(experiment, data.scenarios);
  const updated = data.scenarios.some(({ metrics }) => metrics.delay_p50_s.n > 0 || (metrics.updates.max ?? 0) > 0);
  const nobody = updated ? [html`<p>Nobody: every consumer sees the updates.</p>`] : [];
  const answer = missed.length > 0 ? missed.map((finding) => html`<p class="caution">${finding}</p>`) : nobody;
  return { id: 'never', question: 'Who never gets it', answer };
}

/** Servers that are too small; that they are not is told with the others below. */
function serverFact({ servers }: Findings): Fact {
  const beyond = servers.filter(({ exceeded }) => exceeded);
  const comfort = servers.length === 0 ? [] : [html`<p>No server needs more than it has.</p>`];
  const answer = beyond.length > 0 ? beyond.map(({ text }) => html`<p class="caution">${text}</p>`) : comfort;
  return { id: 'servers', question: 'API servers', answer };
}

function releaseFact(scenes: Scenes): Fact {
  const steps = releaseSteps(scenes);
  const changing = steps.filter(({ changes }) => changes.length > 0);
  const rest = steps.length - changing.length;
  const nothing = 'nothing of delay or load by a tenth or more';
  const others =
    changing.length === 0 ? nothing : `${rest === 1 ? 'the other step' : `${rest} other steps`}: ${nothing}`;
  return {
    id: 'releases',
    question: 'What a release changes',
    answer: [
      ...changing.map(({ title, changes }) => html`<p><strong>${title}</strong> ${changes.join('; ')}</p>`),
      steps.length === 0 || rest === 0 ? null : html`<p>${others}.</p>`,
    ],
  };
}

function labelled(label: string, text: string): Html {
  return html`<p><span class="scenario">${label}</span> ${emphasized(text)}</p>`;
}
