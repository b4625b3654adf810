import { max } from 'd3-array';
import type { MetricName } from '../cluster/model/run-record.js';
import { scenarioLabel, whoseKeys } from '../report/answer-sentences.js';
import { compactMetric, compactMetricMean, compactUp, grouped } from '../report/compact-numbers.js';
import { comparisonSection } from '../report/html/comparison.js';
import { differenceSection } from '../report/html/difference-section.js';
import { capitalized, emphasized } from '../report/html/emphasis.js';
import { tableOf } from '../report/html/figure.js';
import { facts, type Findings, verdict } from '../report/html/first-screen.js';
import { html, type Html } from '../report/html/html.js';
import type { Scenes } from '../report/html/scenes.js';
import { verdictsOf } from '../report/html/slo-facts.js';
import { lastPodAnswer } from '../report/last-pod-answer.js';
import { metricUnit } from '../report/metric-columns.js';
import { serverSentences } from '../report/server-sentences.js';
import type { Answer } from './answer.js';

const GIB = 2 ** 30;

/** What a planner looks at first, where there is one scenario. */
const TILES: readonly {
  readonly label: string;
  readonly metric: MetricName;
  readonly unit: string;
  readonly scale?: number;
}[] = [
  { label: 'half of the pods after', metric: 'delay_p50_s', unit: 's' },
  { label: 'last pod after, worst seen', metric: 'last_pod_max_s', unit: 's' },
  { label: 'watches lost', metric: 'watches_lost', unit: '' },
  { label: 'all watches back after', metric: 'watch_recovery_max_s', unit: 's' },
  { label: 'watches open', metric: 'watches_open_mean', unit: '' },
  { label: 'GETs a second', metric: 'get_per_s', unit: '' },
  { label: 'WATCH requests a second', metric: 'watch_per_s', unit: '' },
  { label: 'CPU of API servers for this', metric: 'apiserver_cpu_cores', unit: 'cores' },
  { label: 'memory of API servers for this', metric: 'apiserver_memory_bytes', unit: 'GiB', scale: GIB },
  { label: 'most memory of one server', metric: 'apiserver_memory_max_per_server_bytes', unit: 'GiB', scale: GIB },
];

/** Shown where they are not zero: servers stop. */
const STORM_ONLY: readonly MetricName[] = ['watches_lost', 'watch_recovery_max_s'];

/** What is found of the scenarios, as the report has it. */
export function findingsOf({ data }: Scenes): Findings {
  const experiment = { factorPaths: data.manifest.factors, spec: data.manifest.spec };
  return { experiment, verdicts: verdictsOf(data), servers: serverSentences(experiment, data.scenarios) };
}

/** The answer in a line: whether the SLO is met, else by when every pod has the new keys. */
export function headlineHtml(scenes: Scenes, findings: Findings): Html {
  const line = findings.verdicts.length === 0 ? boundsLine(scenes) : null;
  const nothing = html`<p class="verdict">No update is committed in this setting.</p>`;
  return line ?? verdict(scenes, findings) ?? nothing;
}

/** The bounds of some scenarios one by one; null where one has none, or there is one scenario. */
function boundsLine({ data, labelOf }: Scenes): Html | null {
  if (data.scenarios.length < 2) return null;
  const bounds = data.scenarios.map(({ runs }) => lastPodAnswer(runs).bound?.seconds ?? null);
  if (bounds.some((bound) => bound === null)) return null;
  const each = data.scenarios.map((scenario, index) => `${compactUp(bounds[index] ?? 0)} s (${labelOf(scenario)})`);
  const whose = capitalized(whoseKeys(data.scenarios));
  return html`<p class="verdict">${emphasized(`${whose} has the new keys by ${each.join(', ')}.`)}</p>`;
}

/** What whoever decides has to know, the load, and what differs between scenarios. */
export function answerHtml(answer: Answer, scenes: Scenes, findings: Findings): Html {
  const { data } = scenes;
  const compared =
    data.scenarios.length === 1
      ? tiles(data.scenarios[0])
      : html`${differenceSection(scenes, differencesFile(answer))?.body ?? null} ${comparisonSection(scenes)}`;
  const bounds = answer.boundLines.map((line) => html`<p class="note">${line}</p>`);
  return html`${facts(scenes, findings)} ${compared} ${folded('What the bound is made of', bounds)}
  ${folded(
    answer.warnings.length === 1 ? 'One warning' : `${answer.warnings.length} warnings`,
    answer.warnings.map((warning) => html`<p class="caution">${warning}</p>`),
  )}`;
}

/** The file that has the differences in all metrics; null where there is none, or not yet. */
function differencesFile({ files }: Answer): string | null {
  return files.find(({ name }) => name === 'comparison.csv' || name === 'paired.csv')?.name ?? null;
}

function folded(summary: string, body: readonly Html[]): Html | null {
  if (body.length === 0) return null;
  return html`<details>
    <summary>${summary}</summary>
    ${body}
  </details>`;
}

function tiles({ metrics }: Scenes['data']['scenarios'][number]): Html {
  const shown = TILES.filter(({ metric }) => !STORM_ONLY.includes(metric) || (metrics[metric].max ?? 0) > 0);
  const valueOf = ({ metric, scale = 1 }: (typeof TILES)[number]): string => {
    const { mean, max: most } = metrics[metric];
    const value = metric.includes('_max') ? most : mean;
    return compactMetric(metric, value === null ? null : value / scale);
  };
  return html`<dl class="tiles">
    ${shown.map(
      (tile) =>
        html`<div>
          <dt>${tile.label}</dt>
          <dd>${valueOf(tile)} <small>${tile.unit}</small></dd>
        </div>`,
    )}
  </dl>`;
}

/** How long the answer took, in words. */
export function timeText({ size, runs, runsWanted }: Answer, seconds: number, workers: number): string {
  const time = seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(2)} s`;
  const { nodes, pods, consumers } = size;
  const cluster = `${grouped(nodes)} nodes, ${grouped(pods)} pods, ${grouped(consumers)} consumers`;
  if (runs.length < runsWanted) return `${cluster}: ${runs.length} of ${runsWanted} runs are in.`;
  const by = workers === 1 ? '' : ` by ${workers} workers`;
  return `${cluster}: ${grouped(runsWanted)} ${runsWanted === 1 ? 'run' : 'runs'} simulated here in ${time}${by}.`;
}

/** Every metric in full, as summary.csv has it, and the fingerprints of the runs. */
export function metricsHtml({ metricNames, runs }: Answer, { data }: Scenes): Html {
  const { scenarios } = data;
  const labels = scenarios.map((scenario) => scenarioLabel({ factorPaths: data.manifest.factors }, scenario));
  const rows = metricNames.map((name) => [
    name,
    metricUnit(name),
    ...scenarios.flatMap(({ metrics }) => [metrics[name].mean, compactMetricMean(name, metrics[name])]),
  ]);
  const columns = ['metric', 'unit', ...labels.flatMap((label) => [`${label}: mean`, 'with its interval'])];
  const last = max(scenarios, (scenario) => scenario.runs.length) ?? 0;
  return html`<p class="note">
      Means over ${last} ${last === 1 ? 'replication' : 'replications'}. Fingerprints of the runs:
      ${runs.map(({ runId, fingerprint }) => html`${runId} <code>${fingerprint}</code> `)}
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="Metrics">${tableOf({ columns, rows })}</div>`;
}
