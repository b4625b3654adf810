import { fsum, group, max } from 'd3-array';
import type { RunSummary } from '../cluster/model/run-record.js';
import type { Experiment, Scenario } from '../experiment/language/experiment.js';
import { isForThoseWhoWait } from '../experiment/language/values/waiting-pods.js';
import { expectedRuns } from '../experiment/execution/jobs.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { collectWarnings } from './collect-warnings.js';
import { compact, compactMetric, grouped } from './compact-numbers.js';
import { boundText, lastPodAnswer, noBoundText, seenText } from './last-pod-answer.js';
import { noUpdateText, type TimelineFields } from './no-update.js';
import type { ScenarioSummary } from './scenario-summary.js';

/** Up to here each scenario has its own sentence, and its own column of the table. */
export const FEW_SCENARIOS = 4;

/** What the answer needs to know of an experiment. */
export interface AnsweredExperiment extends Pick<Experiment, 'factorPaths'> {
  readonly spec: {
    /** The quantile over rotations that was asked for. */
    readonly output?: { readonly lastPodQuantiles?: readonly number[] | undefined };
    /** What was to happen. */
    readonly timeline?: TimelineFields;
  };
}

/** What the answer needs to know of a scenario, computed just now or read back from its files. */
export interface AnsweredScenario extends Pick<ScenarioSummary, 'metrics'> {
  readonly scenario: Pick<Scenario, 'name' | 'factors'> & {
    readonly input: { readonly kubelet: { readonly strategy: string } };
  };
  readonly runs: readonly { readonly record: Pick<RunSummary, 'metrics' | 'never' | 'rotations' | 'bound'> }[];
}

const STRATEGY_PATH = /(^|\.)configMapAndSecretChangeDetectionStrategy$/;

/** What a scenario is called on the terminal: the bare strategy where only that distinguishes it, else its name. */
export function scenarioLabel(
  experiment: Pick<AnsweredExperiment, 'factorPaths'>,
  { scenario }: AnsweredScenario,
): string {
  const paths = experiment.factorPaths;
  if (paths.length === 0 && scenario.name === 'base') return scenario.input.kubelet.strategy;
  const [path] = paths;
  const label = paths.length === 1 && STRATEGY_PATH.test(path) ? bareStrategy(scenario) : scenario.name;
  return label.replaceAll(/\p{Cc}/gu, ' ');
}

