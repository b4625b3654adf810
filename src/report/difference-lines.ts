import type { Experiment } from '../experiment/language/experiment.js';
import { DELAY, knownLines, type Line, LOAD, pressure } from './answer-lines.js';
import { type AnsweredScenario, FEW_SCENARIOS, scenarioLabel } from './answer-sentences.js';
import { compact, compactMean, MISSING } from './compact-numbers.js';
import { pairedDifference, pairsOf, type PairedScenario } from './paired-difference.js';

/** A scenario whose replications can be paired with those of another. */
export type DifferingScenario = AnsweredScenario & PairedScenario;

/** Metrics that tell the scenarios apart where these are many. */
const FEW_METRICS: readonly Line['metric'][] = [
  'delay_p50_s',
  'last_pod_max_s',
  'apiserver_cpu_cores',
  'apiserver_memory_bytes',
];

/** The others told as a difference to the baseline: a heading, and a row of cells for each metric or scenario. */
export interface Differences {
  readonly title: string;
  readonly heading: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * What each scenario changes against the first, replication by replication; null where the experiment names no baseline
 * or has no other scenario. Few scenarios stand side by side, more one a row.
 */
export function differencesOf(
  {
    spec,
    factorPaths,
  }: { readonly spec: Pick<Experiment['spec'], 'baseline'>; readonly factorPaths: readonly string[] },
  scenarios: readonly DifferingScenario[],
): Differences | null {
  const [baseline, ...others] = scenarios;
  if (spec.baseline === undefined || others.length === 0) return null;
  const lines = [DELAY, LOAD, ...pressure(scenarios)].flatMap((section) => knownLines(section, scenarios));
  const labels = others.map((other) => scenarioLabel({ factorPaths }, other));
  const title = `difference to ${scenarioLabel({ factorPaths }, baseline)}`;
  const rowOf = ({ label }: Line, cells: readonly string[]): readonly string[] => [label, ...cells];
  if (scenarios.length <= FEW_SCENARIOS) {
    const rows = lines.map((line) =>
      rowOf(
        line,
        others.map((other) => cell(line, other, baseline)),
      ),
    );
    return {
      title,
      heading: ['', ...labels],
      rows: rows.filter(([, ...cells]) => cells.some((text) => text !== SAME)),
    };
  }
  const few = lines.filter(({ metric }) => FEW_METRICS.includes(metric));
  return {
    title,
    heading: ['scenario', ...few.map(({ label }) => label)],
    rows: others.map((other, i) => [labels[i], ...few.map((line) => cell(line, other, baseline))]),
  };
}

/** Nothing differs. */
const SAME = '0';

/** `+3.2 ± 0.1 (+12 %)` */
function cell({ metric, scale = 1 }: Line, scenario: DifferingScenario, baseline: DifferingScenario): string {
  const paired = pairedDifference(metric, pairsOf(scenario, baseline));
  if (paired === null) return bothZero(metric, scenario, baseline) ? SAME : MISSING;
  const { n, difference, ci95_high: high, change_percent: percent } = paired;
  if (difference === null) return MISSING;
  if (difference === 0 && (high === null || high === 0)) return SAME;
  const ci95High = high === null ? null : high / scale;
  const text = compactMean({
    n,
    mean: difference / scale,
    ci95High,
    stddev: null,
    ci95Low: null,
    min: null,
    max: null,
  });
  const change = percent === null ? '' : ` (${wholePercent(percent)} %)`;
  return `${signed(difference, text)}${change}`;
}

function bothZero(metric: Line['metric'], ...scenarios: readonly DifferingScenario[]): boolean {
  return scenarios.every(({ metrics }) => metrics[metric].min === 0 && metrics[metric].max === 0);
}

function wholePercent(percent: number): string {
  const whole = Math.round(percent);
  return whole === 0 ? '0' : signed(whole, compact(whole));
}

function signed(value: number, text: string): string {
  return value > 0 ? `+${text}` : text;
}
