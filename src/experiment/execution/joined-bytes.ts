/** Pieces begin at multiples of so many bytes, so that any typed array can lie over one. */
const ALIGNMENT = Float64Array.BYTES_PER_ELEMENT;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Pieces of bytes one behind another, after how many there are and how long each is. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const head = Float64Array.of(pieces.length, ...pieces.map(({ length }) => length));
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + aligned(length), head.byteLength));
  joined.set(new Uint8Array(head.buffer));
  let at = head.byteLength;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += aligned(piece.length);
  }
  return joined;
}

/** The pieces of `joinBytes`, where they lie. */
export function splitBytes(joined: Uint8Array): readonly Uint8Array[] {
  const count = numbersAt(joined, Float64Array, 0, 1)[0];
  const lengths = numbersAt(joined, Float64Array, 1, count);
  let at = (1 + count) * ALIGNMENT;
  return Array.from(lengths, (length) => {
    const piece = joined.subarray(at, at + length);
    at += aligned(length);
    return piece;
  });
}

/** Typed arrays that can lie over bytes. */
interface NumbersType<Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, at: number, length: number): Numbers;
}

/** Numbers that lie in bytes; copied only where they do not lie as such numbers must. */
export function numbersIn<Numbers>(bytes: Uint8Array, type: NumbersType<Numbers>): Numbers {
  return numbersAt(bytes, type, 0, bytes.length / type.BYTES_PER_ELEMENT);
}

function numbersAt<Numbers>(bytes: Uint8Array, type: NumbersType<Numbers>, first: number, count: number): Numbers {
  const size = type.BYTES_PER_ELEMENT;
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new type(buffer, byteOffset + first * size, count);
}
