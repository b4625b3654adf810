import { IMPORTED_KINDS, type ImportedKind } from './item-sink.js';

/** Plain data with fields. */
export type FieldsOf = Readonly<Record<string, unknown>>;

/** True for a map of fields. */
export function isRecord(value: unknown): value is FieldsOf {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The kind that an object names; undefined where it names none. */
export function kindOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  return typeof value['kind'] === 'string' && value['kind'] !== '' ? value['kind'] : undefined;
}

/** True for the kinds that are imported. */
export function isImported(kind: string): kind is ImportedKind {
  return (IMPORTED_KINDS as readonly string[]).includes(kind);
}

const SECRET_FIELDS = ['apiVersion', 'metadata', 'type', 'immutable', 'data', 'stringData'];
const CONFIG_MAP_FIELDS = ['apiVersion', 'metadata', 'immutable', 'data', 'binaryData'];

/**
 * The kind of an object that names none, as programs in Go print it whose types have none: only fields tell it.
 * undefined where they could be another kind's.
 */
export function inferredKind(value: unknown): ImportedKind | undefined {
  if (!isRecord(value) || !isRecord(value['metadata'])) return undefined;
  const { spec, status } = value;
  if (isRecord(spec) && Array.isArray(spec['containers'])) return 'Pod';
  if (isRecord(status) && isRecord(status['nodeInfo'])) return 'Node';
  const within = (fields: readonly string[]): boolean => Object.keys(value).every((field) => fields.includes(field));
  if (typeof value['type'] === 'string') return within(SECRET_FIELDS) ? 'Secret' : undefined;
  const content = value['data'] ?? value['binaryData'];
  return isRecord(content) && within(CONFIG_MAP_FIELDS) ? 'ConfigMap' : undefined;
}
