import { PRESETS } from '../experiment/language/presets.js';
import type { ExplainedPart, Subject } from './explanation.js';

/** The built-in clusters. */
export function presetSubjects(): readonly Subject[] {
  return PRESETS.map(({ name, description, source, spec }) => ({
    kind: 'preset',
    name,
    meaning: description,
    explain: () => ({
      kind: 'preset',
      name,
      meaning: description,
      source,
      usedIn: [`spec.preset, --set preset=${name}`, 'presets'],
      seeAlso: [],
      parts: settingsIn(spec, ''),
    }),
  }));
}

/** What a preset sets, path by path. */
function settingsIn(value: unknown, path: string): readonly ExplainedPart[] {
  if (typeof value !== 'object' || value === null) return [{ name: path, meaning: String(value) }];
  const list = Array.isArray(value) ? (value as readonly { readonly name: string }[]) : null;
  if (list !== null) {
    return list.map(({ name, ...fields }) => ({
      name: `${path}.${name}`,
      meaning: Object.entries(fields)
        .map(([field, own]) => `${field} ${String(own)}`)
        .join(', '),
    }));
  }
  return Object.entries(value).flatMap(([step, inner]) => settingsIn(inner, path === '' ? step : `${path}.${step}`));
}
