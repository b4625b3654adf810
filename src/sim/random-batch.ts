import type { UniformInterval } from './distributions.js';
import { type RandomStream, TWO_POW_MINUS_32 } from './random.js';
import { type RandomKernel, randomKernel } from './random-kernel.js';

/** Entities of a batch, at the most: as many as the kernel's columns are long. */
export const BATCH_SIZE = 1024;
/** Fewer are drawn sooner without the kernel: a call takes 30 ns, a block without it 17 (measured). */
const WORTH_A_CALL = 3;

/** Blocks of a run, at the most; a multiple of the next. */
export const RUN_BLOCKS = 32;
/** Entities or blocks that a kernel handles at a time. */
const LANES = 4;

/** The law of the intervals of a renewal sequence, in µs of 32 bits: the least, and what is added by a unit of a word. */
export interface RenewalLaw {
  readonly least: number;
  readonly scale: number;
}

/** The same, where renewals are so many µs into their seconds. */
export interface TimedRenewalLaw extends RenewalLaw {
  readonly phase: number;
}

/** Numbers for which lists of renewals have room together, and places that a list has besides those of its renewals. */
const LIST_CELLS = 2 ** 16;
/** Some of them may be written behind the last list. */
const BEHIND_LISTS = 8;
export const LIST_ENDS = 5;

/** Waits that renewals of lists come to, each of two words × their scales, cut to whole µs. */
export interface ListedWaits {
  /** The stream that draws them, of the entity (high, low), at the number of the second. */
  readonly stream: RandomStream;
  readonly high: number;
  readonly low: number;
  /** The renewals are so many µs into their seconds. */
  readonly phase: number;
  readonly scale0: number;
  readonly scale1: number;
}

/** Which renewals of a list are taken, and how they are counted (`thinListed`). */
export interface Thinning {
  /** Places from one to the next, at the least; seconds to the first that may be it, and to the first that is it in any case. */
  passed: number;
  soonest: number;
  latest: number;
  /**
   * What decides where that is not certain: the longest wait of a renewal, and how long after the wait of one that of the next
   * is over: µs that it takes at the least, and such that are enough.
   */
  longestWait: number;
  least: number;
  enough: number;
  /** The first second in which none is taken any more. */
  end: number;
  /** They are counted in so many seconds. */
  seconds: number;
}

/** Seconds for which renewals are counted, at the most, and renewals in each. */
const COUNTED_SECONDS = 2 ** 15;
const COUNTED_MOST = 255;
/** Sums of such counts for which there is room. */
const SUMS = 2 ** 16;

/** Where columns of so many numbers begin that lie one behind another, bytes. */
const column = (number: number): number => number * BATCH_SIZE * Int32Array.BYTES_PER_ELEMENT;

/**
 * Random numbers of many entities at once, one block of two words for each: who simulates entities one after another asks
 * for those that all of them need together. In WebAssembly where the host has it, to the same bytes.
 */
export class RandomBatch {
  /** What the entities are to whoever draws. */
  readonly entities = new Int32Array(BATCH_SIZE);
  /** Names of the entities and the numbers of their blocks, from 0 on. */
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly index: Int32Array;
  /** Two words for each, as `RandomStream.uint32` has them, but signed. */
  readonly words: Int32Array;
  /** In their place: the whole seconds at which renewal sequences stand. How many intervals are drawn is in `index` then. */
  readonly seconds: Int32Array;

  /** Words of a run of blocks of one entity, which live until the next is drawn. */
  readonly run: Int32Array;

  /** Lists of renewals, which live until the next are written: the seconds in which they are, and their times, µs. */
  readonly listedSeconds: Int32Array;
  readonly listedTimes: Float64Array;
  /** In the places of words: from when on renewals of each list are taken (`thinListed`), or ages (`drawAges`), µs. */
  readonly times: Float64Array;
  /** In the places of those listed: the seconds after waits (`waitListed`); and how many there are in each second (`countListed`). */
  readonly waitedSeconds: Int32Array;
  readonly listedCounts: Uint8Array;
  /** Sums of those counts, which live until somebody clears them; none without a kernel. */
  readonly sums: Uint32Array;
  /** What draws waits. */
  private waits: RandomStream | null = null;

