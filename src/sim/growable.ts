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

  /** Forgets all values, and their memory. */
  clear(): void {
    this.data = new Float64Array(16);
    this.length = 0;
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

const CHUNK_BITS = 16;
const CHUNK = 2 ** CHUNK_BITS;

/** Many doubles that grow at their end without ever being copied, since two copies of them might not fit in memory. */
export class ChunkedFloat64 {
  private readonly chunks: Float64Array[] = [];
  length = 0;

  push(value: number): void {
    const place = this.length & (CHUNK - 1);
    if (place === 0) this.chunks.push(new Float64Array(CHUNK));
    this.chunks[this.chunks.length - 1][place] = value;
    this.length++;
  }

  /** Appends values. */
  append(values: Float64Array): void {
    for (const value of values) this.push(value);
  }

  /** The values from `from` to `to` (exclusive), as a copy. */
  slice(from = 0, to = this.length): Float64Array {
    const values = new Float64Array(to - from);
    for (let at = from; at < to;) {
      const place = at & (CHUNK - 1);
      const count = Math.min(CHUNK - place, to - at);
      values.set(this.chunks[Math.floor(at / CHUNK)].subarray(place, place + count), at - from);
      at += count;
    }
    return values;
  }
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
