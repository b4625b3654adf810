import { alternatives, fieldNames, type JsonSchema } from '../experiment/language/values/json-schema.js';
import { described } from './described.js';

/** What kind of value a field takes, and its bounds: `a duration, such as 1m (1s to 24h)`. */
export function typeText(schema: JsonSchema): string {
  const forms = alternatives(schema).map(formOf);
  return [...new Set(forms)].join('; or ');
}

function formOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return 'one of the values';
  const { type, title } = schema;
  if (type === 'object') return fieldNames(schema).length > 0 ? 'fields' : 'a map';
  if (type === 'array') return title ?? 'a list';
  const name =
    title ??
    (type === 'integer' ? 'a whole number' : type === 'boolean' ? 'true or false' : `a ${[type].flat().join(' or ')}`);
  return `${name}${exampleOf(schema)}${boundsOf(schema)}`;
}

function exampleOf({ examples }: JsonSchema): string {
  return Array.isArray(examples) && examples.length > 0 ? `, such as ${String(examples[0])}` : '';
}

function boundsOf(schema: JsonSchema): string {
  const { minimum, maximum } = schema;
  const allowed: unknown = schema['allowed'];
  if (typeof allowed === 'string') return ` (${allowed})`;
  return minimum === undefined || maximum === undefined ? '' : ` (${minimum} to ${maximum})`;
}

/** The words that a field takes, as far as they are a closed set. */
export function valuesOf(schema: JsonSchema): readonly string[] {
  return alternatives(schema).flatMap(({ enum: words, const: word, type }) => {
    if (words !== undefined) return words.map(literal);
    if (word !== undefined) return [literal(word)];
    return type === 'boolean' ? ['true', 'false'] : [];
  });
}

/** The unit of a field's numbers, or how its values are written; null where there is none. */
export function unitOf(schema: JsonSchema): string | null {
  const units = [schema, ...alternatives(schema)].flatMap((each) => {
    const unit: unknown = each['unit'];
    return typeof unit === 'string' ? [unit] : [];
  });
  return units.length === 0 ? null : [...new Set(units)].join('; ');
}

/** What holds where the field is not written; null where nothing is told. */
export function defaultText(schema: JsonSchema): string | null {
  const { default: value } = schema;
  if (value === undefined) return described(schema.description ?? '').default;
  if (typeof value !== 'object' || value === null) return literal(value);
  return defaultsWithin(schema) ?? (Array.isArray(value) ? 'none' : null);
}

/** The defaults of the fields of a small group, such as the two quantiles of a latency. */
function defaultsWithin(schema: JsonSchema): string | null {
  const fields = alternatives(schema).flatMap(({ properties = {} }) => Object.entries(properties));
  const texts = fields.map(([name, field]) =>
    typeof field === 'object' && isSingle(field.default) ? `${name} ${literal(field.default)}` : null,
  );
  return texts.length === 0 || texts.includes(null) ? null : texts.join(', ');
}

/** Whether a default is a value that one can write behind `--set PATH=`. */
export function isSingle(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function literal(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
