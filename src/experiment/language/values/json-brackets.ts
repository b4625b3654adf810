const QUOTE = 34;
const SQUARE = 91;
const BACKSLASH = 92;
const LINE_FEED = 10;

/** What a byte outside strings means here. */
const OPENS = 1;
const CLOSES = 2;
const QUOTES = 3;
const ENDS_LINE = 4;
const MEANING = new Uint8Array(256);
for (const sign of '{[') MEANING[sign.charCodeAt(0)] = OPENS;
for (const sign of '}]') MEANING[sign.charCodeAt(0)] = CLOSES;
MEANING[QUOTE] = QUOTES;
MEANING[LINE_FEED] = ENDS_LINE;

/**
 * Follows the brackets of JSON text that comes piece by piece, and nothing else: whether what stands between them is JSON
 * is for a parser to say.
 */
export class JsonBrackets {
  /** Line feeds, but for those in strings, where JSON has none. */
  lines = 0;
  /** The most brackets that were open at a time. */
  deepest = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;

  /** Starts anew, outside of strings. */
  reset(): void {
    this.lines = 0;
    this.deepest = 0;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
  }

  /** @returns the index after the next `[` of the piece; −1: there is none */
  afterSquare(piece: Uint8Array, from: number): number {
    return this.find(piece, from, true);
  }

  /** @returns the index after the bracket that closes the first one; −1: it is not in the piece */
  afterClosing(piece: Uint8Array, from: number): number {
    return this.find(piece, from, false);
  }

  /** Counts in variables of its own: with fields the loop takes more than twice as long. */
  private find(piece: Uint8Array, from: number, square: boolean): number {
    const { length } = piece;
    let { depth, deepest, lines, inString } = this;
    let at = this.escaped ? from + 1 : from;
    let found = -1;
    while (found < 0) {
      if (inString) {
        for (; at < length && piece[at] !== QUOTE; at++) if (piece[at] === BACKSLASH) at++;
        if (at >= length) break;
        inString = false;
        at++;
      }
      while (at < length && MEANING[piece[at]] === 0) at++;
      if (at >= length) break;
      const byte = piece[at++];
      const meaning = MEANING[byte];
      if (meaning === QUOTES) inString = true;
      else if (meaning === ENDS_LINE) lines++;
      else if (meaning === OPENS) {
        if (++depth > deepest) deepest = depth;
        if (square && byte === SQUARE) found = at;
      } else if (--depth === 0 && !square) found = at;
    }
    this.escaped = inString && at > length;
    this.depth = depth;
    this.deepest = deepest;
    this.lines = lines;
    this.inString = inString;
    return found;
  }
}
