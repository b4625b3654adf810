import type { RandomBatch } from '../../sim/random-batch.js';
import type { ReadTally } from './read-tally.js';

/** How often reads of each kind happen, by server and second, added up by kernels in the memory of a batch until they are settled. */
export class KindSums {
  /** Where the sums of each kind begin; −1: there is no room, or the kind is not counted by second. */
  private readonly places: number[] = [];
  private used = 0;

  constructor(
    private readonly batch: RandomBatch,
    private readonly tally: ReadTally,
  ) {}

  /** The place of the sums of a kind at a server, its first second; −1: there is none. */
  placeOf(kind: number, server: number): number {
    const place = (this.places[kind] ??= this.take(this.tally.cellsOf(kind).length));
    return place < 0 ? place : place + server * this.tally.seconds;
  }

  /** The tally takes the sums over. */
  settle(): void {
    this.places.forEach((place, kind) => {
      if (place >= 0) this.tally.takeOver(kind, this.batch.sums, place);
    });
    this.places.length = 0;
    this.used = 0;
  }

  private take(cells: number): number {
    if (cells === 0 || this.used + cells > this.batch.sums.length) return -1;
    this.used += cells;
    return this.used - cells;
  }
}
