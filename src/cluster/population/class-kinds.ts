import { OBJECT_KINDS } from '../model/kinds.js';
import type { Population } from './population.js';

/** How many classes and kinds together there may be. */
export function classKindCount({ classNames }: Population): number {
  return classNames.length * OBJECT_KINDS.length;
}

/** Class and kind of the entries' objects, by what the sections of one shape have in common. */
const known = new WeakMap<Int32Array, Int32Array>();

/** The class and kind of each entry's object, as one number. Sections of one shape have it in common. */
export function classKinds({ entryObject, objectClass, objectKind }: Population): Int32Array {
  let kinds = known.get(entryObject);
  if (kinds === undefined) {
    kinds = new Int32Array(entryObject.length);
    for (let entry = 0; entry < kinds.length; entry++) {
      const object = entryObject[entry];
      kinds[entry] = objectClass[object] * OBJECT_KINDS.length + objectKind[object];
    }
    known.set(entryObject, kinds);
  }
  return kinds;
}