/** `now (Cache)` of `now (strategy=Cache)`: only the first scenario may have a name of its own. */
function bareStrategy({ name }: AnsweredScenario['scenario']): string {
  return name.replace(/(^|\()strategy=/, '$1');
}

/** The answer to "when do the pods have the new keys?": a sentence for each scenario, or the range over many. */
export function answerSentences(
  experiment: AnsweredExperiment,
  scenarios: readonly AnsweredScenario[],
): readonly string[] {
  if (scenarios.length > FEW_SCENARIOS) return rangeSentences(experiment, scenarios);
  return scenarios.map((summary) => {
    const { head, rest } = delayAnswer(summary, experiment);
    const sentences = [`${head}${rest}`, stormSentence(summary)].filter((sentence) => sentence !== null);
    return `${scenarioLabel(experiment, summary)}: ${sentences.join('; ')}.`;
  });
}

/** Whether runs of the scenario have more than one update, so that "the last pod" is that of the worst. */
export function hasSeveralUpdates({ metrics }: AnsweredScenario): boolean {
  return (metrics.updates.max ?? 0) > 1;
}

function timelineOf({ spec }: Pick<AnsweredExperiment, 'spec'>): TimelineFields {
  return spec.timeline ?? [];
}

/** The rarest share of the rotations that the experiment asks for; undefined: it does not. */
export function shareAsked({ spec }: Pick<AnsweredExperiment, 'spec'>): number | undefined {
  return max(spec.output?.lastPodQuantiles ?? []);
}

/** The answer for a scenario in two parts: `every pod has the new keys by `, which a heading may say instead, and the rest. */
export interface DelayAnswer {
  /** Empty where there is no bound. */
  readonly head: string;
  readonly rest: string;
}

/** The bound first; what was seen and the mean stand behind, then why there is no bound. */
export function delayAnswer(summary: AnsweredScenario, experiment: AnsweredExperiment): DelayAnswer {
  const { runs, metrics } = summary;
  if (runs.length === 0) return { head: '', rest: 'no run was completed' };
  if (metrics.updates.mean === 0) return { head: '', rest: noUpdateText(timelineOf(experiment), metrics) };
  const answer = lastPodAnswer(runs, shareAsked(experiment));
  if (metrics.delay_p50_s.mean === null) return { head: '', rest: 'no pod gets the new keys' };
  const seen = answer.rotations === 0 ? '' : `; ${seenText(answer)}${waysOf(summary)}`;
  const unbounded = noBoundText(answer);
  const behind = `${seen}${unbounded === null ? '' : `; ${unbounded}`}`;
  if (answer.bound?.seconds == null)
    return { head: '', rest: `${halfText(summary, `the ${podsOf([summary])} have the new keys`)}${behind}` };
  return {
    head: `${whoseKeys([summary])} has the new keys by `,
    rest: `${boundText(answer)}, ${halfText(summary, 'them')}${behind}`,
  };
}

/** When half of the pods have the keys, or that they do not; `whose`: `them`, `the pods have the new keys`. */
function halfText({ runs, metrics }: AnsweredScenario, whose: string): string {
  const late = runs.filter(({ record }) => isForThoseWhoWait('delay_p50_s', record.metrics)).length;
  if (late === 0) return `half of ${whose} after ${compact(metrics.delay_p50_s.mean)} s`;
  return `fewer than half of ${whose} at the end${late < runs.length ? ` of ${grouped(late)} of ${grouped(runs.length)} runs` : ''}`;
}

/** Pods, but for those that never see updates. */
function podsOf(scenarios: readonly Pick<AnsweredScenario, 'metrics'>[]): string {
  return neverSee(scenarios) ? 'pods that see updates' : 'pods';
}

function neverSee(scenarios: readonly Pick<AnsweredScenario, 'metrics'>[]): boolean {
  return scenarios.some(({ metrics }) => (metrics.never_projected.max ?? 0) > 0);
}

/** Whom a bound is about: pods that never see updates are not among them. */
export function whoseKeys(scenarios: readonly Pick<AnsweredScenario, 'metrics'>[]): string {
  return neverSee(scenarios) ? 'every pod that sees updates' : 'every pod';
}

/** By what pods got the new keys, where some were restarted for it, and who did not; per replication, on average. */
function waysOf({ metrics }: AnsweredScenario): string {
  const count = (metric: 'replaced' | 'projections' | 'never_projected' | 'gone'): number => metrics[metric].mean ?? 0;
  const [inPlace, restarted, never, gone] = [
    count('projections'),
    count('replaced'),
    count('never_projected'),
    count('gone'),
  ];
  const ways = [
    inPlace > 0 ? `${grouped(inPlace)} by the volume` : '',
    restarted > 0 ? `${grouped(restarted)} by a restart` : '',
    never > 0 ? `${grouped(never)} never` : '',
    gone > 0 ? `${grouped(gone)} went before` : '',
  ].filter((way) => way !== '');
  if (restarted > 0 && ways.length === 1) return ': all by a restart';
  return restarted + never + gone > 0 ? `: ${ways.join(', ')}` : '';
}

/** How the watches come back that stopping API servers had open; null where none stopped. */
export function stormSentence({ metrics, runs }: AnsweredScenario): string | null {
  const lost = metrics.watches_lost.mean ?? 0;
  if (lost === 0) return null;
  const { watch_recovery_p50_s: half, watch_recovery_max_s: all } = metrics;
  const what = `of the ${grouped(lost)} watches that stopping API servers had, `;
  if (half.mean === null) return `${what}not even half are open again at the end`;
  const again = `${what}half are open again after ${compact(half.mean)} s`;
  return all.mean !== null && all.n === runs.length
    ? `${again}, all after ${compact(all.mean)} s`
    : `${again}, some not at the end`;
}

function rangeSentences(experiment: AnsweredExperiment, scenarios: readonly AnsweredScenario[]): readonly string[] {
  const sentences = [
    rangeSentence(`half of the ${podsOf(scenarios)} have the new keys`, 'delay_p50_s', experiment, scenarios),
    rangeSentence('every pod has them, as a bound,', 'last_pod_bound_s', experiment, scenarios),
    rangeSentence('the last pod has them at the worst', 'last_pod_max_s', experiment, scenarios),
    rangeSentence('all watches of stopped API servers are open again', 'watch_recovery_max_s', experiment, scenarios),
  ].filter((sentence) => sentence !== null);
  if (sentences.length > 0) return sentences;
  const updated = scenarios.some(({ metrics }) => metrics.updates.mean !== 0);
  if (updated) return [`${scenarios.length} scenarios: no pod gets the new keys in any of them.`];
  const texts = new Set(scenarios.map(({ metrics }) => noUpdateText(timelineOf(experiment), metrics)));
  return [...texts].map((text) => `${scenarios.length} scenarios: ${text}.`);
}

/** Null where no scenario has a value. */
function rangeSentence(
  what: string,
  metric: 'delay_p50_s' | 'last_pod_bound_s' | 'last_pod_max_s' | 'watch_recovery_max_s',
  experiment: AnsweredExperiment,
  scenarios: readonly AnsweredScenario[],
): string | null {
  const known = scenarios.flatMap((summary) => {
    const { mean, max: most } = summary.metrics[metric];
    const value = metric === 'last_pod_max_s' ? most : mean;
    return value === null ? [] : [{ value, label: scenarioLabel(experiment, summary) }];
  });
  if (known.length === 0) return null;
  const sorted = known.toSorted((a, b) => a.value - b.value);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const end = ({ value, label }: typeof low): string => `${compactMetric(metric, value)} s (${label})`;
  const range = low.value === high.value ? `${compactMetric(metric, low.value)} s` : `${end(low)} to ${end(high)}`;
  return `${known.length === scenarios.length ? '' : `${known.length} of `}${scenarios.length} scenarios: ${what} after ${range}.`;
}

/**
 * Who never gets an update, and who had not got it at the end: a sentence for each group of scenarios in
 * which it is the same. The counts are means over the replications.
 */
export function missedConsumers(
  experiment: AnsweredExperiment,
  scenarios: readonly AnsweredScenario[],
): readonly string[] {
  const findings = scenarios.flatMap((summary) =>
    missedInScenario(summary).map((finding) => ({ finding, label: scenarioLabel(experiment, summary) })),
  );
  return [...group(findings, ({ finding }) => finding)].map(([finding, same]) =>
    same.length === scenarios.length ? finding : `${same.map(({ label }) => label).join(', ')}: ${finding}`,
  );
}

function missedInScenario({ runs }: AnsweredScenario): string[] {
  const perRun = (count: (record: Pick<RunSummary, 'metrics' | 'never'>) => number | null): number =>
    fsum(runs, ({ record }) => count(record) ?? 0) / runs.length;
  const updates = perRun(({ metrics }) => metrics.updates);
  if (updates === 0) return [];
  const due = perRun(({ metrics }) => metrics.due);
  const what = updates === 1 ? 'consumers' : 'consumers, counted at each update,';
  const reasons = [
    { reason: 'env', count: perRun(({ never }) => never.env) },
    { reason: 'subPath', count: perRun(({ never }) => never.subPath) },
    { reason: 'immutable', count: perRun(({ never }) => never.immutable) },
    { reason: 'deleted', count: perRun(({ never }) => never.deleted) },
    { reason: 'in pods that nobody rolls out', count: perRun(({ never }) => never.lone ?? 0) },
  ].filter(({ count }) => count > 0);
  const never = fsum(reasons, ({ count }) => count);
  const pending = perRun(({ metrics }) => metrics.pending_at_end);
  const findings: string[] = [];
  if (never > 0) {
    const list = reasons.map(({ reason, count }) => `${grouped(count)} ${reason}`).join(', ');
    findings.push(`${grouped(never)} of ${grouped(due)} ${what} never see updates: ${list}.`);
  }
  if (pending > 0) {
    const count = pending < 1 ? 'fewer than 1' : grouped(pending);
    findings.push(
      `${count} of ${grouped(due)} ${what} had not got the update when the run ended: the delays leave them out.`,
    );
  }
  return findings;
}

/** What the reader has to know beside the answer, for stderr: failed and missing runs, warnings of the model. */
export function warningLines(experiment: Experiment, outcome: RunOutcome): readonly string[] {
  const total = expectedRuns(experiment, outcome.precision);
  const failed = outcome.failed.map(({ runId, message }) => `run ${runId} failed: ${message}`);
  const missing = total - outcome.runs.length - outcome.failed.length;
  const incomplete = missing > 0 ? [`${missing} of ${total} runs are missing; what is shown is of the others`] : [];
  const warnings = collectWarnings(experiment, outcome).map(({ warning, runs }) =>
    runs.length === 0 || runs.length === outcome.runs.length
      ? warning
      : `${warning} (${runs.length === 1 ? `run ${runs[0]}` : `${runs.length} runs, first ${runs[0]}`})`,
  );
  return [...failed, ...incomplete, ...warnings];
}
