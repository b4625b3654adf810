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

type TypedArray = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** How arrays of a type are made: of their own, or in a buffer. */
interface ArrayType<Numbers extends TypedArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): Numbers;
  new (buffer: ArrayBuffer, at: number, length: number): Numbers;
}

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
  /** The arrays that were handed out, in their order: who asks for the same again is given the same array. */
  private readonly arrays: TypedArray[] = [];
  private next = 0;

  /** Whoever has arrays from here has them no longer. */
  reuse(): void {
    if (this.asked > this.buffer.byteLength) {
      this.buffer = new ArrayBuffer(this.asked);
      this.arrays.length = 0;
    } else {
      new Uint8Array(this.buffer, 0, this.asked).fill(0);
    }
    this.asked = 0;
    this.next = 0;
  }

  float64(length: number): Float64Array {
    return this.take(Float64Array, length);
  }

  int32(length: number): Int32Array {
    return this.take(Int32Array, length);
  }

  uint32(length: number): Uint32Array {
    return this.take(Uint32Array, length);
  }

  uint16(length: number): Uint16Array {
    return this.take(Uint16Array, length);
  }

  uint8(length: number): Uint8Array {
    return this.take(Uint8Array, length);
  }

  /** An array in the memory, or one of its own where there is no room. */
  private take<Numbers extends TypedArray>(type: ArrayType<Numbers>, length: number): Numbers {
    const at = this.asked;
    const bytes = length * type.BYTES_PER_ELEMENT;
    this.asked += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (this.asked > this.buffer.byteLength) return new type(length);
    const known = this.arrays[this.next];
    if (known instanceof type && known.byteOffset === at && known.length === length) {
      this.next++;
      return known;
    }
    const array = new type(this.buffer, at, length);
    this.arrays[this.next++] = array;
    return array;
  }
}
