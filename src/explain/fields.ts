import { NO_FACTORS } from '../experiment/language/factors.js';
import { PRESETS } from '../experiment/language/presets.js';
import { jsonSchema } from '../experiment/language/schema.js';
import {
  accepts,
  alternatives,
  fieldNames,
  fieldSchema,
  type JsonSchema,
} from '../experiment/language/values/json-schema.js';
import { described } from './described.js';
import type { ExplainedPart, Explanation, Subject } from './explanation.js';
import { defaultText, typeText, unitOf, valuesOf } from './field-values.js';

/** A field of the experiment file. */
export interface Field {
  /** From the top of the file. Items of lists and values of maps add no step: `objects` has the fields of a class. */
  readonly steps: readonly string[];
  readonly schema: JsonSchema;
  /** The field that it belongs to; null at the top. */
  readonly parent: Field | null;
}

/** Every field of the experiment file, in the order of the schema. */
export function allFields(): readonly Field[] {
  return (known ??= fieldsIn(jsonSchema(), null));
}

let known: readonly Field[] | undefined;

function fieldsIn(schema: JsonSchema, parent: Field | null): readonly Field[] {
  const inner = itemOf(schema);
  return fieldNames(inner).flatMap((name) => {
    const own = fieldSchema(inner, name);
    if (own === undefined) return [];
    const field: Field = { steps: [...(parent?.steps ?? []), name], schema: own, parent };
    return [field, ...fieldsIn(own, field)];
  });
}

/** The schema whose fields are written in a field: of a list that of its items, of a map that of its values. */
function itemOf(schema: JsonSchema): JsonSchema {
  if (fieldNames(schema).length > 0) return schema;
  const inner = accepts(schema, 'array') ? fieldSchema(schema, 0) : fieldSchema(schema, '');
  return inner ?? schema;
}

/** Whether a field holds several things of a kind, which are written by name or number. */
export function holdsItems({ schema }: Field): boolean {
  return itemOf(schema) !== schema;
}

/** Its path as `--set` takes it: fields of `spec` without the leading `spec`. */
export function pathOf({ steps }: Field): string {
  return (steps[0] === 'spec' && steps.length > 1 ? steps.slice(1) : steps).join('.');
}

/** Where a path leads. */
export interface FieldPlace {
  /** null: to `spec` itself. */
  readonly field: Field | null;
  /** The path ends at the name or the number of one of the things that the field holds. */
  readonly item: boolean;
}

/** Where a path leads that begins inside `spec`; with names of items in it, or without. null: nowhere. */
export function placeAt(steps: readonly string[]): FieldPlace | null {
  let place: FieldPlace = { field: null, item: false };
  for (const step of steps) {
    const child = fieldsAt(place).find((each) => each.steps.at(-1) === step);
    if (child !== undefined) place = { field: child, item: false };
    else if (place.field !== null && holdsItems(place.field) && !place.item) place = { ...place, item: true };
    else return null;
  }
  return place;
}

/** The fields that a path goes on with. */
export function fieldsAt({ field }: FieldPlace): readonly Field[] {
  return allFields().filter(({ parent }) => (field === null ? parent?.steps.join('.') === 'spec' : parent === field));
}

/** Where a field or its default comes from: its own source, or that of the field which it belongs to. */
export function sourceOf(field: Field): string | null {
  const own = described(field.schema.description ?? '').source;
  return own ?? (field.parent === null ? null : sourceOf(field.parent));
}

/** Fields that are asked for. Behaviours are explained as such. */
export function fieldSubjects(): readonly Subject[] {
  return allFields()
    .filter(({ steps }) => !isBehaviour(steps))
    .map((field) => ({
      kind: 'field',
      name: pathOf(field),
      meaning: described(field.schema.description ?? '').meaning,
      explain: () => explainField(field),
    }));
}

const BEHAVIOURS = ['spec', 'cluster', 'behaviours'];

function isBehaviour(steps: readonly string[]): boolean {
  return steps.length > BEHAVIOURS.length && BEHAVIOURS.every((step, index) => steps[index] === step);
}

function explainField(field: Field): Explanation {
  const { schema, steps } = field;
  const { meaning, releases } = described(schema.description ?? '');
  const values = valuesOf(schema);
  const unit = unitOf(schema);
  const parts = allFields().filter(({ parent }) => parent === field);
  const assumed = defaultText(schema) ?? (parts.length === 0 ? withoutDefault(field) : null);
  const source = sourceOf(field);
  return {
    kind: 'field',
    name: pathOf(field),
    meaning,
    type: typeText(schema),
    ...(values.length > 0 && { values }),
    ...(assumed !== null && { default: assumed }),
    ...(unit !== null && { unit }),
    ...(source !== null && { source }),
    ...(releases !== null && { releases }),
    usedIn: [steps.join('.'), ...waysToSet(field), ...presetsWith(steps)],
    seeAlso: [],
    parts: parts.map(partOf),
  };
}

/** What holds where a field without a default is not written. */
function withoutDefault({ parent, steps }: Field): string {
  const name = steps.at(-1) ?? '';
  const forms = parent === null ? alternatives(jsonSchema()) : alternatives(itemOf(parent.schema));
  return forms.some(({ required }) => required?.includes(name) === true) ? 'none: it has to be written' : 'none';
}

function partOf({ steps, schema }: Field): ExplainedPart {
  const assumed = defaultText(schema);
  const { meaning } = described(schema.description ?? '');
  return { name: steps.at(-1) ?? '', meaning, ...(assumed !== null && { default: assumed }) };
}

/** How else a field is set than in the file. */
function waysToSet(field: Field): readonly string[] {
  const { steps, schema } = field;
  if (steps[0] !== 'spec' || steps.length < 2) return [];
  const inList = listAbove(field);
  const path = inList === null ? pathOf(field) : `${pathOf(inList)}.NAME.${steps.slice(inList.steps.length).join('.')}`;
  const general = NO_FACTORS.some((each) => pathOf(field) === each || pathOf(field).startsWith(`${each}.`));
  const single = alternatives(schema).some(({ type }) => type !== 'object' && type !== 'array');
  return [`--set ${path}=VALUE`, ...(single && !general ? [`factors: {${path}: [VALUE, …]}`] : [])];
}

/** The list or the map in whose items a field stands. */
function listAbove({ parent }: Field): Field | null {
  if (parent === null) return null;
  return holdsItems(parent) ? parent : listAbove(parent);
}

const PRESETS_NAMED = 4;

function presetsWith(steps: readonly string[]): readonly string[] {
  const names = PRESETS.filter(({ spec }) => sets(spec, steps.slice(1))).map(({ name }) => name);
  if (names.length === 0 || steps.length < 3) return [];
  const others = names.length - PRESETS_NAMED;
  return [`presets: ${names.slice(0, PRESETS_NAMED).join(', ')}${others > 0 ? ` and ${others} more` : ''}`];
}

/** Whether a value, or one of the items of a list, has a field at the end of these steps. */
function sets(value: unknown, steps: readonly string[]): boolean {
  if (steps.length === 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => sets(item, steps));
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.hasOwn(fields, steps[0]) && sets(fields[steps[0]], steps.slice(1));
}
