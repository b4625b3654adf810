import { rangeValue, type RangeValue } from './factor-ranges.js';
import { factorValueOf, type FactorValue } from './factor-value.js';
import { PAIR } from './joint-values.js';
import { alternatives, schemaAt, type JsonSchema } from './values/json-schema.js';
import { locate, nodeAt, type Located, type Step } from './values/located.js';
import { parsed, rejected, type Parsed } from './values/parsed.js';
import { formatPath, parsePath } from './values/path-text.js';
import { quotePathText } from './quoting.js';
import { resolvePath } from './paths.js';
import { plain, type Problem } from './problems.js';
import { factorSchema, type FactorRange } from './schema.js';

/** A setting that takes several values, each with the place where it was written. */
export interface Factor {
  /** As the user wrote it: a column of `runs.csv`. */
  readonly path: string;
  /** From the top of `spec`. */
  readonly steps: readonly Step[];
  /** Further fields that vary in step (`a & b` sets a and b): to the same values, or to the parts of each. */
  readonly paired: readonly (readonly Step[])[];
  /** Its values; of a range without steps, its ends. */
  readonly values: readonly Located[];
  /** The value at a share of its range, or of its values, from 0 to 1. */
  readonly at: (share: number) => Located;
  /** null where the factor has only its values. */
  readonly range: RangeValue | null;
  /** Schema of its field; undefined where its values have a part for each of several. */
  readonly field: JsonSchema | undefined;
  /** Schema of each field that it sets. */
  readonly fields: readonly (JsonSchema | undefined)[];
}

/** Fields of `spec` that hold for the experiment as a whole. */
export const NO_FACTORS: readonly string[] = [
  'preset',
  'factors',
  'design',
  'where',
  'seed',
  'replications',
  'precision',
  'slos',
  'output.exceedances',
  'output.lastPodQuantiles',
  'output.rotation',
  'output.groups',
  'baseline',
  'names',
];

/** More factors than anyone varies; the comparison of their paths is quadratic. */
const FACTORS_MAX = 100;

/**
 * The factors of an experiment, in the order of the file, with the problems found in them. `tree` and
 * `schema` are those of `spec`. Factors that the schema refuses are left out.
 * @param sampled the design takes values from within ranges
 */
export function expandFactors(
  tree: Located,
  schema: JsonSchema,
  sampled: boolean,
): { readonly factors: readonly Factor[]; readonly problems: readonly Problem[] } {
  const written = nodeAt(tree, ['factors']);
  const factors: Factor[] = [];
  const problems: Problem[] = [];
  if (written?.type !== 'map') return { factors, problems };
  if (written.entries.size > FACTORS_MAX) {
    const message = `there are ${written.entries.size} factors; at most ${FACTORS_MAX} are allowed`;
    return { factors, problems: [{ steps: ['spec', 'factors'], part: 'key', message }] };
  }
  for (const [path, { value }] of written.entries) {
    const steps = ['spec', 'factors', path];
    const fields = pairedSteps(path, tree, schema, factors);
    if (!fields.ok) problems.push({ steps, part: 'key', message: fields.reason });
    const values = factorSchema.safeParse(plain(value, undefined));
    if (!fields.ok || !values.success) continue;
    const [first, ...paired] = fields.value;
    const schemas = fields.value.map((each) => schemaAt(schema, each));
    const expanded = expandValues(values.data, value, schemas, sampled);
    if (expanded.ok) factors.push({ path, steps: first, paired, ...expanded.value });
    else problems.push({ steps, message: expanded.reason });
  }
  return { factors, problems };
}

/** The steps to each field of a factor: one, or several that are joined by ` & `. */
function pairedSteps(
  path: string,
  tree: Located,
  schema: JsonSchema,
  others: readonly Factor[],
): Parsed<readonly (readonly Step[])[]> {
  const fields: (readonly Step[])[] = [];
  for (const part of path.split(PAIR)) {
    const steps = factorSteps(part.trim(), tree, schema, others);
    if (!steps.ok) return steps;
    if (fields.some((each) => overlap(each, steps.value))) return rejected(`${quotePathText(part)} is named twice`);
    fields.push(steps.value);
  }
  return parsed(fields);
}

