import { formatPath } from '../../experiment/language/values/path-text.js';
import type { Side } from './find-sides.js';

/** A setting that two scenarios do not share; values as JSON, null where one has no such setting. */
export interface SettingDifference {
  readonly path: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** What makes no difference to a scenario, or is told of by itself. */
const ASIDE = ['factors', 'slos', 'seed', 'replications', 'preset'];

/** The settings in which two scenarios differ, by path: their resolved experiments, with the values of the factors. */
export function settingDifferences(a: Side, b: Side): SettingDifference[] {
  const [first, second] = [settingsOf(a), settingsOf(b)];
  return [...new Set([...first.keys(), ...second.keys()])].sort().flatMap((path) => {
    const values = { a: first.get(path) ?? null, b: second.get(path) ?? null };
    return values.a === values.b ? [] : [{ path, ...values }];
  });
}

function settingsOf({ result, scenario }: Side): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(result.spec)) if (!ASIDE.includes(name)) flatten(value, [name], settings);
  for (const [path, value] of Object.entries(scenario.factors)) {
    for (const each of path.split(' & ')) settings.set(each, JSON.stringify(value));
  }
  for (const { path, sha256 } of result.inputs) settings.set(`content of ${path}`, sha256.slice(0, 12));
  return settings;
}

/** Items of lists go by their name or id, as in the paths of factors. */
function flatten(value: unknown, steps: readonly string[], settings: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    settings.set(formatPath(steps), JSON.stringify(value));
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    flatten(item, [...steps, Array.isArray(value) ? (nameOf(item) ?? key) : key], settings);
  }
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { name, id } = item as { readonly name?: unknown; readonly id?: unknown };
  return [name, id].find((each) => typeof each === 'string');
}
