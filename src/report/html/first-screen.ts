import { max } from 'd3-array';
import { type AnsweredExperiment, FEW_SCENARIOS, missedConsumers, shareAsked } from '../answer-sentences.js';
import { compact, compactUp } from '../compact-numbers.js';
import { boundText, type LastPodAnswer, lastPodAnswer, noBoundText, seenText } from '../last-pod-answer.js';
import type { ResultScenario } from '../read/result-data.js';
import type { ServerSentence } from '../server-sentences.js';
import type { SloVerdict } from '../slos.js';
import { emphasized } from './emphasis.js';
import { html, type Html } from './html.js';
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
    overlapFact(scenes),
    neverFact(scenes, findings),
    { id: 'slos', question: 'SLOs', answer: [sloList(scenes, findings.verdicts)] },
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
  return verdictLine(null, `Every pod that sees updates has the new keys by ${compactUp(latest)} s${where}.`);
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
  const answers = data.scenarios
    .filter(({ metrics }) => metrics.delay_p50_s.n > 0)
    .map((scenario) => ({ scenario, ...lastPodAnswer(scenario.runs, shareAsked(experiment)) }));
  const answer =
    answers.length <= FEW_SCENARIOS
      ? answers.map((each) => labelled(labelOf(each.scenario), boundSentence(each)))
      : rangeOfBounds(answers, labelOf).map((text) => html`<p>${emphasized(text)}</p>`);
  const never = data.scenarios.some(({ metrics }) => (metrics.never_projected.max ?? 0) > 0);
  const bounded = answers.some(({ bound }) => bound?.seconds != null);
  const whose = never ? 'Every pod that sees updates has them by' : 'Every pod has the new keys by';
  return { id: 'bound', question: bounded ? whose : 'Until the last pod has the new keys', answer };
}

function boundSentence(answer: LastPodAnswer): string {
  const seen = answer.rotations === 0 ? null : seenText(answer);
  const parts = [answer.bound?.seconds == null ? null : boundText(answer), seen, noBoundText(answer)];
  return parts.filter((part) => part !== null).join('; ');
}

type Answered = LastPodAnswer & { readonly scenario: ResultScenario };

/** The least and the most of the bounds, and the worst that was seen. */
function rangeOfBounds(answers: readonly Answered[], labelOf: Scenes['labelOf']): readonly string[] {
  const known = answers.flatMap(({ bound, scenario }) =>
    bound?.seconds == null ? [] : [{ value: bound.seconds, label: labelOf(scenario) }],
  );
  const [least, most] = ends(known);
  const reasons = [...new Set(answers.flatMap((answer) => noBoundText(answer) ?? []))];
  const worst = answers.flatMap(({ worstS, scenario }) =>
    worstS === null ? [] : [{ value: worstS, label: labelOf(scenario) }],
  );
  const [, slowest] = ends(worst);
  return [
    least === undefined || most === undefined
      ? null
      : least.value === most.value
        ? `${compactUp(least.value)} s (bound)`
        : `${compactUp(least.value)} s (${least.label}) to ${compactUp(most.value)} s (${most.label}), bounds`,
    slowest === undefined ? null : `worst seen ${compact(slowest.value)} s (${slowest.label})`,
    reasons.length === 0
      ? null
      : `${answers.length - known.length} of ${answers.length} scenarios: ${reasons.slice(0, 1).join('')}`,
  ].filter((text) => text !== null);
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
  const question = 'Keep the old credential for';
  if (advised.length <= FEW_SCENARIOS) {
    return { id: 'overlap', question, answer: advised.map(({ label, advice }) => labelled(label, advice)) };
  }
  const [least, most] = ends(advised);
  if (least === undefined || most === undefined) return { id: 'overlap', question, answer: [] };
  // Quantiles of different shares are no range.
  const bounded = rotations.every(({ rows }) => rows.at(-1)?.bound_s != null);
  const range = `${compactUp(least.value)} s (${least.label}) to ${compactUp(most.value)} s (${most.label})`;
  return {
    id: 'overlap',
    question,
    answer: [
      bounded && least.value < most.value ? html`<p>${emphasized(range)}</p>` : null,
      labelled(most.label, most.advice),
    ],
  };
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
