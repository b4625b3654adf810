import type { MetricName } from '../cluster/model/run-record.js';
import { compactMetric, grouped } from '../report/compact-numbers.js';
import { emphasized } from '../report/html/emphasis.js';
import { tableOf } from '../report/html/figure.js';
import { html, type Html } from '../report/html/html.js';
import { player, UPDATES } from '../report/html/wave/player.js';
import { metricUnit } from '../report/metric-columns.js';
import type { Answer } from './answer.js';
import type { DelayBand } from './delay-bands.js';
import { delayFigure, loadFigures } from './figures.js';

const GIB = 2 ** 30;

/** What a planner looks at first. */
const TILES: readonly {
  readonly label: string;
  readonly metric: MetricName;
  readonly unit: string;
  readonly scale?: number;
}[] = [
  { label: 'half of the pods after', metric: 'delay_p50_s', unit: 's' },
  { label: 'every pod by (bound)', metric: 'last_pod_bound_s', unit: 's' },
  { label: 'last pod of this run after', metric: 'last_pod_max_s', unit: 's' },
  { label: 'GETs a second', metric: 'get_per_s', unit: '' },
  { label: 'watches open', metric: 'watches_open_mean', unit: '' },
  { label: 'WATCH requests a second', metric: 'watch_per_s', unit: '' },
  { label: 'CPU of API servers for this', metric: 'apiserver_cpu_cores', unit: 'cores' },
  { label: 'memory of API servers for this', metric: 'apiserver_memory_bytes', unit: 'GiB', scale: GIB },
];

/** The sentence that answers the question, and what to know beside it. */
export function answerHtml({ sentences, boundLines, warnings }: Answer): Html {
  return html`<div class="answer">${sentences.map((sentence) => html`<p>${emphasized(sentence)}</p>`)}</div>
    ${boundLines.map((line) => html`<p class="note">${line}</p>`)}
    ${warnings.map((warning) => html`<p class="caution">${warning}</p>`)}`;
}

/** How long the answer took, in words. */
export function timeText({ size }: Answer, seconds: number): string {
  const time = seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(2)} s`;
  const { nodes, pods, consumers } = size;
  return `${grouped(nodes)} nodes, ${grouped(pods)} pods, ${grouped(consumers)} consumers: simulated here in ${time}.`;
}

/** The pictures of an answer. @param before the delays before the last change of a knob; empty where there are none */
export function picturesHtml(answer: Answer, before: readonly DelayBand[]): Html {
  const delay = delayFigure(answer, before);
  const load = loadFigures(answer);
  return html`<dl class="tiles">
      ${TILES.map(
        ({ label, metric, unit, scale = 1 }) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${scaled(metric, answer.metrics[metric], scale)} <small>${unit}</small></dd>
          </div>`,
      )}
    </dl>
    ${section('delay', 'How long until a pod has the new files', delay === null ? [] : [delay])}
    ${answer.wave === null ? null : waveSection(answer.wave)} ${section('load', 'What it costs the API servers', load)}`;
}

function scaled(metric: MetricName, value: number | null, scale: number): string {
  return compactMetric(metric, value === null ? null : value / scale);
}

function section(id: string, title: string, pictures: readonly Html[]): Html | null {
  if (pictures.length === 0) return null;
  return html`<section id="${id}">
    <h2>${title}</h2>
    ${pictures.map((picture) => html`<div class="picture" tabindex="0" role="group" aria-label="${title}">${picture}</div>`)}
  </section>`;
}

function waveSection({ field, horizonS }: NonNullable<Answer['wave']>): Html {
  return html`<section id="wave">
    <h2>${UPDATES.title}</h2>
    <p>${UPDATES.lead}</p>
    ${player(UPDATES, [field], horizonS)}
  </section>`;
}

/** Every metric of the run in full, as runs.csv has it. */
export function metricsHtml({ runId, seed, fingerprint, metrics, metricNames }: Answer): Html {
  const rows = metricNames.map((name) => [name, metrics[name], metricUnit(name)]);
  return html`<p class="note">
      Run ${runId}, seed ${seed}, fingerprint <code id="fingerprint">${fingerprint}</code>: the row of runs.csv.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="Metrics">
      ${tableOf({ columns: ['metric', 'value', 'unit'], rows })}
    </div>`;
}
