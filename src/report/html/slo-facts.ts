import { group } from 'd3-array';
import { parseSlo, type Slo } from '../../experiment/language/values/slo.js';
import { judgedText, verdictWord } from '../slo-lines.js';
import { judgeScenarios, type SloVerdict } from '../slos.js';
import { html, type Html } from './html.js';
import type { DrawnData, Scenes } from './scenes.js';

/** More verdicts than this are counted, and folded away. */
const VERDICTS_MAX = 6;

/** The verdict of each SLO and scenario; none where there are no SLOs. */
export function verdictsOf(data: DrawnData): readonly SloVerdict[] {
  return judgeScenarios(slosOf(data), data.scenarios);
}

/** The SLOs that the experiment was judged by. */
export function slosOf({ manifest }: DrawnData): readonly Slo[] {
  const { slos } = manifest.spec;
  if (!Array.isArray(slos)) return [];
  return slos.flatMap((text) => {
    const slo = typeof text === 'string' ? parseSlo(text) : null;
    return slo?.ok === true ? [slo.value] : [];
  });
}

/** The verdicts one by one, or where they are many a line for each SLO. */
export function sloList({ data, labelOf }: Scenes, verdicts: readonly SloVerdict[]): Html | null {
  if (verdicts.length === 0) return null;
  const label = new Map(data.scenarios.map((scenario) => [scenario.scenario.name, labelOf(scenario)]));
  const each = html`<ul class="slos">
    ${verdicts.map((verdict) => html`<li class="${classOf(verdict)}">${verdictText(verdict, label)}</li>`)}
  </ul>`;
  if (verdicts.length <= VERDICTS_MAX) return each;
  const counted = [...group(verdicts, ({ slo }) => slo.text)].map(([text, own]) => {
    const missed = own.filter(({ passed }) => !passed);
    const word = missed.length === 0 ? '✓ passed' : '✗ missed';
    const count = `in ${missed.length === 0 ? 'all' : `${missed.length} of`} ${own.length} scenarios`;
    return html`<li class="${missed.length === 0 ? 'passed' : 'missed'}">
      <strong>${word}</strong> ${text}: ${count}
    </li>`;
  });
  return html`<ul class="slos">
      ${counted}
    </ul>
    <details>
      <summary>All ${verdicts.length} verdicts</summary>
      ${each}
    </details>`;
}

function classOf({ passed }: SloVerdict): string {
  return passed ? 'passed' : 'missed';
}

function verdictText(verdict: SloVerdict, label: ReadonlyMap<string, string>) {
  const { slo, scenario, passed } = verdict;
  const word = `${passed ? '✓' : '✗'} ${verdictWord(verdict)}`;
  return html`<strong>${word}</strong> ${slo.text}: ${label.get(scenario) ?? scenario}, ${judgedText(slo, verdict)}`;
}
