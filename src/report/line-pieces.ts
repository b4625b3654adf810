import { type LineBytes, SPARE_BYTES } from './line-bytes.js';

/** More bytes are not kept: pieces that are not known are written anew. */
const BYTES_MAX = 2 ** 26;

/**
 * Pieces of lines that come again and again, as bytes: one for each number. A hundred thousand pods have two each, so they
 * are kept in one array.
 */
export class LinePieces {
  private bytes = new Uint8Array(2 ** 12);
  private view = new DataView(this.bytes.buffer);
  private used = 0;
  private readonly from: Int32Array;
  private readonly to: Int32Array;

  /** `count`: pieces are kept for numbers below. */
  constructor(count: number) {
    this.from = new Int32Array(count);
    this.to = new Int32Array(count);
  }

  /** Writes the piece of a number. @returns false where it is not known */
  write(number: number, lines: LineBytes): boolean {
    const to = this.to[number];
    if (!(to > 0)) return false;
    lines.copy(this.view, this.from[number], to);
    return true;
  }

  /** Keeps what has been written since a place in the lines. */
  keep(number: number, lines: LineBytes, since: number): void {
    const piece = lines.since(since);
    const from = this.used;
    const to = from + piece.length;
    if (number >= this.to.length || to > BYTES_MAX) return;
    this.reserve(to);
    this.bytes.set(piece, from);
    this.from[number] = from;
    this.to[number] = to;
    this.used = to;
  }

  private reserve(length: number): void {
    if (length + SPARE_BYTES <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * length + SPARE_BYTES);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
