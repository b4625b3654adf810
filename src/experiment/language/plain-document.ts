import { InputError } from './values/input-error.js';
import { locate, type Located, type Step } from './values/located.js';
import { quotePath } from './quoting.js';
import { PARTS_MAX } from './source.js';

/** No experiment has as many levels; an object that holds itself has more than any number. */
const LEVELS_MAX = 100;

/**
 * A document that a program holds, as if it had been read from a file: without lines. Throws an InputError for what no
 * file could hold, with every such place.
 */
export function locateDocument(document: unknown, source: string): Located {
  const problems: string[] = [];
  let parts = 0;
  const check = (value: unknown, steps: readonly Step[]): void => {
    const at = steps.length === 0 ? source : `${source}: ${quotePath(steps)}`;
    if (++parts > PARTS_MAX) throw new InputError([`${source}: has more than ${PARTS_MAX} parts`]);
    if (steps.length > LEVELS_MAX) throw new InputError([`${source}: is nested too deeply`]);
    const reason = oddity(value);
    if (reason !== null) problems.push(`${at}: ${reason}`);
    else if (Array.isArray(value)) value.forEach((item, index) => check(item, [...steps, index]));
    else if (typeof value === 'object' && value !== null) {
      for (const [name, field] of Object.entries(value)) {
        if (hasHalfCharacter(name)) problems.push(`${at}: a field name holds half of a character`);
        else if (field !== undefined) check(field, [...steps, name]);
      }
    }
  };
  check(document, []);
  if (problems.length > 0) throw new InputError(problems);
  return locate(document, { source });
}

/** Why a value cannot stand in a document; null where it can. */
function oddity(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return hasHalfCharacter(value)
        ? 'half of a character (a lone surrogate) is no text: no file could hold it'
        : null;
    case 'number':
    case 'boolean':
      return null;
    case 'object':
      return value === null || Array.isArray(value) || isPlainObject(value) ? null : NOT_PLAIN;
    default:
      return NOT_PLAIN;
  }
}

const NOT_PLAIN = 'only text, numbers, true, false, null, lists and plain objects of these are values here';

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm have an Object of their own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function hasHalfCharacter(text: string): boolean {
  return /\p{Cs}/u.test(text);
}
