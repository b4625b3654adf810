import { instanceOf } from '../../../sim/web-assembly.js';
import { JSON_BRACKETS } from './json-brackets.wasm.js';

const QUOTE = 34;
const SQUARE = 91;
const BACKSLASH = 92;
const LINE_FEED = 10;

/** What a byte outside strings means here. */
const OPENS = 1;
const CLOSES = 2;
const QUOTES = 3;
const ENDS_LINE = 4;
const ESCAPES = 5;
const MEANING = new Uint8Array(256);
for (const sign of '{[') MEANING[sign.charCodeAt(0)] = OPENS;
for (const sign of '}]') MEANING[sign.charCodeAt(0)] = CLOSES;
MEANING[QUOTE] = QUOTES;
MEANING[LINE_FEED] = ENDS_LINE;
MEANING[BACKSLASH] = ESCAPES;

/** Bytes that are copied to the memory of WebAssembly at a time. */
const WINDOW_BYTES = 2 ** 16;

/**
 * Follows the brackets of JSON text that comes piece by piece, and nothing else: whether what stands between them is JSON
 * is for a parser to say.
 */
export interface JsonBrackets {
  /** Line feeds, but for those in strings, where JSON has none. */
  readonly lines: number;
  /** The most brackets that were open at a time. */
  readonly deepest: number;
  /** Starts anew, outside of strings. */
  reset(): void;
  /** Returns the index after the next `[` of the piece; −1: there is none. */
  afterSquare(piece: Uint8Array, from: number): number;
  /** Returns the index after the bracket that closes the first one; −1: it is not in the piece. */
  afterClosing(piece: Uint8Array, from: number): number;
}

/** Follows brackets, in WebAssembly where the host has it: it takes a fifth of the time (measured). */
export function jsonBrackets(): JsonBrackets {
  const kernel = instanceOf(JSON_BRACKETS);
  return kernel === null ? new BytewiseBrackets() : new BlockwiseBrackets(kernel as BracketsKernel);
}

/** The file of `assembly`, compiled. */
interface BracketsKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  reset(): void;
  linesSeen(): number;
  deepestSeen(): number;
  /** Follows the text from an address to another: to the place behind the next `[`, or the bracket that closes the first one. */
  find(from: number, to: number, square: boolean): number;
}

/** 64 bytes at a time. */
class BlockwiseBrackets implements JsonBrackets {
  private readonly window: Uint8Array;
  /** The piece of which some is in the memory, from where on and up to where (exclusive), and how far it has been followed. */
  private piece: Uint8Array | null = null;
  private begin = 0;
  private end = 0;
  private followed = 0;

  constructor(private readonly kernel: BracketsKernel) {
    this.window = new Uint8Array(kernel.memory.buffer, 0, WINDOW_BYTES);
  }

  get lines(): number {
    return this.kernel.linesSeen();
  }

  get deepest(): number {
    return this.kernel.deepestSeen();
  }

  reset(): void {
    this.kernel.reset();
  }

  afterSquare(piece: Uint8Array, from: number): number {
    return this.find(piece, from, true);
  }

  afterClosing(piece: Uint8Array, from: number): number {
    return this.find(piece, from, false);
  }

  private find(piece: Uint8Array, from: number, square: boolean): number {
    for (let at = from; at < piece.length; at = this.end) {
      // Whoever goes back may have written over the piece.
      if (piece !== this.piece || at < this.followed || at >= this.end) this.copy(piece, at);
      const found = this.kernel.find(at - this.begin, this.end - this.begin, square);
      this.followed = found < 0 ? this.end : this.begin + found;
      if (found >= 0) return this.followed;
    }
    return -1;
  }

  private copy(piece: Uint8Array, from: number): void {
    this.piece = piece;
    this.begin = from;
    this.end = Math.min(piece.length, from + WINDOW_BYTES);
    this.window.set(piece.subarray(from, this.end));
  }
}

/** The same byte by byte. */
export class BytewiseBrackets implements JsonBrackets {
  lines = 0;
  deepest = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;

  reset(): void {
    this.lines = 0;
    this.deepest = 0;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
  }

  afterSquare(piece: Uint8Array, from: number): number {
    return this.find(piece, from, true);
  }

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
      else if (meaning === ESCAPES) at++;
      else if (meaning === OPENS) {
        if (++depth > deepest) deepest = depth;
        if (square && byte === SQUARE) found = at;
      } else if (--depth === 0 && !square) found = at;
    }
    this.escaped = at > length;
    this.depth = depth;
    this.deepest = deepest;
    this.lines = lines;
    this.inString = inString;
    return found;
  }
}