  constructor(private readonly kernel: RandomKernel | null = randomKernel()) {
    const buffer = kernel?.memory.buffer ?? new ArrayBuffer(column(6));
    this.high = new Int32Array(buffer, column(0), BATCH_SIZE);
    this.low = new Int32Array(buffer, column(1), BATCH_SIZE);
    this.index = new Int32Array(buffer, column(2), BATCH_SIZE);
    this.words = new Int32Array(buffer, column(3), 2 * BATCH_SIZE);
    this.run = new Int32Array(buffer, column(5), 2 * RUN_BLOCKS);
    this.seconds = this.words.subarray(0, BATCH_SIZE);
    this.times = new Float64Array(buffer, column(3), BATCH_SIZE);
    const cells = kernel === null ? 0 : LIST_CELLS;
    const after = (array: ArrayBufferView): number => array.byteOffset + array.byteLength;
    this.listedSeconds = new Int32Array(buffer, column(6), cells);
    this.listedTimes = new Float64Array(buffer, after(this.listedSeconds), cells);
    this.waitedSeconds = new Int32Array(buffer, after(this.listedTimes), cells);
    this.listedCounts = new Uint8Array(buffer, after(this.waitedSeconds), kernel === null ? 0 : COUNTED_SECONDS);
    this.sums = new Uint32Array(buffer, after(this.listedCounts), kernel === null ? 0 : SUMS);
  }

  /** A word as a double in [0, 1), in steps of 2^-32. */
  uniform(word: number): number {
    return (this.words[word] >>> 0) * TWO_POW_MINUS_32;
  }

  /** Draws the blocks of the first `count` entities. */
  draw(stream: RandomStream, count: number): void {
    const { high, low, index, words, kernel } = this;
    if (kernel !== null && count >= WORTH_A_CALL) {
      stream.draws += count;
      kernel.blocks(stream.key0, stream.key1, count);
      return;
    }
    for (let i = 0; i < count; i++) stream.blocks(high[i], low[i], index[i], 1, words, 2 * i);
  }

  /**
   * Draws for how long cycles of the first `count` entities have been going on, into `times`; NaN where rounding matters. A
   * cycle takes `fixed` and the residual of an interval, and may be `off` by rounding. False, and nothing is done, without
   * a kernel.
   */
  drawAges(stream: RandomStream, count: number, fixed: number, intervals: UniformInterval, off: number): boolean {
    const { kernel } = this;
    if (kernel === null) return false;
    kernel.cycles(fixed, intervals.shortest, intervals.longest, off);
    stream.draws += kernel.ages(stream.key0, stream.key1, count);
    return true;
  }

  /**
   * Draws a run: at least `count` blocks of an entity from block `first` on, at the most `RUN_BLOCKS`; returns how many.
   */
  drawRun(stream: RandomStream, high: number, low: number, first: number, count: number): number {
    const { kernel, run } = this;
    if (kernel === null) {
      stream.blocks(high, low, first, count, run);
      return count;
    }
    const blocks = Math.ceil(count / LANES) * LANES;
    stream.draws += blocks;
    kernel.run(stream.key0, stream.key1, high, low, first, blocks);
    return blocks;
  }

  /**
   * Walks the renewal sequences of the first `count` entities to their first renewal at second `until` or later: an interval
   * takes `least` + its word × `scale` µs, both parts and the sum cut to whole numbers, the last one of seconds. False, and
   * nothing is done, where there is no kernel.
   */
  renew(stream: RandomStream, count: number, { least, scale }: RenewalLaw, until: number): boolean {
    const { kernel, seconds } = this;
    if (kernel === null) return false;
    let filled = count;
    while (filled % LANES !== 0) seconds[filled++] = until;
    stream.draws += kernel.renew(stream.key0, stream.key1, filled, least, scale, until);
    return true;
  }

