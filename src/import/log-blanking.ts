/** `=`, with which no line of JSON begins. */
const EQUALS_SIGN = 61;
const LINE_FEED = 10;
const BLANK = 32;

/** A line of `kubectl cluster-info dump` before and after the log of a container (`clusterinfo_dump.go`). */
const START = /^==== START logs for container (\S+ of pod \S+) ====\s*$/;
const NAMES_BYTES_MAX = 2048;

/**
 * Puts blanks in the place of the logs that `kubectl cluster-info dump` prints between its lists, so that lines and
 * columns stay what they are: a log may hold anything, also what looks like JSON.
 */
export class LogBlanking {
  /** Logs that were blanked. */
  logs = 0;
  /** A line begins as a mark does and is none. */
  isBroken = false;
  /** The line after which the log is over; null between logs. */
  private end: string | null = null;
  /** Text of the line so far, as far as it is needed, one character a byte. */
  private line = '';
  private atLineStart = true;
  private marked = false;

  /** Within a log, or within a line that begins as a mark. */
  get isOpen(): boolean {
    return this.end !== null || this.marked;
  }

  /** The same bytes with blanks for logs: the piece itself where it holds none. */
  write(piece: Uint8Array): Uint8Array {
    if (this.end === null && !this.marked && !this.startsMark(piece)) {
      this.atLineStart = piece.length === 0 ? this.atLineStart : piece[piece.length - 1] === LINE_FEED;
      return piece;
    }
    const result = Uint8Array.from(piece);
    for (let at = 0; at < result.length; at++) if (this.hides(result[at])) result[at] = BLANK;
    return result;
  }

  /** Whether some line of the piece begins like a mark. */
  private startsMark(piece: Uint8Array): boolean {
    // There are fewer equals signs than lines.
    for (let at = piece.indexOf(EQUALS_SIGN); at >= 0; at = piece.indexOf(EQUALS_SIGN, at + 1)) {
      if (at === 0 ? this.atLineStart : piece[at - 1] === LINE_FEED) return true;
    }
    return false;
  }

  /** Takes in one byte; true where it is to be blanked. */
  private hides(byte: number): boolean {
    if (byte === LINE_FEED) {
      this.endLine();
      return false;
    }
    if (this.atLineStart) this.marked = byte === EQUALS_SIGN;
    this.atLineStart = false;
    const inLog = this.end !== null;
    if (inLog || this.marked) {
      this.line += String.fromCharCode(byte);
      // The end may stand behind a last line that has no line feed.
      if (inLog && this.line.length > 2 * NAMES_BYTES_MAX) this.line = this.line.slice(-NAMES_BYTES_MAX);
    }
    return inLog || this.marked;
  }

  private endLine(): void {
    if (this.end !== null) {
      if (this.line.trimEnd().endsWith(this.end)) this.end = null;
    } else if (this.marked) {
      const names = START.exec(this.line)?.[1];
      if (names === undefined) this.isBroken = true;
      else {
        this.end = `==== END logs for container ${names} ====`;
        this.logs++;
      }
    }
    this.line = '';
    this.marked = false;
    this.atLineStart = true;
  }
}
