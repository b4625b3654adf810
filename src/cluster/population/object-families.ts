import { GrowableInt32 } from '../../sim/growable.js';
import { extendName } from '../../sim/names.js';
import type { Names } from './roster.js';
import { setName } from './population.js';

/** Objects that take the places of a family's originals at a change. */
interface Generation {
  readonly change: number;
  readonly first: number;
  readonly count: number;
}

/**
 * Objects that follow each other under new names. A family is a range of objects that a timeline entry names; each
 * `replace` by new names adds a generation that takes the places of the first `count` of them.
 */
export class ObjectFamilies {
  /** Objects that change k replaces, and by which: replacedStart[k] … replacedStart[k + 1]. */
  readonly replacedStart: Int32Array;
  readonly replaced = new GrowableInt32();
  readonly replacement = new GrowableInt32();
  /** Of each object after the first `originals`: the original of its line, and which generation it is, from 1. */
  readonly original = new GrowableInt32();
  readonly generation = new GrowableInt32();
  private readonly families = new Map<number, Generation[]>();
  /** Changes that have been seen, in ascending order. */
  private seen = 0;

  constructor(
    private readonly originals: number,
    changes: number,
  ) {
    this.replacedStart = new Int32Array(changes + 1);
  }

  /** Objects of the whole run. */
  get objectCount(): number {
    return this.originals + this.original.length;
  }

  /** Change `change` replaces the first `count` objects of the family that begins with object `first`. In order of changes. */
  replace(change: number, first: number, count: number): void {
    this.finish(change);
    const generations = this.families.get(first) ?? [];
    const next = this.objectCount;
    for (let position = 0; position < count; position++) {
      this.replaced.push(this.at(first, position, change - 1));
      this.replacement.push(next + position);
      this.original.push(first + position);
      this.generation.push(generations.length + 1);
    }
    this.families.set(first, [...generations, { change, first: next, count }]);
  }

  /** No change before `change` replaces any more objects. */
  finish(change: number): void {
    while (this.seen < change) this.replacedStart[++this.seen] = this.replaced.length;
  }

  /** The object in a place of a family under a template. */
  at(first: number, position: number, template: number): number {
    const generations = this.families.get(first);
    if (generations === undefined) return first + position;
    for (let i = generations.length - 1; i >= 0; i--) {
      const { change, first: start, count } = generations[i];
      if (change <= template && position < count) return start + position;
    }
    return first + position;
  }

  /** A column over all objects, from that of the originals: replacements are like them. */
  extend<Column extends Int32Array | Uint8Array | Float64Array>(column: Column): Column {
    const { originals } = this;
    this.original.view().forEach((original, i) => (column[originals + i] = column[original]));
    return column;
  }

  /** Names the replacements: the original's name, extended by the generation. */
  name(names: Names): void {
    const { originals, original, generation } = this;
    for (let i = 0; i < original.length; i++) {
      const from = original.get(i);
      setName(names, originals + i, extendName({ high: names.high[from], low: names.low[from] }, generation.get(i)));
    }
  }

  /** Numbers for the watch cache's index: replacements of namesakes are namesakes, if they are of one generation. */
  extendTriggers(triggers: Int32Array): Int32Array {
    const { originals, original, generation } = this;
    let next = triggers.subarray(0, originals).reduce((max, trigger) => Math.max(max, trigger), -1) + 1;
    const known = new Map<number, number>();
    const generations = generation.view().reduce((max, each) => Math.max(max, each), 0) + 1;
    for (let i = 0; i < original.length; i++) {
      const key = triggers[original.get(i)] * generations + generation.get(i);
      const trigger = known.get(key) ?? next++;
      known.set(key, trigger);
      triggers[originals + i] = trigger;
    }
    return triggers;
  }
}
