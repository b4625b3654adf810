import { combinations } from './design.js';
import { designProblems, filterOf } from './design-checks.js';
import { expandFactors, type Factor } from './factors.js';
import { factorValueOf, partsOf, type FactorValue } from './factor-value.js';
import { ProblemReport } from './problem-report.js';
import { formatProblems, plain, schemaProblems, type Problem } from './problems.js';
import { experimentSchema, type ExperimentSpec, type Metadata } from './schema.js';
import { InputError } from './values/input-error.js';
import { fieldSchema, type JsonSchema } from './values/json-schema.js';
import { countParts, nodeAt, replaceAt, textAt, type Located } from './values/located.js';

/** A scenario whose fields are right one by one. */
export interface Draft {
  readonly tree: Located;
  readonly values: readonly FactorValue[];
  readonly spec: ExperimentSpec;
}

/** The document's metadata and spec and the factors. Throws an InputError with all problems of form. */
export function checkDocument(
  tree: Located,
  schema: JsonSchema,
): { readonly metadata: Metadata; readonly spec: ExperimentSpec; readonly factors: readonly Factor[] } {
  const result = parse(plain(tree, schema));
  const problems: Problem[] = result.success ? [] : schemaProblems(result.error.issues, tree, schema);
  const specTree = nodeAt(tree, ['spec']) ?? tree;
  const sampled = ['lhs', 'sobol'].includes(textAt(nodeAt(specTree, ['design']), 'kind') ?? '');
  const expanded = expandFactors(specTree, fieldSchema(schema, 'spec') ?? {}, sampled);
  const all = [...problems, ...expanded.problems];
  if (result.success && expanded.problems.length === 0) {
    all.push(...designProblems(result.data.spec, expanded.factors, countParts(specTree)));
  }
  if (all.length > 0 || !result.success) throw new InputError(formatProblems(all, tree));
  return { metadata: result.data.metadata, spec: result.data.spec, factors: expanded.factors };
}

/** Every scenario with its factors' values put in place. Throws an InputError that names the factors at fault. */
export function draftScenarios(
  tree: Located,
  written: ExperimentSpec,
  factors: readonly Factor[],
  schema: JsonSchema,
): Draft[] {
  const report = new ProblemReport(factors);
  const drafts: Draft[] = [];
  const wanted = filterOf(written, factors);
  for (const combination of combinations(factors, written)) {
    const values = factors.map(({ fields }, index) => factorValueOf(combination[index], fields));
    if (!wanted(values)) continue;
    const changed = factors.reduce<Located>((below, { steps, paired }, index) => {
      const parts = partsOf(combination[index], paired.length + 1);
      return [steps, ...paired].reduce((tree, field, part) => replaceAt(tree, ['spec', ...field], parts[part]), below);
    }, tree);
    const result = parse(plain(changed, schema));
    if (result.success) drafts.push({ tree: changed, values, spec: result.data.spec });
    const problems = result.success ? [] : schemaProblems(result.error.issues, changed, schema);
    report.add(formatProblems(problems, changed), values);
  }
  report.throwIfAny();
  if (drafts.length === 0) {
    const message = 'no scenario is left: no combination of the factors meets all conditions';
    throw new InputError(formatProblems([{ steps: ['spec', 'where'], message }], tree));
  }
  const misnamed = nameProblem(written.names, drafts.length);
  if (misnamed !== undefined) {
    throw new InputError(formatProblems([{ steps: ['spec', 'names'], message: misnamed }], tree));
  }
  return drafts;
}

/** Without code compiled for each section: it is made for millions of documents, and here there are hundreds at most. */
function parse(document: unknown): ReturnType<typeof experimentSchema.safeParse> {
  return experimentSchema.safeParse(document, { jitless: true });
}

/** What is wrong with the names of so many scenarios. */
function nameProblem(names: readonly string[] | undefined, scenarios: number): string | undefined {
  if (names === undefined) return undefined;
  if (names.length !== scenarios) return `names ${names.length} scenarios, and there are ${scenarios}`;
  return new Set(names).size < names.length ? 'gives two scenarios the same name' : undefined;
}
