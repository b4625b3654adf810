import type { Experiment } from './experiment.js';
import type { Step } from './values/located.js';
import { isOurs, quotePath } from './quoting.js';

/** What a user can change of an experiment, as plain JSON. A field that was not recorded is missing. */
export interface ExperimentSettings {
  readonly name?: unknown;
  readonly samples?: unknown;
  readonly inputs?: unknown;
  readonly spec?: unknown;
}

/** A part that differs, and its text on both sides; undefined where it is missing. */
interface Change {
  readonly names: readonly Step[];
  readonly was: unknown;
  readonly is: unknown;
}

/** More changes than these are only counted. */
const SHOWN_MAX = 5;

/** The settings of an experiment, to tell later what was changed. */
export function settingsOf({ name, spec, scenarios, inputs }: Experiment): ExperimentSettings {
  return { name, samples: scenarios[0].input.samples, inputs, spec };
}

/**
 * What changed between two states of an experiment, in words: `seed has changed`. Things in lists are known
 * by their name, id or path, others by their index; what they were and are is told where it is a word of our own. Empty where nothing changed that both have recorded and
 * that has an effect on runs (`slos` has none).
 */
export function describeChanges(before: ExperimentSettings, after: ExperimentSettings): string {
  const recorded = (field: keyof ExperimentSettings, names: readonly Step[]): readonly Change[] =>
    before[field] === undefined || after[field] === undefined
      ? []
      : changesBetween(overJson(before[field]), overJson(after[field]), names);
  const changes = [
    ...recorded('name', ['metadata', 'name']),
    ...recorded('spec', []).filter(({ names }) => names[0] !== 'slos'),
    ...recorded('samples', ['--samples']),
    ...recorded('inputs', ['inputs']),
  ];
  const shown = changes.slice(0, SHOWN_MAX).map(describeChange).join(', ');
  return changes.length > SHOWN_MAX ? `${shown} and ${changes.length - SHOWN_MAX} more` : shown;
}

/** As it would be read from a file: fields that are undefined are missing. */
function overJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function changesBetween(was: unknown, is: unknown, names: readonly Step[]): readonly Change[] {
  const [before, after] = [partsOf(was), partsOf(is)];
  if (before === null || after === null) {
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ names, was, is }];
  }
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
    changesBetween(before.get(name), after.get(name), [...names, name]),
  );
}

/** The parts of a value by name; null for a single value, and for a list of such. */
function partsOf(value: unknown): ReadonlyMap<Step, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const items = value as readonly unknown[];
  if (items.some((item) => typeof item !== 'object' || item === null)) return null;
  return new Map(items.map((item, index) => [nameOf(item) ?? index, item]));
}

function nameOf(item: unknown): string | undefined {
  const { name, id, path } = item as Readonly<Record<string, unknown>>;
  return [name, id, path].find((text) => typeof text === 'string');
}

function describeChange({ names, was, is }: Change): string {
  const path = names[0] === '--samples' ? '--samples' : quotePath(names);
  if (was === undefined) return `${path} is new`;
  if (is === undefined) return `${path} is gone`;
  if (isWord(was) && isWord(is)) return `${path} was ${was} and is ${is}`;
  return `${path} has changed`;
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && isOurs(value);
}
