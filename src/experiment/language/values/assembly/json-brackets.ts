/*
 * AssemblyScript: follows the brackets of JSON text, 64 bytes at a time (`json-brackets.ts` says what that is good for). The
 * text lies at the beginning of the memory, with 63 bytes behind it that are read and not looked at.
 */
const BLOCK: i32 = 64;
const QUOTE: i32 = 34;
const BACKSLASH: i32 = 92;
const LINE_FEED: i32 = 10;
const SQUARE: i32 = 91;
/** Square brackets, and curly ones but for this bit. */
const CURLY: i32 = 0x20;
const OPENS: i32 = SQUARE;
const CLOSES: i32 = 93;

let depth: i32 = 0;
let deepest: i32 = 0;
let lines: i32 = 0;
/** All bits where the next byte is in a string; the first where it is escaped. */
let inString: u64 = 0;
let escapes: u64 = 0;

/** What stands where in a block, a bit for each byte. */
let quotes: u64 = 0;
let backslashes: u64 = 0;
let feeds: u64 = 0;
let opening: u64 = 0;
let closing: u64 = 0;

/** Starts anew, outside of strings. */
export function reset(): void {
  depth = 0;
  deepest = 0;
  lines = 0;
  inString = 0;
  escapes = 0;
}

/** Line feeds outside of strings. */
export function linesSeen(): i32 {
  return lines;
}

/** The most brackets that were open at a time. */
export function deepestSeen(): i32 {
  return deepest;
}

/**
 * Follows the text from `from` to `to`: to the place behind the next `[`, or the bracket that closes the first one.
 * Returns −1 where there is none.
 */
export function find(from: i32, to: i32, square: bool): i32 {
  for (let at = from; at < to; at += BLOCK) {
    const left = to - at;
    const inside: u64 = left < BLOCK ? (<u64>1 << left) - 1 : ~<u64>0;
    look(at);
    const escaped = escapedOf(backslashes & inside, left);
    const strings = evenOut(quotes & inside & ~escaped) ^ inString;
    const free = inside & ~strings & ~escaped;
    const place = follow(at, free, square);
    if (place >= 0) {
      lines += <i32>popcnt(feeds & free & ((<u64>1 << place) - 1));
      inString = 0;
      escapes = 0;
      return at + place + 1;
    }
    lines += <i32>popcnt(feeds & free);
    inString = <u64>(<i64>strings >> (BLOCK - 1));
  }
  return -1;
}

/** Follows the brackets of the block at `at` that stand at the places `free`; returns that of the one that is looked for, −1: it is none of them. */
@inline
function follow(at: i32, free: u64, square: bool): i32 {
  for (let signs = (opening | closing) & free; signs !== 0; signs &= signs - 1) {
    const place = <i32>ctz(signs);
    if (((opening >> place) & 1) !== 0) {
      if (++depth > deepest) deepest = depth;
      if (square && load<u8>(at + place) === SQUARE) return place;
    } else if (--depth === 0 && !square) return place;
  }
  return -1;
}

/** Reads a block. */
@inline
function look(at: i32): void {
  quotes = 0;
  backslashes = 0;
  feeds = 0;
  opening = 0;
  closing = 0;
  for (let i: i32 = 0; i < BLOCK; i += 16) {
    const bytes = v128.load(at + i);
    const straight = v128.and(bytes, i8x16.splat(<i8>~CURLY));
    quotes |= placesOf(bytes, QUOTE) << i;
    backslashes |= placesOf(bytes, BACKSLASH) << i;
    feeds |= placesOf(bytes, LINE_FEED) << i;
    opening |= placesOf(straight, OPENS) << i;
    closing |= placesOf(straight, CLOSES) << i;
  }
}

/** A bit for each of 16 bytes that is `byte`. */
@inline
function placesOf(bytes: v128, byte: i32): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>byte))));
}

/** The bytes of a block that a backslash before them escapes, of whose first `left` bytes some are backslashes. */
@inline
function escapedOf(slashes: u64, left: i32): u64 {
  let escaped = escapes;
  escapes = 0;
  for (let rest = slashes & ~escaped; rest !== 0;) {
    const next = ctz(rest) + 1;
    if (next === BLOCK) escapes = 1;
    else escaped |= <u64>1 << next;
    // What it escapes escapes nothing.
    rest &= rest - 1;
    rest &= ~escaped;
  }
  if (left < BLOCK) escapes = (escaped >> left) & 1;
  return escaped;
}

/** Bits from each odd one of some to the next one. */
@inline
function evenOut(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ (bits << 32);
}
