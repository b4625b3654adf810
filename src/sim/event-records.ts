/** Bytes of a record: the time as a double, then the key and the argument as 32-bit integers. */
const RECORD_BYTES = 16;

/**
 * Event records side by side in one buffer, seen through three views: record `i` is `times[2i]`,
 * `keys[4i + 2]` and `args[4i + 3]`. A record is moved as two doubles, `times[2i]` and `times[2i + 1]`.
 */
export class EventRecords {
  times: Float64Array;
  keys: Uint32Array;
  args: Int32Array;

  /** @param capacity records that fit before the buffer grows */
  constructor(public capacity: number) {
    const buffer = new ArrayBuffer(capacity * RECORD_BYTES);
    this.times = new Float64Array(buffer);
    this.keys = new Uint32Array(buffer);
    this.args = new Int32Array(buffer);
  }

  /** Makes the buffer four times as large and keeps its records. */
  protected grow(): void {
    this.capacity *= 4;
    const times = new Float64Array(this.capacity * 2);
    times.set(this.times);
    this.times = times;
    this.keys = new Uint32Array(times.buffer);
    this.args = new Int32Array(times.buffer);
  }
}
