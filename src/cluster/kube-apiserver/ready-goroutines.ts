import { RowPool } from '../../sim/row-pool.js';

/** Goroutines that are ready or run: what they do, for which generation of their subject, and their work left, µs. */
export class ReadyGoroutines extends RowPool {
  readonly kind = this.column(Uint8Array);
  readonly subject = this.column(Int32Array);
  readonly subjectGeneration = this.column(Int32Array);
  readonly workUs = this.column(Float64Array);

  open(kind: number, subject: number, generation: number, workUs: number): number {
    const row = this.take();
    this.kind[row] = kind;
    this.subject[row] = subject;
    this.subjectGeneration[row] = generation;
    this.workUs[row] = workUs;
    return row;
  }
}
