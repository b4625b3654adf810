/** Where typed arrays come from, all of them zero. */
export interface Memory {
  float64(length: number): Float64Array;
  int32(length: number): Int32Array;
  uint32(length: number): Uint32Array;
  uint16(length: number): Uint16Array;
  uint8(length: number): Uint8Array;
}

/** Arrays of their own, which live as long as somebody has them. */
export const OWN_MEMORY: Memory = {
  float64: (length) => new Float64Array(length),
  int32: (length) => new Int32Array(length),
  uint32: (length) => new Uint32Array(length),
  uint16: (length) => new Uint16Array(length),
  uint8: (length) => new Uint8Array(length),
};

/** Arrays begin at multiples of so many bytes: the largest elements have eight, a cache line 64. */
const ALIGNMENT = 64;

/**
 * Arrays that live until `reuse` is called, one behind another in memory that is used again: for those who build the
 * same things over and over, so that neither the system nor the garbage collector has to bring it along.
 */
export class ReusedMemory implements Memory {
  private buffer = new ArrayBuffer(0);
  /** Bytes that have been asked for since the memory was used again last; there may not have been room for all. */
  private asked = 0;

  /** Whoever has arrays from here has them no longer. */
  reuse(): void {
    if (this.asked > this.buffer.byteLength) this.buffer = new ArrayBuffer(this.asked);
    else new Uint8Array(this.buffer, 0, this.asked).fill(0);
    this.asked = 0;
  }

  float64(length: number): Float64Array {
    const at = this.take(length * Float64Array.BYTES_PER_ELEMENT);
    return at < 0 ? new Float64Array(length) : new Float64Array(this.buffer, at, length);
  }

  int32(length: number): Int32Array {
    const at = this.take(length * Int32Array.BYTES_PER_ELEMENT);
    return at < 0 ? new Int32Array(length) : new Int32Array(this.buffer, at, length);
  }

  uint32(length: number): Uint32Array {
    const at = this.take(length * Uint32Array.BYTES_PER_ELEMENT);
    return at < 0 ? new Uint32Array(length) : new Uint32Array(this.buffer, at, length);
  }

  uint16(length: number): Uint16Array {
    const at = this.take(length * Uint16Array.BYTES_PER_ELEMENT);
    return at < 0 ? new Uint16Array(length) : new Uint16Array(this.buffer, at, length);
  }

  uint8(length: number): Uint8Array {
    const at = this.take(length);
    return at < 0 ? new Uint8Array(length) : new Uint8Array(this.buffer, at, length);
  }

  /** Where there are so many bytes; −1: there is no room, and an array of its own has to do. */
  private take(bytes: number): number {
    const at = this.asked;
    this.asked += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return this.asked > this.buffer.byteLength ? -1 : at;
  }
}
