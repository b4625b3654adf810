import { GrowableFloat64, GrowableInt32 } from '../../../sim/growable.js';
import { OWN_MEMORY } from '../../../sim/memory.js';

/** From when on a cache entry returned which revision: a list per entry, newest first. Only changes are kept. */
export class ReadyLog {
  private readonly head: Int32Array;
  private readonly revision = new GrowableInt32();
  private readonly older = new GrowableInt32();
  private readonly since = new GrowableFloat64();
  private readonly quorum = new GrowableInt32();

  constructor(entries: number, memory = OWN_MEMORY) {
    this.head = memory.int32(entries);
  }

  /** Empties the lists of the entries from `first` to `last` (exclusive). */
  initialize(first: number, last: number): void {
    this.head.fill(-1, first, last);
  }

  /** From `since` on, reads of the entry found `revision` (by a quorum read, or in a cache). */
  push(entry: number, revision: number, since: number, quorum: boolean): void {
    this.revision.push(revision);
    this.older.push(this.head[entry]);
    this.since.push(since);
    this.quorum.push(quorum ? 1 : 0);
    this.head[entry] = this.revision.length - 1;
  }

  /** The entry's first step with `revision` or a later one; −1 where there is none. */
  find(entry: number, revision: number): number {
    let found = -1;
    for (let step = this.head[entry]; step >= 0 && this.revision.get(step) >= revision; step = this.older.get(step))
      found = step;
    return found;
  }

  sinceOf(step: number): number {
    return this.since.get(step);
  }

  isQuorum(step: number): boolean {
    return this.quorum.get(step) === 1;
  }
}
