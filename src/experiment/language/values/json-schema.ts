import type * as z from 'zod';

/** The JSON Schema of a field, as far as it is looked at here. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas that a value may satisfy: the members of a union, else the schema itself. */
export function alternatives(schema: JsonSchema | undefined): readonly JsonSchema[] {
  if (schema === undefined) return [];
  return schema.anyOf === undefined ? [schema] : schema.anyOf.filter(isSchema).flatMap(alternatives);
}

/** True where a value of this JSON type is accepted. */
export function accepts(schema: JsonSchema | undefined, type: 'array' | 'object' | 'integer' | 'number'): boolean {
  return alternatives(schema).some((each) => each.type === type);
}

/** The names of the fields of an object; empty for anything else. */
export function fieldNames(schema: JsonSchema | undefined): readonly string[] {
  return alternatives(schema).flatMap((each) => Object.keys(each.properties ?? {}));
}

/** The schema of a field of an object or of the items of a list; undefined where there is no such field. */
export function fieldSchema(schema: JsonSchema | undefined, step: string | number): JsonSchema | undefined {
  for (const each of alternatives(schema)) {
    const { properties = {}, items, additionalProperties } = each;
    if (typeof step === 'number' && isSchema(items)) return items;
    if (Object.hasOwn(properties, step) && isSchema(properties[step])) return properties[step];
    if (isSchema(additionalProperties)) return additionalProperties;
  }
  return undefined;
}

/** The schema at the end of the steps. */
export function schemaAt(schema: JsonSchema, steps: readonly (string | number)[]): JsonSchema | undefined {
  return steps.reduce<JsonSchema | undefined>(fieldSchema, schema);
}

/** Every path in the schema whose last field has this name; the items of lists are not looked into. */
export function pathsOfField(schema: JsonSchema, name: string, prefix: readonly string[] = []): readonly string[][] {
  return fieldNames(schema).flatMap((field) => {
    const path = [...prefix, field];
    const inner = fieldSchema(schema, field);
    const deeper = inner === undefined ? [] : pathsOfField(inner, name, path);
    return field === name ? [path, ...deeper] : deeper;
  });
}