/** The steps to a field that may be a factor, beside those before it. */
function factorSteps(
  path: string,
  tree: Located,
  schema: JsonSchema,
  others: readonly Factor[],
): Parsed<readonly Step[]> {
  const names = parsePath(path);
  if (!names.ok) return names;
  const general = NO_FACTORS.find((each) => each === names.value[0] || each === names.value.slice(0, 2).join('.'));
  if (general !== undefined) return rejected(`${general} is one for the whole experiment`);
  const steps = resolvePath(names.value, tree, schema);
  if (!steps.ok) return steps;
  const single = alternatives(schemaAt(schema, steps.value)).some(({ type }) => type !== 'object' && type !== 'array');
  if (!single) return rejected('is not a single value: name one of its fields');
  const other = others.find((each) => [each.steps, ...each.paired].some((field) => overlap(field, steps.value)));
  return other === undefined ? steps : rejected(`sets the same field as the factor ${quotePathText(other.path)}`);
}

/** True where one of the paths lies on the other. */
export function overlap(a: readonly Step[], b: readonly Step[]): boolean {
  return Array.from({ length: Math.min(a.length, b.length) }).every((_, index) => a[index] === b[index]);
}

type Values = Pick<Factor, 'values' | 'at' | 'range' | 'field' | 'fields'>;

/** One value for all fields of a factor, or one for each. */
type WrittenValue = FactorValue | readonly FactorValue[];

/** A factor's values, no two of them alike. */
function expandValues(
  values: readonly WrittenValue[] | FactorRange,
  node: Located,
  fields: readonly (JsonSchema | undefined)[],
  sampled: boolean,
): Parsed<Values> {
  const expanded = 'from' in values ? expandRange(values, node, fields, sampled) : expandList(values, node, fields);
  if (!expanded.ok) return expanded;
  const texts = expanded.value.values.map((value) => JSON.stringify(factorValueOf(value, fields)));
  const first = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    const before = first.get(text);
    if (before !== undefined) return rejected(`value ${index + 1} is the same as value ${before + 1}`);
    first.set(text, index);
  }
  return expanded;
}

/** Values that are written one by one; each is one for all fields, or each has a part for each field. */
function expandList(
  values: readonly WrittenValue[],
  node: Located,
  fields: readonly (JsonSchema | undefined)[],
): Parsed<Values> {
  const items = node.type === 'list' ? node.items : [];
  if (!values.some(Array.isArray)) return parsed(listed(items, fields));
  if (fields.length === 1) return rejected('a list as a value sets several fields: join their paths by " & "');
  const other = values.findIndex((value) => !Array.isArray(value) || value.length !== fields.length);
  if (other < 0) return parsed({ ...listed(items, fields), field: undefined });
  return rejected(`value ${other + 1} has to be a list of ${fields.length} values, one for each path, as others are`);
}

function listed(values: readonly Located[], fields: readonly (JsonSchema | undefined)[]): Values {
  const at = (share: number): Located => values[Math.min(values.length - 1, Math.floor(share * values.length))];
  return { values, at, range: null, field: fields[0], fields };
}

/** A range, with each of its values placed where it was written. */
function expandRange(
  range: FactorRange,
  node: Located,
  fields: readonly (JsonSchema | undefined)[],
  sampled: boolean,
): Parsed<Values> {
  const { steps } = range;
  const [field] = fields;
  const value = rangeValue(range, field);
  if (!value.ok) return value;
  const at = (share: number): Located => locate(value.value(share), node.origin);
  if (steps !== undefined) {
    return parsed(
      listed(
        Array.from({ length: steps }, (_, index) => at(index / (steps - 1))),
        fields,
      ),
    );
  }
  if (sampled) return parsed({ values: [at(0), at(1)], at, range: value.value, field, fields });
  return rejected('a range needs steps, or a design that samples it ({kind: lhs, points: 64})');
}

/** Field names that are too long for a table. */
const SHORT_NAMES: Readonly<Record<string, string>> = { configMapAndSecretChangeDetectionStrategy: 'strategy' };

/**
 * Short labels of the factors, for the names of scenarios: the last name of each path, with as many
 * names before it as it takes to tell the factors apart. Classes of objects keep their name.
 */
export function factorLabels(factors: readonly Pick<Factor, 'path'>[]): readonly string[] {
  const names = factors.map(({ path }) => {
    const result = parsePath(path.split(PAIR)[0]);
    return result.ok ? result.value : [path];
  });
  return names.map((path) => {
    const least = path[0] === 'objects' || path[0] === 'timeline' ? 2 : 1;
    for (let length = least; length < path.length; length++) {
      const tail = path.slice(-length);
      const same = names.filter((other) => formatPath(other.slice(-length)) === formatPath(tail));
      if (same.length === 1) return labelOf(tail);
    }
    return labelOf(path);
  });
}

function labelOf(names: readonly string[]): string {
  return formatPath(names.map((name) => SHORT_NAMES[name] ?? name));
}
