import { group } from 'd3-array';
import { isStrategy, STRATEGIES } from '../cluster/kubelet/secret-manager/strategies.js';
import { described } from './described.js';
import type { Subject } from './explanation.js';
import { allFields, pathOf, type Field } from './fields.js';
import { valuesOf } from './field-values.js';

/** Words that fields take as values, such as `Watch`. Numbers and releases explain themselves. */
const WORD = /^[A-Za-z]\w+$/;
const FLAGS = ['true', 'false'];

/** Values that are words. */
export function valueSubjects(): readonly Subject[] {
  const pairs = allFields()
    .filter(({ steps }) => steps.at(-1) !== 'preset')
    .flatMap((field) => valuesOf(field.schema).map((value) => ({ value, field })))
    .filter(({ value }) => WORD.test(value) && !FLAGS.includes(value));
  return [...group(pairs, ({ value }) => value)].map(([name, taken]) =>
    valueSubject(
      name,
      taken.map(({ field }) => field),
    ),
  );
}

function valueSubject(name: string, fields: readonly Field[]): Subject {
  const taken = `A value of ${fields.map(pathOf).join(', ')}.`;
  const meaning = isStrategy(name) ? `${taken} ${STRATEGIES[name].says}` : taken;
  return {
    kind: 'value',
    name,
    meaning,
    explain: () => ({
      kind: 'value',
      name,
      meaning,
      usedIn: [],
      seeAlso: [],
      parts: fields.map((field) => ({
        name: pathOf(field),
        meaning: described(field.schema.description ?? '').meaning,
      })),
    }),
  };
}
