import { OBJECT_KINDS } from '../model/kinds.js';
import type { Population } from './population.js';

/** What is derived from the columns that sections of one shape have in common. */
export interface ShapeFacts {
  /** The class and kind of each entry's object, as one number below `classKindCount`. */
  readonly classKinds: Int32Array;
  /** True where volumes read every entry at every sync. */
  readonly allAreRead: boolean;
  /** True where all objects are there at the start. */
  readonly allExist: boolean;
}

/** By the objects of entries, which sections of one shape have in common. */
const known = new WeakMap<Int32Array, ShapeFacts>();

export function shapeFacts(population: Population): ShapeFacts {
  const { entryObject, entryReaders, objectExists } = population;
  let facts = known.get(entryObject);
  if (facts === undefined) {
    facts = {
      classKinds: classKindsOf(population),
      allAreRead: !entryReaders.includes(0),
      allExist: !objectExists.includes(0),
    };
    known.set(entryObject, facts);
  }
  return facts;
}

function classKindsOf({ entryObject, objectClass, objectKind }: Population): Int32Array {
  const classKinds = new Int32Array(entryObject.length);
  for (let entry = 0; entry < entryObject.length; entry++) {
    const object = entryObject[entry];
    classKinds[entry] = objectClass[object] * OBJECT_KINDS.length + objectKind[object];
  }
  return classKinds;
}

/** How many classes and kinds together there may be. */
export function classKindCount({ classNames }: Population): number {
  return classNames.length * OBJECT_KINDS.length;
}
