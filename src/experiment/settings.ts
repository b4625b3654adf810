import type { Experiment } from './experiment.js';
import { formatPath } from './path-text.js';

/** What a user can change of an experiment, as plain JSON. A field that was not recorded is missing. */
export interface ExperimentSettings {
  readonly name?: unknown;
  readonly samples?: unknown;
  readonly inputs?: unknown;
  readonly spec?: unknown;
}

/** A part that differs, and its text on both sides; undefined where it is missing. */
interface Change {
  readonly names: readonly string[];
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
 * What changed between two states of an experiment, in words: `seed was 1 and is 2`. Things in lists are known
 * by their name, id or path, others by their index. Empty where nothing changed that both have recorded and
 * that has an effect on runs (`slos` has none).
 */
export function describeChanges(before: ExperimentSettings, after: ExperimentSettings): string {
  const recorded = (field: keyof ExperimentSettings, names: readonly string[]): readonly Change[] =>
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

function changesBetween(was: unknown, is: unknown, names: readonly string[]): readonly Change[] {
  const [before, after] = [partsOf(was), partsOf(is)];
  if (before === null || after === null) {
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ names, was, is }];
  }
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
    changesBetween(before.get(name), after.get(name), [...names, name]),
  );
}

/** The parts of a value by name; null for a single value, and for a list of such. */
function partsOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const items = value as readonly unknown[];
  if (items.some((item) => typeof item !== 'object' || item === null)) return null;
  return new Map(items.map((item, index) => [nameOf(item) ?? String(index), item]));
}

function nameOf(item: unknown): string | undefined {
  const { name, id, path } = item as Readonly<Record<string, unknown>>;
  return [name, id, path].find((text) => typeof text === 'string');
}

function describeChange({ names, was, is }: Change): string {
  const path = formatPath(names);
  if (was === undefined) return `${path} is new${isSingle(is) ? ` (${textOf(is)})` : ''}`;
  if (is === undefined) return `${path} is gone${isSingle(was) ? ` (was ${textOf(was)})` : ''}`;
  return `${path} was ${textOf(was)} and is ${textOf(is)}`;
}

/** True for what reads well in a sentence: a value, or a list of values. */
function isSingle(value: unknown): boolean {
  return partsOf(value) === null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
