/** A Float64Array that grows at its end; capacity doubles. */
export class GrowableFloat64 {
  private data = new Float64Array(16);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(this.length + 1);
    this.data[this.length++] = value;
  }

  get(index: number): number {
    return this.data[index];
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }

  /** Appends `count` copies of a value; returns the index of the first. */
  extend(count: number, value: number): number {
    const first = this.length;
    this.reserve(first + count);
    this.data.fill(value, first, first + count);
    this.length = first + count;
    return first;
  }

  /** Appends values. */
  append(values: Float64Array): void {
    this.reserve(this.length + values.length);
    this.data.set(values, this.length);
    this.length += values.length;
  }

  /** The used part, without copying; valid until the next push. */
  view(): Float64Array {
    return this.data.subarray(0, this.length);
  }

  private reserve(length: number): void {
    if (length <= this.data.length) return;
    const data = new Float64Array(Math.max(length, this.data.length * 2));
    data.set(this.data);
    this.data = data;
  }
}

const CHUNK_BITS = 12;
const CHUNK = 2 ** CHUNK_BITS;

/** Whole numbers of 32 bits, or any. */
export type Chunk = Uint32Array | Float64Array;

/**
 * Many numbers that grow at their end without ever being copied, since two copies of them might not fit in memory. Whole
 * ones of 32 bits, as times in µs mostly are, take half the memory of others.
 */
export class ChunkedNumbers {
  private chunks: Chunk[] = [];
  /** The last of them. */
  private tail: Chunk = new Uint32Array(0);
  length = 0;

  push(value: number): void {
    const place = this.length & (CHUNK - 1);
    if (place === 0) this.open();
    if (value !== value >>> 0) this.widen();
    this.tail[place] = value;
    this.length++;
  }

  /** True where all values are whole and of 32 bits. */
  get areWhole(): boolean {
    return this.chunks.every((chunk) => chunk instanceof Uint32Array);
  }

  get(index: number): number {
    return this.chunks[index >>> CHUNK_BITS][index & (CHUNK - 1)];
  }

  /** Appends values. */
  append(values: Chunk): void {
    if (values instanceof Float64Array) {
      for (const value of values) this.push(value);
      return;
    }
    for (let at = 0; at < values.length;) {
      const place = this.length & (CHUNK - 1);
      if (place === 0) this.open();
      const count = Math.min(CHUNK - place, values.length - at);
      this.tail.set(values.subarray(at, at + count), place);
      this.length += count;
      at += count;
    }
  }

  /** All values, one chunk behind another, to be appended to others. */
  part(): readonly Chunk[] {
    const whole = Math.floor(this.length / CHUNK);
    return this.chunks.map((chunk, i) => (i < whole ? chunk : chunk.slice(0, this.length - whole * CHUNK)));
  }

  /** Forgets all values, and their memory. */
  clear(): void {
    this.chunks = [];
    this.length = 0;
  }

  /** Copies the values from `from` to `to` (exclusive) to a place in an array. */
  copyTo(values: Float64Array, place: number, from: number, to: number): void {
    let next = place;
    this.eachChunk(from, to, (chunk, first, last) => {
      next = copy(chunk, first, last, values, next);
    });
  }

  /** Visits the chunks that hold the values from `from` to `to` (exclusive): those from `first` to `last` (exclusive) in each. */
  eachChunk(from: number, to: number, visit: (chunk: Chunk, first: number, last: number) => void): void {
    for (let at = from; at < to;) {
      const first = at & (CHUNK - 1);
      const last = Math.min(CHUNK, first + to - at);
      visit(this.chunks[Math.floor(at / CHUNK)], first, last);
      at += last - first;
    }
  }

  private open(): void {
    this.tail = new Uint32Array(CHUNK);
    this.chunks.push(this.tail);
  }

  /** The last chunk can hold any number. */
  private widen(): void {
    if (this.tail instanceof Float64Array) return;
    this.tail = Float64Array.from(this.tail);
    this.chunks[this.chunks.length - 1] = this.tail;
  }
}

/** Copies the numbers from `first` to `last` (exclusive) to a place in an array; returns the place behind them. */
function copy(chunk: Chunk, first: number, last: number, values: Float64Array, place: number): number {
  let next = place;
  for (let i = first; i < last; i++) values[next++] = chunk[i];
  return next;
}

/** An Int32Array that grows at its end; capacity doubles. */
export class GrowableInt32 {
  private data = new Int32Array(16);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(this.length + 1);
    this.data[this.length++] = value;
  }

  get(index: number): number {
    return this.data[index];
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }

  /** Appends values. */
  append(values: Int32Array): void {
    this.reserve(this.length + values.length);
    this.data.set(values, this.length);
    this.length += values.length;
  }

  /** The used part, without copying; valid until the next push. */
  view(): Int32Array {
    return this.data.subarray(0, this.length);
  }

  private reserve(length: number): void {
    if (length <= this.data.length) return;
    const data = new Int32Array(Math.max(length, this.data.length * 2));
    data.set(this.data);
    this.data = data;
  }
}
