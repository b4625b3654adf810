import { factorLabels, type Factor, type FactorValue } from './factors.js';
import { kindOf, numberOf } from './factor-ranges.js';
import { plain } from './problems.js';
import { didYouMean } from './nearest-name.js';
import { parsed, rejected, type Parsed } from './parsed.js';

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

/** Reads a condition of `spec.where`: comparisons of factors with values, one of which has to hold. */
export function parseWhere(text: string, factors: readonly Factor[]): Parsed<Filter> {
  if (/\s(and|&&)\s/.test(text))
    return rejected('all conditions of the list have to hold: write one for each side of "and"');
  const comparisons: Filter[] = [];
  for (const part of text.split(/\s+or\s+/)) {
    const comparison = parseComparison(part, factors);
    if (!comparison.ok) return comparison;
    comparisons.push(comparison.value);
  }
  return parsed((values) => comparisons.some((holds) => holds(values)));
}

function parseComparison(text: string, factors: readonly Factor[]): Parsed<Filter> {
  const match = /^\s*([^<>=!]+?)\s*([<>=!]+)\s*([^<>=!]+?)\s*$/.exec(text);
  if (match === null) return rejected(FORM);
  const [, name, operator, literal] = match;
  if (!OPERATORS.includes(operator)) {
    return rejected(
      `unknown operator ${operator}${operator === '=' ? '; did you mean ==?' : ''} (known: ${OPERATORS.join(' ')})`,
    );
  }
  const index = findFactor(name, factors);
  if (!index.ok) return index;
  const factor = factors[index.value];
  const holds = compareWith(unquoted(literal), operator, factor, name);
  return holds.ok ? parsed((values) => holds.value(values[index.value])) : holds;
}

/** The factor of that path, of a path that it is paired with, or of that label. */
function findFactor(name: string, factors: readonly Factor[]): Parsed<number> {
  const labels = factorLabels(factors);
  const found = factors.findIndex(({ path }, index) => {
    return path === name || labels[index] === name || path.split('&').some((part) => part.trim() === name);
  });
  if (found >= 0) return parsed(found);
  const known = [...factors.map(({ path }) => path), ...labels];
  const list = factors.length === 0 ? 'there are none' : `known: ${factors.map(({ path }) => path).join(', ')}`;
  return rejected(`there is no factor ${name}${didYouMean(name, known)} (${list})`);
}

/** Numbers, durations and sizes are compared by size; anything else is equal or not. */
function compareWith(
  literal: string,
  operator: string,
  factor: Factor,
  name: string,
): Parsed<(value: FactorValue) => boolean> {
  const kind = kindOf(factor.field);
  const numeric = kind === 'number' || kind === 'integer';
  const limit = numberOf(
    numeric && literal.trim() !== '' && !Number.isNaN(Number(literal)) ? Number(literal) : literal,
    kind,
  );
  const size = (value: FactorValue): number => {
    const result = numberOf(value, kind);
    return result.ok ? result.value : NaN;
  };
  if (isOrder(operator)) {
    if (kind === 'other') return rejected(`${name} has no order: compare it by == or !=`);
    return limit.ok ? parsed((value) => COMPARE[operator](size(value), limit.value)) : rejected(limit.reason);
  }
  const equal = (value: FactorValue): boolean => (limit.ok ? size(value) === limit.value : String(value) === literal);
  if (factor.range === null) {
    const values = factor.values.map((value) => plain(value, factor.field) as FactorValue);
    if (!values.some(equal)) {
      const texts = values.map(String);
      return rejected(`${name} is never ${literal}${didYouMean(literal, texts)} (its values: ${texts.join(', ')})`);
    }
  }
  return parsed(operator === '==' ? equal : (value) => !equal(value));
}

function isOrder(operator: string): operator is keyof typeof COMPARE {
  return Object.hasOwn(COMPARE, operator);
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}
