import { factorLabels, type Factor } from './factors.js';
import { factorValueOf, partsOf, type FactorValue } from './factor-value.js';
import { fieldKind, numberOf } from './factor-ranges.js';
import { didYouMean } from './values/nearest-name.js';
import { parsed, rejected, type Parsed } from './values/parsed.js';
import { isOurs, quotePathText } from './quoting.js';

/** Whether a combination of the factors' values is wanted. */
export type Filter = (values: readonly FactorValue[]) => boolean;

const COMPARE = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
} as const;

const OPERATORS = ['==', '!=', ...Object.keys(COMPARE)];

const FORM =
  'a condition compares a factor, such as "kubelet.syncFrequency <= 60s", or several joined by "or": ' +
  '"strategy == Watch or nodes < 1000"';

/** Comparisons in one condition: more is not written by hand. */
const COMPARISONS_MAX = 1_000;

/** A factor, or the part of one that sets a field of its own. */
interface Compared {
  /** Of the factor. */
  readonly index: number;
  readonly factor: Factor;
  readonly valueIn: (value: FactorValue) => FactorValue;
}

/** What a factor gives one of its fields. */
function partOf(whole: Compared, path: string, place: number): Compared {
  const { factor } = whole;
  const { values, fields } = factor;
  if (!values.some(({ type }) => type === 'list')) return whole;
  const field = fields[place];
  const own = values.map((value) => partsOf(value, fields.length)[place]);
  const known = new Map(
    own.map((value, index) => [factorValueOf(values[index], fields), factorValueOf(value, [field])]),
  );
  return {
    ...whole,
    factor: { ...factor, path, values: own, field, fields: [field] },
    valueIn: (value) => known.get(value) ?? value,
  };
}

/** Reads conditions of `spec.where`: comparisons of factors with values, one of which has to hold. */
export class Conditions {
  private readonly factors: readonly Factor[];
  /** What can be compared, by the path of a factor, a path that it is paired with, or its label. */
  private readonly compared = new Map<string, Compared>();

  constructor(factors: readonly Factor[]) {
    this.factors = factors;
    const labels = factorLabels(factors);
    factors.forEach((factor, index) => {
      const whole: Compared = { index, factor, valueIn: (value) => value };
      const parts = factor.path
        .split('&')
        .map((part, place) => [part.trim(), partOf(whole, part.trim(), place)] as const);
      for (const [name, compared] of [[factor.path, whole] as const, [labels[index], parts[0][1]] as const, ...parts]) {
        if (!this.compared.has(name)) this.compared.set(name, compared);
      }
    });
  }

  /** Takes time in proportion to the text's length. */
  read(text: string): Parsed<Filter> {
    const parts = alternativesOf(text);
    if (!parts.ok) return parts;
    if (parts.value.length > COMPARISONS_MAX) return rejected(`has more than ${COMPARISONS_MAX} comparisons`);
    const comparisons: Filter[] = [];
    for (const part of parts.value) {
      const comparison = this.readComparison(part);
      if (!comparison.ok) return comparison;
      comparisons.push(comparison.value);
    }
    return parsed((values) => comparisons.some((holds) => holds(values)));
  }

  private readComparison(text: string): Parsed<Filter> {
    const from = text.search(/[<>=!]/);
    if (from < 0) return rejected(FORM);
    const length = text.slice(from).search(/[^<>=!]/);
    const name = text.slice(0, from).trim();
    const literal = length < 0 ? '' : text.slice(from + length).trim();
    if (name === '' || literal === '' || /[<>=!]/.test(literal)) return rejected(FORM);
    const operator = text.slice(from, from + length);
    if (!OPERATORS.includes(operator)) {
      return rejected(
        `unknown operator${operator === '=' ? '; did you mean ==?' : ''} (known: ${OPERATORS.join(' ')})`,
      );
    }
    const compared = this.compared.get(name);
    if (compared === undefined) return rejected(this.noSuchFactor(name));
    const { index, factor, valueIn } = compared;
    const holds = compareWith(unquoted(literal), operator, factor);
    return holds.ok ? parsed((values) => holds.value(valueIn(values[index]))) : holds;
  }

  private noSuchFactor(name: string): string {
    if (this.factors.length === 0) return 'there is no such factor (there are none)';
    const known = this.factors.map(({ path }) => quotePathText(path));
    const labels = factorLabels(this.factors).map(quotePathText);
    return `there is no such factor${didYouMean(name, [...known, ...labels])} (known: ${known.join(', ')})`;
  }
}

/** The comparisons that `or` joins. */
function alternativesOf(text: string): Parsed<readonly string[]> {
  const parts: string[] = [];
  let start = 0;
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    if (word === 'and' || word === '&&')
      return rejected('all conditions of the list have to hold: write one for each side of "and"');
    if (word !== 'or') continue;
    parts.push(text.slice(start, index));
    start = index + word.length;
  }
  return parsed([...parts, text.slice(start)]);
}

/** Numbers, durations and sizes are compared by size; anything else is equal or not. */
function compareWith(literal: string, operator: string, factor: Factor): Parsed<(value: FactorValue) => boolean> {
  const kind = fieldKind(factor.field);
  const path = quotePathText(factor.path);
  const numeric = kind === 'number' || kind === 'integer';
  const limit = numberOf(numeric && !Number.isNaN(Number(literal)) ? Number(literal) : literal, kind);
  const size = (value: FactorValue): number => {
    const result = numberOf(value, kind);
    return result.ok ? result.value : NaN;
  };
  if (isOrder(operator)) {
    if (kind === 'other') return rejected(`${path} has no order: compare it by == or !=`);
    if (!limit.ok) return rejected(`what ${path} is compared with: ${limit.reason}`);
    return parsed((value) => COMPARE[operator](size(value), limit.value));
  }
  const equal = (value: FactorValue): boolean => (limit.ok ? size(value) === limit.value : String(value) === literal);
  if (factor.range === null) {
    const values = factor.values.map((value) => factorValueOf(value, factor.fields));
    if (!values.some(equal)) {
      const words = values.map(String).filter(isOurs);
      const known =
        words.length === values.length ? `its values: ${words.join(', ')}` : `it has ${values.length} others`;
      return rejected(`${path} never has this value${didYouMean(literal, words)} (${known})`);
    }
  }
  return parsed(operator === '==' ? equal : (value) => !equal(value));
}

function isOrder(operator: string): operator is keyof typeof COMPARE {
  return Object.hasOwn(COMPARE, operator);
}

function unquoted(text: string): string {
  const quote = text[0];
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}
