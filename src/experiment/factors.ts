import { formatDuration, parseDuration } from './durations.js';
import { accepts, alternatives, schemaAt, type JsonSchema } from './json-schema.js';
import { locate, nodeAt, type Located, type Step } from './located.js';
import { parsed, rejected, type Parsed } from './parsed.js';
import { formatPath, parsePath } from './path-text.js';
import { resolvePath } from './paths.js';
import { plain, type Problem } from './problems.js';
import { parseQuantity } from './quantities.js';
import { factorSchema, type FactorRange } from './schema.js';

/** What a factor can be: one value of a field. */
export type FactorValue = string | number | boolean;

/** A setting that takes several values, each with the place where it was written. */
export interface Factor {
  /** As the user wrote it: a column of `runs.csv`. */
  readonly path: string;
  /** From the top of `spec`. */
  readonly steps: readonly Step[];
  /** Further fields that take the same values in step (`a & b` sets a and b). */
  readonly paired: readonly (readonly Step[])[];
  readonly values: readonly Located[];
}

/** Fields of `spec` that hold for the experiment as a whole. */
const NO_FACTORS: readonly string[] = [
  'preset',
  'factors',
  'seed',
  'replications',
  'precision',
  'slos',
  'output.exceedances',
  'output.lastPodQuantiles',
];

/** Joins the paths of fields that vary together. */
const PAIR = ' & ';

/** Digits that survive the arithmetic of a range: 0.30000000000000004 becomes 0.3. */
const SIGNIFICANT_DIGITS = 12;

/** Ranges of durations from this on are rounded to whole milliseconds. */
const COARSE_DURATION_US = 1_000_000;

/**
 * The factors of an experiment, in the order of the file, with the problems found in them. `tree` and
 * `schema` are those of `spec`. Factors that the schema refuses are left out.
 */
export function expandFactors(
  tree: Located,
  schema: JsonSchema,
): { readonly factors: readonly Factor[]; readonly problems: readonly Problem[] } {
  const written = nodeAt(tree, ['factors']);
  const factors: Factor[] = [];
  const problems: Problem[] = [];
  if (written?.type !== 'map') return { factors, problems };
  for (const [path, { value }] of written.entries) {
    const steps = ['spec', 'factors', path];
    const fields = pairedSteps(path, tree, schema, factors);
    if (!fields.ok) problems.push({ steps, part: 'key', message: fields.reason });
    const values = factorSchema.safeParse(plain(value, undefined));
    if (!fields.ok || !values.success) continue;
    const [first, ...paired] = fields.value;
    const expanded = expandValues(values.data, value, schemaAt(schema, first));
    if (expanded.ok) factors.push({ path, steps: first, paired, values: expanded.value });
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
    if (fields.some((each) => overlap(each, steps.value))) return rejected(`${part.trim()} is named twice`);
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
  return other === undefined ? steps : rejected(`sets the same field as the factor ${other.path}`);
}

/** True where one of the paths lies on the other. */
function overlap(a: readonly Step[], b: readonly Step[]): boolean {
  return Array.from({ length: Math.min(a.length, b.length) }).every((_, index) => a[index] === b[index]);
}

/** A factor's values, no two of them alike. */
function expandValues(
  values: readonly FactorValue[] | FactorRange,
  node: Located,
  field: JsonSchema | undefined,
): Parsed<readonly Located[]> {
  const expanded =
    'steps' in values ? rangeValues(values, node, field) : parsed(node.type === 'list' ? node.items : []);
  if (!expanded.ok) return expanded;
  const texts = expanded.value.map((value) => JSON.stringify(plain(value, field)));
  const double = texts.find((text, index) => texts.indexOf(text) !== index);
  return double === undefined ? expanded : rejected(`the value ${double} occurs twice`);
}

/** The values of a range, each placed where the range was written. */
function rangeValues(range: FactorRange, node: Located, field: JsonSchema | undefined): Parsed<readonly Located[]> {
  const values = rangeNumbers(range, field);
  return values.ok ? parsed(values.value.map((value) => locate(value, node.origin))) : values;
}

function rangeNumbers(range: FactorRange, field: JsonSchema | undefined): Parsed<readonly (string | number)[]> {
  const { from, to } = range;
  if (typeof from === 'number' && typeof to === 'number') {
    if (!accepts(field, 'integer') && !accepts(field, 'number')) return rejected('the field is not a number');
    const whole = accepts(field, 'integer');
    return spread(range, from, to, (value) =>
      whole ? Math.round(value) : Number(value.toPrecision(SIGNIFICANT_DIGITS)),
    );
  }
  const titles = alternatives(field).map(({ title }) => title ?? '');
  if (titles.some((title) => title.includes('duration'))) {
    const [first, last] = [parseDuration(String(from)), parseDuration(String(to))];
    if (!first.ok) return rejected(`from: ${first.reason}`);
    if (!last.ok) return rejected(`to: ${last.reason}`);
    const unit = Math.min(first.value, last.value) >= COARSE_DURATION_US ? 1_000 : 1;
    return spread(range, first.value, last.value, (us) => formatDuration(Math.round(us / unit) * unit));
  }
  if (!titles.includes('a size')) return rejected('a range needs two numbers, two durations or two sizes');
  const [first, last] = [parseQuantity(String(from)), parseQuantity(String(to))];
  if (!first.ok) return rejected(`from: ${first.reason}`);
  return last.ok ? spread(range, first.value, last.value, Math.round) : rejected(`to: ${last.reason}`);
}

/** Evenly or geometrically spaced values; the ends are exact. */
function spread<T extends string | number>(
  { steps, scale }: FactorRange,
  from: number,
  to: number,
  finish: (value: number) => T,
): Parsed<readonly T[]> {
  if (scale === 'log' && (from <= 0 || to <= 0)) return rejected('a logarithmic range needs two ends above zero');
  return parsed(
    Array.from({ length: steps }, (_, index) => {
      if (index === steps - 1) return finish(to);
      const share = index / (steps - 1);
      return finish(scale === 'log' ? from * (to / from) ** share : from + (to - from) * share);
    }),
  );
}

/** Every combination of one value per factor; the last factor varies fastest. */
export function combinations(factors: readonly Factor[]): readonly (readonly Located[])[] {
  return factors.reduce<Located[][]>(
    (before, { values }) => before.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

/** Field names that are too long for a table. */
const SHORT_NAMES: Readonly<Record<string, string>> = { configMapAndSecretChangeDetectionStrategy: 'strategy' };

/**
 * Short labels of the factors, for the names of scenarios: the last name of each path, with as many
 * names before it as it takes to tell the factors apart. Classes of objects keep their name.
 */
export function factorLabels(factors: readonly Factor[]): readonly string[] {
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
