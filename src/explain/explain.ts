import { parsePath } from '../experiment/language/values/path-text.js';
import { nearestName } from '../experiment/language/values/nearest-name.js';
import { releaseSubjects } from './behaviours.js';
import { furtherSubjects, resultSubjects } from './columns.js';
import { type Explanation, SUBJECT_KINDS, type Subject } from './explanation.js';
import { fieldSubjects, pathOf, placeAt } from './fields.js';
import { presetSubjects } from './presets.js';
import { termSubjects } from './terms.js';
import { valueSubjects } from './values.js';

let known: readonly Subject[] | undefined;

/** Everything that can be asked for, by kind: all of it is derived from what the program itself goes by. */
export function explainable(): readonly Subject[] {
  return (known ??= [
    ...fieldSubjects(),
    ...resultSubjects(),
    ...releaseSubjects(),
    ...presetSubjects(),
    ...valueSubjects(),
    ...termSubjects(),
  ].sort((a, b) => SUBJECT_KINDS.indexOf(a.kind) - SUBJECT_KINDS.indexOf(b.kind)));
}

/**
 * What is known of a field (`kubelet.syncFrequency`, `spec.objects.app-tls.size`, or the end of a path), a metric, a
 * result file or a column (`updates.csv`, `updates.never_env`, `never_env`), a behaviour, a release, a preset, a value or
 * a term. Several things may have one name.
 * @returns the explanations; none where nothing has this name
 */
export function explain(question: string): readonly Explanation[] {
  return subjectsNamed(question.trim()).map((subject) => {
    const explanation = subject.explain();
    return { ...explanation, seeAlso: [...new Set([...explanation.seeAlso, ...related(subject)])] };
  });
}

/** A name that stands for nothing else in running text. */
const DISTINCT = /[a-z][A-Z]|_/;
const RELATED_MAX = 8;

/** Things of the same name elsewhere, and those that speak of it. */
function related({ kind, name }: Subject): readonly string[] {
  const own = kind === 'file' ? name : name.slice(name.lastIndexOf('.') + 1);
  const word = DISTINCT.test(own) || kind === 'file' ? new RegExp(String.raw`(?<![\w.])${own}(?!\w)`) : null;
  const found = explainable().filter(
    (other) =>
      other.name !== name &&
      other.kind !== 'value' &&
      (other.name.endsWith(`.${own}`) || other.name === own || word?.test(other.meaning) === true),
  );
  return found.slice(0, RELATED_MAX).map((other) => other.name);
}

/** What was probably meant by a name that nothing has; undefined where nothing is near. */
export function nearestSubject(question: string): string | undefined {
  const names = explainable().map(({ name }) => name);
  const ends = names.flatMap((name) => (name.includes('.') ? [name.slice(name.lastIndexOf('.') + 1)] : []));
  return nearestName(question, [...names, ...ends]);
}

function subjectsNamed(question: string): readonly Subject[] {
  const wanted = question.replace(/^v(?=1\.\d+$)/, '');
  const exact = explainable().filter((subject) => namesOf(subject).includes(wanted));
  if (exact.length > 0) return exact;
  const further = furtherSubjects(wanted);
  if (further.length > 0) return further;
  const path = fieldPath(wanted);
  if (path !== null) return explainable().filter(({ kind, name }) => isSetting(kind) && name === path);
  const folded = wanted.toLowerCase();
  const otherwise = explainable().filter((subject) => namesOf(subject).some((name) => name.toLowerCase() === folded));
  if (otherwise.length > 0) return otherwise;
  return explainable().filter(({ name }) => name.endsWith(`.${wanted}`));
}

/** What a thing is called: a file also without its extension, a column also behind the file's full name. */
function namesOf({ kind, name }: Subject): readonly string[] {
  if (kind === 'file') return [name, name.replace(/\.csv$/, '')];
  if (kind === 'column') return [name, name.replace('.', '.csv.')];
  return [name];
}

function isSetting(kind: Subject['kind']): boolean {
  return kind === 'field' || kind === 'behaviour';
}

/**
 * The path of a field as it is explained, of one as it may be written: with `spec`, with names, indices or `[]` of list
 * items. The bare name of a behaviour for that of its field. null where there is none.
 */
function fieldPath(question: string): string | null {
  const names = parsePath(question.replaceAll('[]', ''));
  if (!names.ok) return null;
  const steps = names.value[0] === 'spec' && names.value.length > 1 ? names.value.slice(1) : names.value;
  const behaviour = /^cluster\.behaviours\.(\w+)$/.exec(steps.join('.'))?.[1];
  if (behaviour !== undefined) return behaviour;
  const place = placeAt(steps);
  return place === null || place.field === null || place.item ? null : pathOf(place.field);
}
