import type { FactorValue } from '../experiment/language/factor-value.js';
import { parseDuration } from '../experiment/language/values/durations.js';
import { parsePercent } from '../experiment/language/values/percent.js';
import { parseQuantity } from '../experiment/language/values/quantities.js';
import { parseRate } from '../experiment/language/values/rates.js';
import { SECOND_US } from '../sim/units.js';
import type { Column } from './columns.js';

/** The values of a factor as numbers of one unit, which stands in the name of their column. */
export interface NumericTwin {
  readonly column: Column;
  /** null for a word, such as `auto`. */
  readonly cellOf: (value: FactorValue) => number | null;
}

/** A unit that values of factors are written in. */
interface WrittenUnit {
  /** Of the column's name. */
  readonly suffix: string;
  readonly unit: string;
  /** null where the text is no value in it. */
  readonly read: (text: string) => number | null;
  /** Whether plain numbers stand for the same. */
  readonly plain: boolean;
}

const UNITS: readonly WrittenUnit[] = [
  { suffix: '_s', unit: 's', plain: false, read: (text) => scaled(parseDuration(text), SECOND_US) },
  { suffix: '_bytes', unit: 'bytes', plain: true, read: (text) => scaled(parseQuantity(text)) },
  { suffix: '_share', unit: 'share', plain: true, read: (text) => scaled(parsePercent(text)) },
  { suffix: '_per_s', unit: '1/s', plain: false, read: (text) => scaled(parseRate(text)) },
];

/** Text that is no number: what a field takes in place of one. */
const WORD = /^[A-Za-z]+$/;
/** A number that is written with a unit: text without one, such as a release, is no quantity. */
const WITH_UNIT = /^\d.*[^\d.]/;

/** The numeric twin of a factor's column; null where its values have no units. */
export function numericTwin({ name }: Column, values: readonly FactorValue[]): NumericTwin | null {
  if (!values.some((value) => typeof value === 'string' && WITH_UNIT.test(value))) return null;
  const written = UNITS.find((unit) => values.every((value) => isValueOf(unit, value)));
  if (written === undefined) return null;
  const { suffix, unit, read } = written;
  return {
    column: { name: name + suffix, type: 'number', unit, meaning: `${name} as a number; empty for a word` },
    cellOf: (value) => (typeof value === 'number' ? value : read(String(value))),
  };
}

function isValueOf({ read, plain }: WrittenUnit, value: FactorValue): boolean {
  if (typeof value === 'number') return plain;
  return typeof value === 'string' && (WORD.test(value) || read(value) !== null);
}

function scaled(
  value: { readonly ok: true; readonly value: number } | { readonly ok: false },
  unit = 1,
): number | null {
  return value.ok ? value.value / unit : null;
}
