import type { LineBytes } from './line-bytes.js';

/** More bytes are not kept: pieces that are not known are written anew. */
const BYTES_MAX = 2 ** 26;

/**
 * Pieces of lines that come again and again, as bytes: one for each number, valid for a key. A hundred thousand pods have
 * two each, so they are kept in one array.
 */
export class LinePieces {
  private bytes = new Uint8Array(2 ** 12);
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
    lines.copy(this.bytes, this.from[number], this.to[number]);
    return true;
  }

  /** Keeps what has been written since a place in the lines. */
  keep(number: number, key: number, lines: LineBytes, since: number): void {
    const piece = lines.since(since);
    if (number >= this.to.length || this.used + piece.length > BYTES_MAX) return;
    if (this.used + piece.length > this.bytes.length) {
      const bytes = new Uint8Array(2 * (this.bytes.length + piece.length));
      bytes.set(this.bytes);
      this.bytes = bytes;
    }
    this.bytes.set(piece, this.used);
    this.from[number] = this.used;
    this.used += piece.length;
    this.to[number] = this.used;
    this.keys[number] = key;
  }
}
