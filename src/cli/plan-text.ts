import type { Metric } from '../cluster/model/run-record.js';
import type { Slo } from '../experiment/language/values/slo.js';
import type { Candidate } from '../plan/candidate.js';
import type { Plan } from '../plan/plan.js';
import { shareAsked } from '../report/answer-sentences.js';
import { compact, compactMetricMean, grouped } from '../report/compact-numbers.js';
import { boundText, lastPodAnswer, lastPodFields, noBoundText, seenText } from '../report/last-pod-answer.js';
import { judgedBy } from '../report/slo-lines.js';
import { formatRows, type PrintColumn } from './format-rows.js';
import type { OutputFormat } from './options.js';
import { type Measure, measureOf, measuresOf } from './slo-columns.js';

/** Rows of the table for a person. */
const ROWS_SHOWN = 12;

/** The answer of `plan`: in words with the settings behind it, or all settings for a program. */
export function formatPlan(format: OutputFormat, plan: Plan): string {
  if (format === 'table') return [...sentences(plan), '', table(plan)].join('\n');
  const columns = planColumns(plan);
  const rows = plan.candidates.map((candidate) => numbers(plan, candidate));
  if (format === 'csv') return formatRows('csv', columns, rows);
  const settings = plan.candidates.map((candidate) => ({
    scenario: candidate.name,
    ...plan.experiment.scenarios[candidate.index].factors,
    replications: candidate.runs.length,
    meets_slos: candidate.meets(plan.slos),
    on_front: plan.front.includes(candidate),
    last_pod: lastPodFields(candidate.rotated, shareAsked(plan.experiment)),
    metrics: Object.fromEntries(metricsOf(plan).map((metric) => [metric, candidate.summary(metric)])),
    slos: plan.slos.map((slo) => ({ slo: slo.text, judged_by: judgedBy(slo), ...verdictOf(candidate, slo) })),
  }));
  const { best, closest, runs, allRuns, file } = plan;
  const answer = {
    best: best?.name ?? null,
    closest: closest?.name ?? null,
    slos: plan.slos.map(({ text }) => text),
    cost: plan.cost,
    runs,
    all_runs: allRuns,
    file,
    settings,
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

/** What the table tells of settings: cost, delay and what the SLOs judge, each once. */
function measuresShown({ cost, delay, slos }: Plan): readonly Measure[] {
  const means = slos.filter(({ over }) => over.kind === 'mean').map(({ metric }) => metric);
  return measuresOf([cost, delay, ...means], slos);
}

/** What programs are told: also the means of what SLOs judge by something else. */
function measuresWritten(plan: Plan): readonly Measure[] {
  return measuresOf(metricsOf(plan), plan.slos);
}

function sentences(plan: Plan): string[] {
  const { best, closest, candidates, slos, runs, allRuns, file, replications } = plan;
  const each = replications === 1 ? 'one replication' : `${replications} replications`;
  const effort = `${grouped(runs)} runs; all settings in ${each} take ${grouped(allRuns)}.`;
  const proof = file === null ? '-f FILE writes the experiment that proves it.' : `Proof: secretsim run ${file}`;
  if (best !== null) {
    const feasible = candidates.filter((candidate) => candidate.meets(slos)).length;
    const feasibly =
      feasible === 1
        ? `the only one of ${candidates.length} settings that meets the SLOs`
        : `the least of the ${feasible} of ${candidates.length} settings that meet the SLOs`;
    return [
      `Take ${best.name}: ${holding(plan, best)}.`,
      ...lastPod(plan, best),
      `It costs ${valueText(best, plan.cost)} ${plan.cost}, ${feasibly}.`,
      ...savings(plan, best),
      `${effort} ${proof}`,
    ];
  }
  if (closest === null) return [];
  return [
    `None of the ${candidates.length} settings meets the SLOs. Closest is ${closest.name}: ${holding(plan, closest)}.`,
    ...lastPod(plan, closest),
    effort,
  ];
}

/** Metrics of cost, delay and the SLOs, each once. */
function metricsOf({ cost, delay, slos }: Plan): readonly Metric[] {
  return [...new Set([cost, delay, ...slos.map(({ metric }) => metric)])];
}

function verdictOf(candidate: Candidate, slo: Slo) {
  const { value, missedIn, passed } = candidate.judge(slo);
  return { value, missed_in: missedIn, passed };
}

/** By when every pod has an update under a setting, as `run` says it. */
function lastPod({ experiment }: Plan, { name, rotated }: Candidate): string[] {
  const answer = lastPodAnswer(rotated, shareAsked(experiment));
  if (answer.bound === null || answer.rotations === 0) return [];
  const unbounded = noBoundText(answer);
  const said = unbounded === null ? `every pod has the new keys by ${boundText(answer)}; ` : '';
  return [`${name}: ${said}${seenText(answer)}${unbounded === null ? '' : `; ${unbounded}`}.`];
}

/** What each SLO judges. */
function holding({ slos }: Plan, candidate: Candidate): string {
  return slos
    .map((slo) => {
      const missed = candidate.meets([slo]) ? '' : ', missed';
      const worst = slo.over.kind === 'worst' ? ' at worst' : '';
      return `${slo.subject} ${measureOf(slo).text(candidate)}${worst} (${slo.text.slice(slo.subject.length).trim()}${missed})`;
    })
    .join(', ');
}

/** What the fastest of the settings that meet the SLOs would cost, and what the cheapest of all misses. */
function savings({ candidates, slos, cost, delay }: Plan, best: Candidate): string[] {
  const by = (metric: Metric, among: readonly Candidate[]): Candidate | undefined =>
    among.toSorted((a, b) => (a.mean(metric) ?? Infinity) - (b.mean(metric) ?? Infinity)).at(0);
  const feasible = candidates.filter((candidate) => candidate.meets(slos));
  const fastest = by(delay, feasible);
  const cheapest = by(cost, candidates);
  const [least, price] = [best.mean(cost), fastest?.mean(cost)];
  const lines: string[] = [];
  if (fastest !== undefined && fastest !== best && price !== null && price !== undefined && least !== null && least > 0)
    lines.push(
      `The fastest of them, ${fastest.name}, has ${delay} ${valueText(fastest, delay)} instead of ${valueText(best, delay)} and costs ${compact(price)} (${percent(price / least - 1)}).`,
    );
  if (cheapest !== undefined && !cheapest.meets(slos))
    lines.push(
      `Cheaper but not good enough is ${cheapest.name}: ${valueText(cheapest, cost)}, with ${slos
        .filter((slo) => !cheapest.meets([slo]))
        .map(measureOf)
        .map(({ name, text }) => `${name} ${text(cheapest)}`)
        .join(', ')}.`,
    );
  return lines;
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : '−'}${compact(Math.abs(100 * share))} %`;
}

function valueText(candidate: Candidate, metric: Metric): string {
  return compactMetricMean(metric, candidate.summary(metric));
}

/** The trade-off: the settings of the front and the answer, cheapest first. */
function table(plan: Plan): string {
  const { best, closest, front, candidates, slos } = plan;
  const shown = candidates
    .filter((candidate) => front.includes(candidate) || candidate === best || candidate === closest)
    .toSorted((a, b) => (a.mean(plan.cost) ?? Infinity) - (b.mean(plan.cost) ?? Infinity));
  const columns: PrintColumn[] = [
    { name: 'setting', width: 60 },
    ...measuresShown(plan).map(({ name }) => ({ name, alignment: 'right' }) as const),
    { name: 'replications', alignment: 'right' },
    { name: 'meets slos' },
    { name: '' },
  ];
  const rows = shown
    .slice(0, ROWS_SHOWN)
    .map((candidate) => [
      candidate.name,
      ...measuresShown(plan).map(({ text }) => text(candidate)),
      candidate.runs.length,
      candidate.meets(slos) ? 'yes' : 'no',
      candidate === best ? '← take this' : candidate === closest ? '← closest' : '',
    ]);
  const more = shown.length - rows.length + candidates.length - shown.length;
  return (
    `Settings that no other one beats in both ${plan.cost} and ${plan.delay}:\n` +
    formatRows('table', columns, rows) +
    (more > 0 ? `… and ${more} other${more === 1 ? '' : 's'} (-o csv has all)\n` : '')
  );
}

function planColumns(plan: Plan): readonly PrintColumn[] {
  return [
    { name: 'scenario' },
    ...plan.experiment.factorPaths.map((name) => ({ name })),
    ...measuresWritten(plan).map(({ name }) => ({ name })),
    { name: 'replications' },
    { name: 'meets_slos' },
    { name: 'on_front' },
    { name: 'best' },
  ];
}

function numbers(plan: Plan, candidate: Candidate): (string | number)[] {
  const { factors } = plan.experiment.scenarios[candidate.index];
  return [
    candidate.name,
    ...plan.experiment.factorPaths.map((path) => String(factors[path])),
    ...measuresWritten(plan).map(({ value }) => value(candidate) ?? ''),
    candidate.runs.length,
    String(candidate.meets(plan.slos)),
    String(plan.front.includes(candidate)),
    String(candidate === plan.best),
  ];
}
