/** Joins the paths of fields that vary together, and their values. */
export const PAIR = ' & ';

/** The values that a factor with this path gives each of its fields. */
export function valuesByField(path: string, value: unknown): readonly (readonly [field: string, value: unknown])[] {
  const fields = path.split(PAIR);
  const parts = typeof value === 'string' ? value.split(PAIR) : [value];
  return fields.map((field, index) => [field, parts.length === fields.length ? parts[index] : value]);
}
