import { OBJECT_BYTES_MAX } from '../experiment/language/values/fields.js';
import { base64Bytes, utf8Bytes } from './text-bytes.js';

/** Bytes of a Secret's or ConfigMap's content. */
export interface ContentSize {
  readonly keys: number;
  readonly values: number;
  /** Values in whose place a tool has put their length. */
  readonly lengths: number;
  /** Values in whose place a tool has put a mark that does not tell their length. */
  readonly hidden: number;
}

/** What tools put in the place of values: words, or one character several times. */
const REDACTED_WORDS =
  /^[^A-Za-z0-9]*(?:redacted|hidden|masked|removed|omitted|censored|sanitized|obfuscated|data[ _-]omitted)[^A-Za-z0-9]*$/i;
const REDACTED_SIGNS = /^(?:\*{3,}|•{3,}|x{3,}|X{3,}|\.{3,}|\+{3,}|-{3,}|█+|\?{3,})$/;

/** A tool's note of the length, such as `REDACTED # (12 bytes)`. */
const LENGTH_NOTE = /^[^\d\n]{0,40}(\d{1,7})\s*bytes?\)?$/i;

/** No value has as many characters that says no more than that it was taken out. */
const MARK_CHARACTERS_MAX = 80;

/** Bytes of a value as it stands; null where a tool has put a mark in its place. */
export function plainBytes(text: string): number | null {
  return isRedacted(text) ? null : utf8Bytes(text);
}

/** Bytes of a value in base64; null where the text is none, so that something else stands in the value's place. */
export function encodedBytes(text: string): number | null {
  if (isRedacted(text)) return null;
  const encoded = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  return encoded.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(encoded) ? base64Bytes(encoded) : null;
}

function isRedacted(text: string): boolean {
  return text.length <= MARK_CHARACTERS_MAX && (REDACTED_WORDS.test(text) || REDACTED_SIGNS.test(text));
}

/** The values of a map as a dump has them. */
export type Values = Readonly<Record<string, string | number | null>>;

/**
 * The size of a map of values. A number in a value's place is its length: tools redact so, and then all values of the
 * map alike. Beside contents it is a content itself that lacks its quotes: it must not be told as a size.
 */
export function sizeOf(data: Values, bytesOf: (text: string) => number | null): ContentSize {
  const size = { keys: 0, values: 0, lengths: 0, hidden: 0 };
  const read = Object.entries(data).map(([key, value]) => ({
    key,
    value,
    bytes: typeof value === 'string' ? bytesOf(value) : null,
  }));
  const areLengths = read.every(({ bytes }) => bytes === null || bytes === 0);
  for (const { key, value, bytes } of read) {
    size.keys += utf8Bytes(key);
    if (bytes !== null) size.values += bytes;
    if (bytes !== null || value === null) continue;
    const told = typeof value === 'string' ? lengthNote(value) : areLengths ? lengthOf(value) : null;
    if (told === null) size.hidden++;
    else {
      size.values += told;
      size.lengths++;
    }
  }
  return size;
}

function lengthNote(text: string): number | null {
  const note = LENGTH_NOTE.exec(text)?.[1];
  return note === undefined ? null : Number(note);
}

function lengthOf(value: number): number | null {
  return Number.isInteger(value) && value >= 0 ? value : null;
}

/** What an object's parts are together. */
export interface ObjectSize {
  /** Keys and values; null where some value was taken out and its length is not known. */
  readonly bytes: number | null;
  readonly redacted: boolean;
  /** It has a value of at least a byte, be it one that was taken out. */
  readonly filled: boolean;
  /** A reason where the API server would not have accepted the object. */
  readonly problem?: string;
}

/** Bytes of all keys and values of an object. */
export function objectSize(parts: readonly ContentSize[]): ObjectSize {
  const total = (of: (part: ContentSize) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  const values = total((part) => part.values);
  const hidden = total((part) => part.hidden);
  const redacted = hidden + total((part) => part.lengths) > 0;
  const bytes = hidden > 0 ? null : total((part) => part.keys) + values;
  const filled = values + hidden > 0;
  if (values <= OBJECT_BYTES_MAX) return { bytes, redacted, filled };
  const problem = `holds more than the ${OBJECT_BYTES_MAX} bytes (1 MiB, MaxSecretSize) that Kubernetes stores in one object`;
  return { bytes, redacted, filled, problem };
}
