import { factorLabels, type Factor, type FactorValue } from './factors.js';
import { fieldKind, numberOf } from './factor-ranges.js';
import { didYouMean } from './values/nearest-name.js';
import { parsed, rejected, type Parsed } from './values/parsed.js';
import { plain } from './problems.js';
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

/** Reads conditions of `spec.where`: comparisons of factors with values, one of which has to hold. */
export class Conditions {
  private readonly factors: readonly Factor[];
  /** Index of a factor by its path, a path that it is paired with, or its label. */
  private readonly indices = new Map<string, number>();

  constructor(factors: readonly Factor[]) {
    this.factors = factors;
    const labels = factorLabels(factors);
    factors.forEach(({ path }, index) => {
      for (const name of [path, labels[index], ...path.split('&').map((part) => part.trim())]) {
        if (!this.indices.has(name)) this.indices.set(name, index);
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
    const index = this.indices.get(name);
    if (index === undefined) return rejected(this.noSuchFactor(name));
    const holds = compareWith(unquoted(literal), operator, this.factors[index]);
    return holds.ok ? parsed((values) => holds.value(values[index])) : holds;
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
    const values = factor.values.map((value) => plain(value, factor.field) as FactorValue);
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
