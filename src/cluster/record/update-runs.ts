import { GrowableInt32 } from '../../sim/growable.js';
import { groupBy } from '../population/population.js';

/** Rows that stand together, each run of them of one update. */
export class UpdateRuns {
  private readonly update = new GrowableInt32();
  private readonly length = new GrowableInt32();
  /** Runs by update, and where each begins; null: to be made. */
  private index: { readonly start: Int32Array; readonly members: Int32Array; readonly from: Float64Array } | null =
    null;

  /** `updates`: how many there may be. */
  constructor(private readonly updates: number) {}

  /** The next `length` rows are of an update. */
  add(update: number, length: number): void {
    if (length === 0) return;
    this.index = null;
    this.update.push(update);
    this.length.push(length);
  }

  /** Visits the rows of an update, as ranges from the first to the last (exclusive). */
  each(update: number, visit: (from: number, to: number) => void): void {
    const { start, members, from } = (this.index ??= this.indexed());
    for (let i = start[update]; i < start[update + 1]; i++) {
      const run = members[i];
      visit(from[run], from[run] + this.length.get(run));
    }
  }

  /** All runs, to be added to others, whose rows stand before theirs. */
  part(): readonly Int32Array[] {
    return [this.update.view().slice(), this.length.view().slice()];
  }

  /** Adds the runs of others. */
  absorb([update, length]: readonly Int32Array[]): void {
    this.index = null;
    this.update.append(update);
    this.length.append(length);
  }

  private indexed(): NonNullable<UpdateRuns['index']> {
    const from = new Float64Array(this.length.length + 1);
    for (let run = 0; run < this.length.length; run++) from[run + 1] = from[run] + this.length.get(run);
    return { ...groupBy(this.update.view(), this.updates), from };
  }
}
