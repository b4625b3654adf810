import { fsum } from 'd3-array';
import * as z from 'zod';
import type { AnsweredExperiment } from '../answer-sentences.js';
import { lastPodAnswer } from '../last-pod-answer.js';
import type { ResultData } from '../read/result-data.js';
import { type ServerSentence, serverSentences } from '../server-sentences.js';
import { tableOf } from './figure.js';
import { firstScreen } from './first-screen.js';
import { html, type Html } from './html.js';
import type { Scenes } from './scenes.js';
import { verdictsOf } from './slo-facts.js';

const specSchema = z.object({
  output: z.object({ lastPodQuantiles: z.array(z.number()).optional() }),
  timeline: z.array(z.record(z.string(), z.unknown())),
});

/**
 * The question, the verdict with what whoever decides has to know, and what that rests on.
 * @param map of a sweep
 */
export function answerSection(scenes: Scenes<ResultData>, map: Html | null): Html {
  const { data } = scenes;
  const { question, experiment, execution } = data.manifest;
  const answered = answeredExperiment(data);
  const servers = serverSentences(answered, data.scenarios);
  return html`<header>
    <p class="kicker">${experiment}${execution === undefined ? null : dateOf(execution.started_at)}</p>
    <h1>${question ?? `What did ${experiment} find?`}</h1>
    ${firstScreen(scenes, { experiment: answered, verdicts: verdictsOf(data), servers })} ${map} ${boundDetails(scenes)}
    ${serverDetails(servers)} ${warningList(data)}
  </header>`;
}

/** When the experiment ran: the page is the same whenever it is written. @param startedAt ISO 8601, UTC */
function dateOf(startedAt: string): Html {
  return html`, simulated <time datetime="${startedAt}">${startedAt.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** What the machines of the API servers need, folded away. */
function serverDetails(servers: readonly ServerSentence[]): Html | null {
  if (servers.length === 0) return null;
  return html`<details>
    <summary>What the API servers need of their machines</summary>
    <ul>
      ${servers.map(({ text }) => html`<li>${text}</li>`)}
    </ul>
  </details>`;
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

/** What the answer needs to know of the experiment. */
function answeredExperiment({ manifest }: ResultData): AnsweredExperiment {
  const { success, data: spec } = specSchema.safeParse(manifest.spec);
  return { factorPaths: manifest.factors, spec: success ? spec : {} };
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