  /**
   * Draws how many whole seconds after an instant the renewal sequences of the first `count` entities have their first
   * renewal, into `seconds`, where they have been going on for ever and there may be one at the instant. An interval takes
   * what one of `renew` takes, and `longest` µs at the most. False, and nothing is done, where there is no kernel.
   */
  drawResiduals(stream: RandomStream, count: number, { least, scale }: RenewalLaw, longest: number): boolean {
    const { kernel } = this;
    if (kernel === null) return false;
    stream.draws += kernel.residuals(stream.key0, stream.key1, count, least, scale, longest);
    return true;
  }

  /**
   * Lists the renewals of the first `count` entities before second `until`, from where they stand on, in `room` places for
   * each, `LIST_ENDS` more than it has renewals. The list of an entity that has drawn an odd number of intervals begins at
   * its second place; where each ends is in `seconds` then, and what stands there never comes. Times are `phase` µs into
   * their seconds. False, and nothing is done, where there is no kernel or no room.
   */
  listRenewals(
    stream: RandomStream,
    count: number,
    { least, scale, phase }: TimedRenewalLaw,
    until: number,
    room: number,
  ): boolean {
    const { kernel, seconds } = this;
    let filled = count;
    while (filled % LANES !== 0) seconds[filled++] = until;
    if (kernel === null || filled * room > LIST_CELLS - BEHIND_LISTS) return false;
    kernel.lists(least, scale, phase, room);
    stream.draws += kernel.list(stream.key0, stream.key1, filled, until);
    return true;
  }

  /** Renewals wait like this, until somebody says something else. */
  waitLike({ stream, high, low, phase, scale0, scale1 }: ListedWaits): void {
    this.waits = stream;
    this.kernel?.waiter(stream.key0, stream.key1, high, low);
    this.kernel?.waits(phase, scale0, scale1);
  }

  /**
   * Writes the seconds to `waitedSeconds` in which what is in `count` lists comes to after its waits, in the same places.
   * `high`: the first places of the lists, ascending; `low`: those behind them. Where lists have been written.
   */
  waitListed(count: number): void {
    if (this.kernel === null || this.waits === null) throw new RangeError('no lists have been written');
    this.waits.draws += this.kernel.wait(count);
  }

  /**
   * Counts how many renewals of `count` lists there are in each of `seconds` seconds from `from` on. `high`: the first places
   * of the lists; `low`: those behind them. Returns the most of them; NaN where there is no room for all.
   */
  countListed(count: number, from: number, seconds: number): number {
    if (this.kernel === null || seconds > COUNTED_SECONDS) return NaN;
    const most = this.kernel.count(count, from, seconds);
    return most > COUNTED_MOST ? NaN : most;
  }

  /**
   * Thins out `count` lists: the first renewal is taken that comes to a time in `times` after its wait, or later, and then the
   * next, as long as that can be told; they are counted among the sums, by their seconds or those of `waitedSeconds`
   * (`waited`). `high`: the first places of the lists; `low`: those behind them; `index`: places of the sums. In `high` is
   * then the last place that was taken, −1 where none comes before second `over` any more, −2 where none was taken, and in
   * `low` how many were.
   */
  thinListed(count: number, thinning: Thinning, over: number, waited: boolean): void {
    const { kernel, waits } = this;
    if (kernel === null || waits === null) throw new RangeError('no lists have been written');
    kernel.thinning(thinning.passed, thinning.soonest, thinning.latest, thinning.end);
    kernel.deciding(thinning.longestWait, thinning.least, thinning.enough);
    waits.draws += kernel.thin(count, over, thinning.seconds, waited);
  }

  /** Adds the counts of `seconds` seconds, from that at `first` on, to as many sums from `at` on; where they have been counted. */
  addCounts(first: number, seconds: number, at: number): void {
    this.kernel?.add(first, seconds, at);
  }
}

let ofThisThread: RandomBatch | null = null;

/** One batch for all of a thread: an instance of WebAssembly takes much of the address space. */
export function sharedBatch(): RandomBatch {
  return (ofThisThread ??= new RandomBatch());
}
