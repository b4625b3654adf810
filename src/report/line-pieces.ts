import { type LineBytes, SPARE_BYTES } from './line-bytes.js';

/** More bytes are not kept: pieces that are not known are written anew. */
const BYTES_MAX = 2 ** 26;

/**
 * Pieces of lines that come again and again, as bytes: one for each number, valid for a key. A hundred thousand pods have
 * two each, so they are kept in one array.
 */
export class LinePieces {
  private bytes = new Uint8Array(2 ** 12);
  private view = new DataView(this.bytes.buffer);
  private used = 0;
  private readonly from: Int32Array;
  private readonly to: Int32Array;
  private readonly keys: Int32Array;

  /** `count`: pieces are kept for numbers below. */
  constructor(count: number) {
    this.from = new Int32Array(count);
    this.to = new Int32Array(count);
    this.keys = new Int32Array(count);
  }

  /** Writes the piece of a number. @returns false where it is not known for this key */
  write(number: number, key: number, lines: LineBytes): boolean {
    if (!(this.to[number] > 0 && this.keys[number] === key)) return false;
    lines.copy(this.view, this.from[number], this.to[number]);
    return true;
  }

  /** Keeps what has been written since a place in the lines. */
  keep(number: number, key: number, lines: LineBytes, since: number): void {
    if (number >= this.to.length) return;
    const piece = lines.since(since);
    const before = this.to[number] - this.from[number];
    const from = piece.length <= before ? this.from[number] : this.take(piece.length);
    this.from[number] = from;
    this.to[number] = from < 0 ? from : from + piece.length;
    this.keys[number] = key;
    if (from >= 0) this.bytes.set(piece, from);
  }

  /** Room for so many bytes; negative where there is none. */
  private take(count: number): number {
    const from = this.used;
    if (from + count > BYTES_MAX) return -1;
    if (from + count + SPARE_BYTES > this.bytes.length) {
      const bytes = new Uint8Array(2 * (this.bytes.length + count));
      bytes.set(this.bytes);
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer);
    }
    this.used += count;
    return from;
  }
}
