/** Bytes that come piece by piece and are wanted in one. */
export class GatheredBytes {
  length = 0;
  private pieces: Uint8Array[] = [];

  add(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.length += piece.length;
  }

  /** All that was added since the last time; a single piece is not copied. */
  take(): Uint8Array {
    const { pieces, length } = this;
    this.pieces = [];
    this.length = 0;
    if (pieces.length === 1) return pieces[0];
    const whole = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}
