import { max, rollup } from 'd3-array';
import type { ModelInput } from '../../cluster/model/model-input.js';
import { lifecycleProblems, specProblems } from './checks.js';
import { compileCluster, compilePrecision, compileScenario, resolveDefaults, type Samples } from './compile.js';
import { checkDocument, type Draft, draftScenarios } from './drafts.js';
import { factorLabels, type Factor } from './factors.js';
import type { FactorValue } from './factor-value.js';
import { InputError } from './values/input-error.js';
import type { JsonSchema } from './values/json-schema.js';
import { readLayers, type Overrides, type ReadSource } from './layers.js';
import type { Located } from './values/located.js';
import { formatPath } from './values/path-text.js';
import { ProblemReport } from './problem-report.js';
import { formatProblems } from './problems.js';
import { jsonSchema, type ExperimentSpec } from './schema.js';
import type { Precision } from './precision.js';
import { parseSlo, type Slo } from './values/slo.js';
import { sourceLabel } from './source.js';
import { importedTargets, syntheticTargets } from './targets.js';
import { timelineProblems, type TimelineCluster } from './timeline-checks.js';
import { readTopologies, type Topologies, type Topology, type TopologySource } from './topologies.js';
import { operatorProblems } from './operators-checks.js';
import { projectedReleaseProblems } from './projected-source-checks.js';
import { specWarnings } from './warnings.js';

/** One combination of the factors' values. */
export interface Scenario {
  /** From 0. */
  readonly index: number;
  /** `strategy=Watch nodes=100`; `base` where there are no factors. */
  readonly name: string;
  /** Value of each factor, by path. */
  readonly factors: Readonly<Record<string, FactorValue>>;
  readonly input: ModelInput;
}

/** A question, read and checked: everything that its runs need. */
export interface ReadExperiment {
  readonly name: string;
  /** What it is to find out, in the user's words; it determines nothing. */
  readonly question?: string;
  /** The files as the user named them. */
  readonly file: string;
  /** Of each scenario; with a precision the fewest. */
  readonly replications: number;
  /** Replications are added until this is reached; null: their number is fixed. */
  readonly precision: Precision | null;
  readonly seed: string;
  readonly factorPaths: readonly string[];
  readonly scenarios: readonly Scenario[];
  /** Preset merged in, defaults filled in, factors not applied: plain JSON, durations as text. */
  readonly spec: ExperimentSpec;
  readonly slos: readonly Slo[];
  /** Other files that were read, as the experiment names them. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  /** What the user may not have meant, one sentence each. */
  readonly warnings: readonly string[];
}

/** The same with its hash, by which results are known. */
export interface Experiment extends ReadExperiment {
  /** SHA-256, hexadecimal, of everything that determines the results. */
  readonly hash: string;
}

/** How an experiment differs from its file. */
export interface LoadOptions extends Overrides {
  readonly samples?: Samples;
}

/** Where the parts of an experiment come from: files, or what a page holds. */
export interface Sources {
  readonly readSource: ReadSource;
  readonly topologies: TopologySource;
}

/** How a document is built. */
export interface BuildOptions {
  readonly samples?: Samples;
  readonly schema?: JsonSchema;
  readonly topologies: TopologySource;
}

/** An experiment that is not hashed yet. */
export interface BuiltExperiment {
  readonly experiment: ReadExperiment;
  /** Everything that determines the results, as plain data. */
  readonly determinants: object;
}

/** Fields that others take their defaults from. */
const DEFAULTS_FROM = ['cluster.kubernetesVersion', 'cluster.kubeletVersion', 'cluster.topology', 'duration'];

/**
 * Reads an experiment (later documents are laid over earlier ones), checks it and expands its scenarios.
 * Throws an InputError with every problem found.
 */
export async function readExperiment(
  files: readonly string[],
  options: LoadOptions,
  { readSource, topologies }: Sources,
): Promise<BuiltExperiment> {
  const { samples = 'none' } = options;
  if (typeof samples === 'number' && (!Number.isInteger(samples) || samples < 1)) {
    throw new InputError([`--samples: expected none, all or a whole number from 1`]);
  }
  const schema = jsonSchema();
  const tree = await readLayers(files, options, schema, readSource);
  return buildExperiment(tree, files.map(sourceLabel).join(' '), { samples, schema, topologies });
}

