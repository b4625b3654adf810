import { dirname, isAbsolute, join, relative } from 'node:path';
import { stringify } from 'yaml';
import type { Metric } from '../cluster/model/run-record.js';
import type { Experiment, Scenario } from '../experiment/language/experiment.js';
import { writtenValue } from '../experiment/language/factor-value.js';
import { loadExperiment } from '../experiment/language/load-experiment.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { metricsOf } from '../experiment/language/values/metrics.js';
import { API_VERSION, KIND } from '../experiment/language/schema.js';
import { didYouMean } from '../experiment/language/values/nearest-name.js';
import { parseSlo, type Slo, tooFewReplications } from '../experiment/language/values/slo.js';
import { refuseExisting, writeTogether } from '../report/output-files.js';
import { Candidate } from './candidate.js';
import { DEFAULT_KNOBS, knobOverrides } from './knobs.js';
import { type MeasureOptions, Measurer } from './measurer.js';
import { refuseWithoutValue } from './no-value.js';
import { findCheapest, paretoFront } from './search.js';

/** What is looked for, and among what. */
export interface PlanOptions extends MeasureOptions {
  /** As in `spec.slos`, beside those of the experiment. */
  readonly slos?: readonly string[];
  /** `PATH=[VALUE, …]`: beside the factors of the experiment. */
  readonly knobs?: readonly string[];
  readonly set?: readonly string[];
  readonly seed?: string;
  /** Replications after which a setting is judged for good. Default: those of the experiment. */
  readonly replications?: number;
  /** To be low among the settings that meet the SLOs. */
  readonly cost: Metric;
  /** Delay that is weighed against it. */
  readonly delay: Metric;
  /** Where the experiment of the answer is written. */
  readonly out?: string;
  /** Replaces `out`. */
  readonly force?: boolean;
}

/** The answer to "which settings?". */
export interface Plan {
  readonly experiment: Experiment;
  readonly slos: readonly Slo[];
  readonly cost: Metric;
  readonly delay: Metric;
  readonly candidates: readonly Candidate[];
  /** The cheapest that meets the SLOs; null: none does. */
  readonly best: Candidate | null;
  /** The one that misses them least, where none meets them. */
  readonly closest: Candidate | null;
  /** Settings that no other one beats in both cost and delay, cheapest first. */
  readonly front: readonly Candidate[];
  /** Replications after which a setting is judged for good. */
  readonly replications: number;
  /** Runs computed, of those that a run of all settings takes. */
  readonly runs: number;
  readonly allRuns: number;
  /** The file written, if any. */
  readonly file: string | null;
}

/**
 * Finds the cheapest of an experiment's settings that meets service level objectives, the settings being the
 * combinations of its factors and of more knobs.
 * @throws InputError for bad input, or an SLO that the experiment gives no value; SearchInterrupted when the signal came
 */
export async function planExperiment(files: readonly string[], options: PlanOptions): Promise<Plan> {
  const { out, cost, delay } = options;
  if (out !== undefined) await refuseExisting([out], options.force === true);
  const experiment = await loadKnobs(files, options);
  const slos = slosToMeet(experiment, options.slos ?? []);
  for (const metric of [cost, delay]) requireMetric(experiment, metric);
  const { replications } = experiment;
  const measurer = new Measurer(options);
  const candidates = experiment.scenarios.map(({ index, name }) => new Candidate(index, name));
  const best = await findCheapest(candidates, { slos, cost, delay, replications }, async (wanted, count) => {
    await measurer.measure(experiment, wanted, count);
    refuseWithoutValue(slos, candidates);
  });
  const closest = best === null ? candidates.toSorted((a, b) => a.worstMiss(slos) - b.worstMiss(slos))[0] : null;
  const answer = best ?? closest;
  if (out !== undefined && answer !== null)
    await writeProof(out, files, experiment, experiment.scenarios[answer.index], slos);
  return {
    experiment,
    slos,
    cost,
    delay,
    candidates,
    best,
    closest,
    front: paretoFront(candidates, cost, delay),
    replications,
    runs: measurer.runs,
    allRuns: candidates.length * replications,
    file: out ?? null,
  };
}

/** The experiment with its knobs as factors; with the default ones where neither it nor the user names any. */
async function loadKnobs(files: readonly string[], options: PlanOptions): Promise<Experiment> {
  const { set = [], seed, replications, knobs = [] } = options;
  const load = (more: readonly string[]): Promise<Experiment> =>
    loadExperiment(files, {
      set: [...set, ...knobOverrides(more)],
      ...(seed !== undefined && { seed }),
      ...(replications !== undefined && { replications }),
    });
  const experiment = await load(knobs);
  if (experiment.precision !== null)
    throw new InputError([
      `${experiment.file}: plan needs a fixed number of replications: leave spec.precision out, and give --replications`,
    ]);
  return experiment.factorPaths.length > 0 ? experiment : load(DEFAULT_KNOBS);
}

/** The SLOs of the experiment and of the user. Throws an InputError where there are none, or one cannot be read. */
export function slosToMeet(experiment: Experiment, texts: readonly string[]): readonly Slo[] {
  const problems: string[] = [];
  const slos = texts.flatMap((text, index) => {
    const slo = parseSlo(text);
    const problem = slo.ok ? problemOf(slo.value, experiment) : slo.reason;
    if (slo.ok && problem === null) return [slo.value];
    problems.push(`--slo number ${index + 1}: ${problem}`);
    return [];
  });
  const all = [...experiment.slos, ...slos];
  if (problems.length === 0 && all.length === 0)
    problems.push("plan needs an SLO: --slo 'delay_p99_s < 90', or spec.slos in the experiment");
  if (problems.length > 0) throw new InputError(problems);
  return all;
}

/** Why an SLO cannot be judged of an experiment; null where it can. */
function problemOf(slo: Slo, experiment: Experiment): string | null {
  return missingThreshold(slo.metric, experiment) ?? tooFewReplications(slo, experiment.replications);
}

/** Throws an InputError for the share of a threshold that the experiment does not have. */
function requireMetric(experiment: Experiment, metric: Metric): void {
  const problem = missingThreshold(metric, experiment);
  if (problem !== null) throw new InputError([problem]);
}

function missingThreshold(metric: Metric, { spec, file }: Experiment): string | null {
  const known = metricsOf(spec);
  if (known.includes(metric)) return null;
  return `${metric}: ${file} has no such threshold in output.exceedances${didYouMean(metric, known)}`;
}

/** Writes the experiment of one scenario, whose run shows what is said of it. */
async function writeProof(
  out: string,
  files: readonly string[],
  experiment: Experiment,
  { factors }: Scenario,
  slos: readonly Slo[],
): Promise<void> {
  const spec = structuredClone(experiment.spec) as unknown as Record<string, unknown>;
  for (const field of ['design', 'where']) Reflect.deleteProperty(spec, field);
  spec['factors'] = Object.fromEntries(
    Object.entries(factors).map(([path, value]) => [path, [writtenValue(experiment.spec.factors[path], value)]]),
  );
  spec['slos'] = slos.map(({ text }) => text);
  const cluster = spec['cluster'] as { topology?: string };
  if (cluster.topology !== undefined && !isAbsolute(cluster.topology))
    cluster.topology = relative(dirname(out), join(dirname(files[0]), cluster.topology));
  const document = {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {
      name: `${experiment.name}-plan`,
      ...(experiment.question !== undefined && { question: experiment.question }),
    },
    spec,
  };
  const text = `# Made by secretsim plan: secretsim run of this file shows what the plan says.\n${stringify(document)}`;
  await writeTogether([{ path: out, bytes: Buffer.from(text) }]);
}
