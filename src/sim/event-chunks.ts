import { EventRecords } from './event-records.js';

/** Records of a chunk, a power of two. The first one holds the link to the list before; the others are events. */
export const CHUNK = 64;
const OFFSET = CHUNK - 1;
const INITIAL_CHUNKS = 4;

/**
 * Unordered lists of events in chunks of 1 KiB from one pool, so that adding to a list writes next to
 * what was written before and reading it is sequential. A list is a number: the record after its last
 * event, 0 when it is empty. Chunks given back are used again first, while they are still in the cache.
 */
export class EventChunks extends EventRecords {
  /** First record never used so far; chunk 0 is left out, so that no list is 0. */
  private unused = CHUNK;
  /** First record of the chunk last given back; it links to the one given back before. 0 at the end. */
  private free = 0;

  constructor() {
    super(CHUNK * INITIAL_CHUNKS);
  }

  /** Adds an event to a list and returns the list. */
  add(list: number, time: number, key: number, argument: number): number {
    const record = (list & OFFSET) === 0 ? this.extend(list) : list;
    this.times[record * 2] = time;
    this.keys[record * 4 + 2] = key;
    this.args[record * 4 + 3] = argument;
    return record + 1;
  }

  /** A new list of the first records of a buffer. */
  addAll(records: EventRecords, count: number): number {
    let list = 0;
    for (let record = 0; record < count; record++) {
      list = this.add(list, records.times[record * 2], records.keys[record * 4 + 2], records.args[record * 4 + 3]);
    }
    return list;
  }

  /** First record of the last chunk of a list that is not empty; its events are from the next record up to the list. */
  chunkOf(list: number): number {
    return (list - 1) & ~OFFSET;
  }

  /** True for a list of one chunk. */
  isSingle(list: number): boolean {
    return this.keys[this.chunkOf(list) * 4] === 0;
  }

  /** The list without its last chunk. */
  before(chunk: number): number {
    return this.keys[chunk * 4];
  }

  /** Gives a chunk back and returns the list without it. */
  release(chunk: number): number {
    const list = this.keys[chunk * 4];
    this.keys[chunk * 4] = this.free;
    this.free = chunk;
    return list;
  }

  /** Gives all chunks back; all lists are to be forgotten. */
  clear(): void {
    this.unused = CHUNK;
    this.free = 0;
  }

  /** Puts a chunk behind a list that fills its own, and returns the chunk's first record for an event. */
  private extend(list: number): number {
    let chunk = this.free;
    if (chunk !== 0) {
      this.free = this.keys[chunk * 4];
    } else {
      chunk = this.unused;
      this.unused += CHUNK;
      if (this.unused > this.capacity) this.grow();
    }
    this.keys[chunk * 4] = list;
    return chunk + 1;
  }
}
