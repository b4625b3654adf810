import { stat } from 'node:fs/promises';
import { explainable } from '../../explain/explain.js';
import { described } from '../../explain/described.js';
import { defaultText, isSingle, valuesOf } from '../../explain/field-values.js';
import { type Field, fieldsAt, holdsItems, pathOf, placeAt } from '../../explain/fields.js';
import { runIdOf } from '../../experiment/execution/jobs.js';
import type { Experiment } from '../../experiment/language/experiment.js';
import { loadExperiment } from '../../experiment/language/load-experiment.js';
import { findPreset } from '../../experiment/language/presets.js';
import { alternatives } from '../../experiment/language/values/json-schema.js';
import { formatPath, parsePath } from '../../experiment/language/values/path-text.js';
import type { Completes } from '../options.js';

/** A word that a shell may put in the place of the one that is being written; at its end `.` or `=` where it goes on. */
export interface Offer {
  readonly word: string;
  readonly meaning: string;
}

/** More runs than these are no choice. */
const RUNS_MAX = 500;

/**
 * What may stand in the place of a word that is being written.
 * @param files what else stands on the line: names of files among it are the experiment
 */
export async function offersFor(what: Completes, word: string, files: readonly string[]): Promise<readonly Offer[]> {
  const offers = await candidates(what, word, files);
  return offers.filter((offer) => offer.word.startsWith(word));
}

function candidates(what: Completes, word: string, files: readonly string[]): Promise<readonly Offer[]> {
  switch (what) {
    case 'name':
      return Promise.resolve(namesFor(word));
    case 'run':
      return runsOf(files);
    case 'path':
      return pathsFor(word, '', files);
    case 'setting': {
      const equals = word.indexOf('=');
      return equals < 0 ? pathsFor(word, '=', files) : Promise.resolve(valuesFor(word.slice(0, equals)));
    }
  }
}

/** The experiment on the line; null where there is none, or none that can be read. */
async function experimentOf(files: readonly string[]): Promise<Experiment | null> {
  const found = await Promise.all(
    files.map(async (path) => ({ path, isFile: (await stat(path).catch(() => null))?.isFile() === true })),
  );
  const paths = found.filter(({ isFile }) => isFile).map(({ path }) => path);
  return paths.length === 0 ? null : loadExperiment(paths).catch(() => null);
}

async function runsOf(files: readonly string[]): Promise<readonly Offer[]> {
  const experiment = await experimentOf(files);
  if (experiment === null) return [];
  const replications = Array.from({ length: experiment.replications }, (_, index) => index + 1);
  return experiment.scenarios
    .flatMap(({ index, name }) =>
      replications.map((replication) => ({ word: runIdOf(index, replication), meaning: name })),
    )
    .slice(0, RUNS_MAX);
}

/** Paths one step longer than what stands before the last dot. */
async function pathsFor(word: string, end: string, files: readonly string[]): Promise<readonly Offer[]> {
  const before = word.slice(0, word.lastIndexOf('.') + 1);
  const steps = before === '' ? [] : stepsOf(before.slice(0, -1));
  const place = steps === null ? null : placeAt(steps);
  if (place === null) return [];
  if (place.field !== null && holdsItems(place.field) && !place.item) return itemsOf(place.field, before, files);
  return fieldsAt(place).flatMap((field) => wordsOf(field, before, end));
}

function stepsOf(path: string): readonly string[] | null {
  const names = parsePath(path);
  return names.ok ? names.value : null;
}

/** A field as one goes on to its value, to its own fields, or to either. */
function wordsOf(field: Field, before: string, end: string): readonly Offer[] {
  const path = before + (field.steps.at(-1) ?? '');
  const { meaning } = described(field.schema.description ?? '');
  const single = alternatives(field.schema).some(({ type }) => type !== 'object');
  const inner = fieldsAt({ field, item: false }).length > 0;
  return [...(single ? [`${path}${end}`] : []), ...(inner ? [`${path}.`] : [])].map((word) => ({ word, meaning }));
}

/** The things that a field holds in this experiment, by name, id or number. */
async function itemsOf(list: Field, before: string, files: readonly string[]): Promise<readonly Offer[]> {
  const spec = (await experimentOf(files))?.spec as Readonly<Record<string, unknown>> | undefined;
  const items: unknown = spec?.[pathOf(list)];
  if (!Array.isArray(items)) return [];
  return (items as readonly Readonly<Record<string, unknown>>[]).map((item, index) => {
    const name = [item['name'], item['id']].find((each) => typeof each === 'string') ?? String(index);
    return { word: `${formatPath([...(stepsOf(before.slice(0, -1)) ?? []), name])}.`, meaning: '' };
  });
}

/** Values of the field at a path: those that are words, else its default. */
function valuesFor(path: string): readonly Offer[] {
  const steps = stepsOf(path);
  const field = steps === null ? null : placeAt(steps)?.field;
  if (field === null || field === undefined) return [];
  const words = valuesOf(field.schema);
  const assumed = isSingle(field.schema.default) ? defaultText(field.schema) : null;
  const values = words.length > 0 || assumed === null ? words : [assumed];
  const isPreset = pathOf(field) === 'preset';
  return values.map((value) => ({
    word: `${path}=${value}`,
    meaning: isPreset ? (findPreset(value)?.description ?? '') : value === assumed ? 'default' : '',
  }));
}

/** Names that can be explained; of dotted ones no more than the next step. Those of several words are left to people. */
function namesFor(word: string): readonly Offer[] {
  const dots = word.split('.').length;
  const offers = new Map<string, string>();
  for (const { name, meaning } of explainable()) {
    if (name.includes(' ')) continue;
    const steps = name.split('.');
    const isWhole = steps.length <= dots || /\.csv$|^\d/.test(name);
    if (isWhole) offers.set(name, meaning);
    else offers.set(`${steps.slice(0, dots).join('.')}.`, '');
    if (!isWhole && dots === 1) offers.set(steps[steps.length - 1], meaning);
  }
  return [...offers].map(([each, meaning]) => ({ word: each, meaning }));
}
