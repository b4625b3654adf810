import { PAIR } from './joint-values.js';
import { plain } from './problems.js';
import type { JsonSchema } from './values/json-schema.js';
import type { Located } from './values/located.js';

/** What a factor can be: one value of a field; of several fields with values of their own these, joined by ` & `. */
export type FactorValue = string | number | boolean;

/** The value of each of the fields that a factor sets: the items of a list, else the same for all. */
export function partsOf(value: Located, fields: number): readonly Located[] {
  return value.type === 'list' ? value.items : Array.from({ length: fields }, () => value);
}

/** A value of a factor as plain data. @param fields schema of each field that it sets */
export function factorValueOf(value: Located, fields: readonly (JsonSchema | undefined)[]): FactorValue {
  if (value.type === 'list') return value.items.map((item, index) => String(plain(item, fields[index]))).join(PAIR);
  const single = plain(value, fields[0]);
  return typeof single === 'number' || typeof single === 'boolean' ? single : String(single);
}

/** A value as an experiment's list of a factor's values has it. @param written `spec.factors` of the factor */
export function writtenValue(written: unknown, value: FactorValue): unknown {
  const items: readonly unknown[] = Array.isArray(written) ? written : [];
  return items.find((item) => Array.isArray(item) && item.map(String).join(PAIR) === value) ?? value;
}
