const INITIAL_CAPACITY = 64;

/**
 * Rows and a time each, first in, first out: for what is over in the order in which it began. Rows of one time go in the
 * order of their numbers, as events do (`event-queue.ts`).
 */
export class TimedRows {
  count = 0;
  private head = 0;
  private rows = new Int32Array(INITIAL_CAPACITY);
  private times = new Float64Array(INITIAL_CAPACITY);

  /** The row that is first; there must be one. */
  get row(): number {
    return this.rows[this.head];
  }

  /** Its time. */
  get time(): number {
    return this.times[this.head];
  }

  /** Adds a row. Throws a RangeError where its time is before that of one that is there. */
  add(time: number, row: number): void {
    const { rows, times } = this.reserve();
    const mask = rows.length - 1;
    let place = (this.head + this.count) & mask;
    for (let rest = this.count; rest > 0; rest--) {
      const before = (place - 1) & mask;
      if (times[before] > time) throw new RangeError(`a row until ${time}, behind one until ${times[before]}`);
      if (times[before] < time || rows[before] < row) break;
      times[place] = time;
      rows[place] = rows[before];
      place = before;
    }
    times[place] = time;
    rows[place] = row;
    this.count++;
  }

  /** Takes the first row out. */
  shift(): void {
    this.head = (this.head + 1) & (this.rows.length - 1);
    this.count--;
  }

  private reserve(): this {
    const { rows, times, head, count } = this;
    if (count < rows.length) return this;
    this.rows = new Int32Array(2 * count);
    this.times = new Float64Array(2 * count);
    for (let i = 0; i < count; i++) {
      this.rows[i] = rows[(head + i) & (count - 1)];
      this.times[i] = times[(head + i) & (count - 1)];
    }
    this.head = 0;
    return this;
  }
}
