import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GZIP_MAGIC, isGzip } from './values/foreign-format.js';
import { InputError } from './values/input-error.js';
import { readError } from './read-error.js';
import { sourceLabel, STDIN } from './source.js';

/** The first piece has at least so many bytes, where there are so many: enough to tell what a file is. */
const FIRST_PIECE_BYTES = 1024;

/** Bytes of a file that are read at a time: some dozens of objects of a cluster. */
const PIECE_BYTES = 2 ** 19;

/** The dump of the largest cluster that was ever measured (15,000 nodes) has about as many. */
const BYTES_MAX = 8 * 2 ** 30;

/** Text repeats itself less: dumps shrink to a tenth or a thirtieth. From so many bytes on it counts. */
const RATIO_MAX = 250;
const RATIO_FROM_BYTES = 2 ** 28;

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes of a file (`-`: standard input) piece by piece, gzip unpacked whatever the file's name, a
 * UTF-8 byte order mark left out. Throws an InputError where they cannot be read, or where there are more than any
 * dump has: standard input may have no end.
 */
export async function* readBytes(path: string, bytesMax = BYTES_MAX): AsyncGenerator<Buffer> {
  const source: Readable = path === STDIN ? process.stdin : createReadStream(path, { highWaterMark: PIECE_BYTES });
  try {
    yield* withoutMark(bounded(path, source, bytesMax));
  } catch (error) {
    throw readError(path, error);
  }
}

/** The unpacked bytes, as long as there are no more than any cluster has. */
async function* bounded(path: string, source: Readable, bytesMax: number): AsyncGenerator<Buffer> {
  const packed = { bytes: 0 };
  let size = 0;
  for await (const piece of unpacked(counting(source, packed))) {
    size += piece.length;
    if (size > bytesMax) {
      throw new InputError([
        `${sourceLabel(path)}: is larger than ${bytesMax / 2 ** 30} GiB, more than any cluster has: give only what is asked for`,
      ]);
    }
    if (size > RATIO_FROM_BYTES && size > packed.bytes * RATIO_MAX) {
      throw new InputError([`${sourceLabel(path)}: unpacks to more than ${RATIO_MAX} times its size: no dump does`]);
    }
    yield piece;
  }
}

async function* counting(source: AsyncIterable<Uint8Array>, counted: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    counted.bytes += piece.length;
    yield piece;
  }
}

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { head, rest } = await peek(source, GZIP_MAGIC.length);
  if (!isGzip(head)) {
    yield head;
    yield* rest;
    return;
  }
  const gunzip = createGunzip();
  // An error of either stream ends the iteration below; the callback only keeps it from being thrown twice.
  pipeline(Readable.from(joined(head, rest)), gunzip, () => undefined);
  for await (const chunk of gunzip) yield chunk as Buffer;
}

async function* withoutMark(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { head, rest } = await peek(source, FIRST_PIECE_BYTES);
  yield head.subarray(0, UTF8_BOM.length).equals(UTF8_BOM) ? head.subarray(UTF8_BOM.length) : head;
  yield* rest;
}

/** The first bytes, at least `count` where there are so many, and what follows them. */
async function peek(
  source: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ readonly head: Buffer; readonly rest: AsyncIterable<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < count) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, rest: remaining(iterator) };
}

async function* remaining(iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    const { buffer, byteOffset, byteLength } = next.value;
    yield Buffer.from(buffer, byteOffset, byteLength);
  }
}

async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}