/** Checks a document whose layers are put together, and expands its scenarios. Throws an InputError with every problem found. */
export async function buildExperiment(
  tree: Located,
  file: string,
  { samples = 'none', schema = jsonSchema(), topologies: source }: BuildOptions,
): Promise<BuiltExperiment> {
  const { metadata, spec, factors } = checkDocument(tree, schema);
  const { name, question } = metadata;
  const drafts = draftScenarios(tree, spec, factors, schema);
  const topologies = await readTopologies(drafts, source);
  checkDrafts(drafts, factors, topologies);

  const labels = factorLabels(factors);
  const scenarios = drafts.map((draft, index): Scenario => {
    const label = labels.map((each, factor) => `${each}=${String(draft.values[factor])}`).join(' ');
    return {
      index,
      name: spec.names?.[index] ?? scenarioName(label, index === 0 ? spec.baseline : undefined),
      factors: Object.fromEntries(factors.map(({ path }, factor) => [path, draft.values[factor]])),
      input: compileScenario(resolveDefaults(draft.spec), topologies.of(draft)?.file ?? null, samples),
    };
  });
  const precision = compilePrecision(spec);
  const dependent = factors.some(({ steps }) => DEFAULTS_FROM.includes(formatPath(steps.map(String))));
  const experiment = {
    name,
    ...(question !== undefined && { question }),
    file,
    replications: precision?.min ?? spec.replications,
    precision,
    seed: spec.seed,
    factorPaths: factors.map(({ path }) => path),
    scenarios,
    spec: dependent ? spec : resolveDefaults(spec),
    slos: spec.slos.map(readSlo),
    inputs: topologies.inputs,
    warnings: [...new Set(drafts.flatMap((draft) => specWarnings(draft.spec)))],
  };
  const clusters = drafts.map((draft) => clusterHash(draft, topologies.of(draft)));
  return { experiment, determinants: determinantsOf(name, spec, scenarios, clusters) };
}

/** What a scenario is called: its factors and their values, and the baseline by its own name, too. */
function scenarioName(label: string, baseline: string | undefined): string {
  if (baseline === undefined) return label === '' ? 'base' : label;
  return label === '' ? baseline : `${baseline} (${label})`;
}

/** Checks what holds between fields, for every scenario. Throws an InputError with all problems. */
function checkDrafts(drafts: readonly Draft[], factors: readonly Factor[], topologies: Topologies): void {
  const report = new ProblemReport(factors, topologies.problems);
  for (const draft of drafts) {
    const { spec, tree, values } = draft;
    const topology = topologies.of(draft);
    const known = spec.cluster.topology === undefined || topology !== undefined;
    const cluster = known ? compileCluster(spec, topology?.file ?? null) : null;
    const problems = [...specProblems(spec), ...timelineProblems(spec, cluster && heldAgainst(cluster, topology))];
    const checkTarget = cluster && heldAgainst(cluster, topology).checkTarget;
    problems.push(...operatorProblems(spec, checkTarget, topology?.file ?? null));
    if (cluster !== null) problems.push(...projectedReleaseProblems(spec, cluster));
    if (cluster !== null && problems.length === 0) problems.push(...lifecycleProblems(spec, topology?.file ?? null));
    report.add(formatProblems(problems, tree), values);
  }
  report.throwIfAny();
}

/** What a timeline is held against in a cluster. */
function heldAgainst(cluster: ModelInput['cluster'], population: Topology | undefined): TimelineCluster {
  if (cluster.type === 'synthetic') {
    const { classes, nodes, deploymentReplicas } = cluster;
    return { checkTarget: syntheticTargets(classes), nodes, replicas: deploymentReplicas };
  }
  const { nodes, pods } = cluster.file;
  const byWorkload = rollup(
    pods.filter(({ workload }) => workload !== undefined),
    (each) => each.length,
    ({ workload }) => workload,
  );
  const checkTarget = population?.checkTarget ?? importedTargets(cluster.file);
  return { checkTarget, nodes: nodes.length, replicas: max(byWorkload.values()) ?? 0 };
}

function readSlo(text: string): Slo {
  const result = parseSlo(text);
  if (!result.ok) throw new TypeError(`${text}: ${result.reason}`);
  return result.value;
}

/** What stands for a topology in a hash: its own, and by how much it is enlarged. */
function clusterHash({ spec }: Draft, topology: Topology | undefined): string | object | undefined {
  const { scale = 1 } = spec.cluster;
  return topology === undefined || scale === 1 ? topology?.sha256 : { topology: topology.sha256, scale };
}

/** Imported clusters are represented by the hashes of their topologies; undefined for those made from counts. */
function determinantsOf(
  name: string,
  { replications, precision, seed }: ExperimentSpec,
  scenarios: readonly Scenario[],
  clusters: readonly (string | object | undefined)[],
): object {
  const inputs = scenarios.map(({ factors, input }, index) => ({
    factors,
    input: { ...input, cluster: clusters[index] ?? input.cluster },
  }));
  return { name, replications, ...(precision && { precision }), seed, inputs };
}
