import { WATCH_LIVES } from './watch-lives.wasm.js';
import { BATCH_SIZE } from '../../sim/random-batch.js';
import { instanceOf } from '../../sim/web-assembly.js';
import { SECOND_US } from '../../sim/units.js';
import { MARGIN_S } from './bookmark-counts.js';
import type { Load } from './load.js';
import type { ReadTally } from './read-tally.js';
import type { Randomness } from '../model/randomness.js';

/** What is counted begins behind the columns, which take less, bytes; a page of WebAssembly's memory. */
const COUNTS_AT = 2 ** 15;
const PAGE_BYTES = 2 ** 16;
/** Memory of a kernel at the most, and of one that is kept for other runs (choices of this program). */
const MOST_BYTES = 2 ** 28;
const KEPT_BYTES = 2 ** 25;
/** Gaps are added up in 32 bits; a longer one is none of a network. */
const MOST_GAP_US = 2 ** 30;
/** Lives, which take twice as long at the most, are counted in periods by multiplication. */
const MOST_TIMEOUT_S = 2 ** 14;
const CELL_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** `assembly/watch-lives.ts`, compiled. */
interface LivesKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  keys(residual0: number, residual1: number, timeout0: number, timeout1: number): void;
  laws(minWatchTimeoutS: number, gapUs: number, seconds: number): void;
  bookmarks(frequencyS: number, beforeDeadlineS: number, marginS: number): void;
  begin(from: number): void;
  /** Returns how many blocks of random numbers it has drawn. */
  walk(count: number, differencesAt: number, deadlinesAt: number, besideAt: number): number;
}

/** Where lives are counted, and the chance that they meet. */
interface WatchLivesParts {
  readonly load: Load;
  readonly tally: ReadTally;
  readonly random: Pick<Randomness, 'watchResidual' | 'watchTimeout'>;
}

/** Whose watches are walked: the least timeout that a reflector asks for, and the gap between two of its watches. */
export interface WatchLaws {
  readonly minWatchTimeoutS: number;
  readonly gapUs: number;
}

/** Kernels that no run has at present: an instance takes much of the address space. */
const idle: LivesKernel[] = [];

/**
 * Walks the watches of many reflectors to the end of a run at once, in WebAssembly, and keeps count of them until the run
 * is settled. What it counts is what `WalkedReflectors` counts without it.
 */
export class WatchLives {
  /** One cell for each reflector: its name, timeouts drawn, where its WATCHes are counted, start and length of its watch. */
  high!: Int32Array;
  low!: Int32Array;
  drawn!: Int32Array;
  opens!: Int32Array;
  second!: Int32Array;
  micros!: Int32Array;
  /** s; 0: it has been open since before the simulation, and is not drawn yet. */
  life!: Int32Array;
  /** All of the memory. */
  private cells = new Int32Array(0);
  private kernel: LivesKernel | null = null;
  /** Where the counts of each kind of WATCH begin, for all servers, bytes; 0: there is no room. */
  private readonly opensAt: (number | undefined)[] = [];
  private used = 0;
  /** Where those are counted that open beside the measured period, bytes: by server and second, with the margin. */
  private besideAt = 0;
  /** Whole seconds of the gap between two watches of a reflector. */
  private gapS = 0;
  /** False once there was no room for what is counted: then all of the run is walked without a kernel. */
  private fits = true;

  /** `mostBytes`: that a kernel's memory may grow to. */
  constructor(
    private readonly parts: WatchLivesParts,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** Makes ready to walk; false where the host or what is asked for does not allow it. */
  begin({ minWatchTimeoutS, gapUs }: WatchLaws): boolean {
    if (this.kernel !== null) return true;
    if (!this.fits) return false;
    const { load, random } = this.parts;
    const { frequencyS, beforeDeadlineS } = load.bookmarks.schedule;
    // Bookmarks follow from the WATCHes that open where each watch lives for a period and until its deadline.
    if (minWatchTimeoutS <= frequencyS + beforeDeadlineS || minWatchTimeoutS > MOST_TIMEOUT_S) return false;
    if (!Number.isInteger(gapUs) || gapUs > MOST_GAP_US || !Number.isInteger(minWatchTimeoutS)) return false;
    const kernel = idle.pop() ?? (instanceOf(WATCH_LIVES) as LivesKernel | null);
    if (kernel === null) return false;
    this.kernel = kernel;
    this.gapS = Math.floor(gapUs / SECOND_US);
    const { watchResidual, watchTimeout } = random;
    kernel.keys(watchResidual.key0, watchResidual.key1, watchTimeout.key0, watchTimeout.key1);
    kernel.laws(minWatchTimeoutS, gapUs, load.seconds);
    kernel.bookmarks(frequencyS, beforeDeadlineS, MARGIN_S);
    this.used = COUNTS_AT;
    const counted = this.take(load.bookmarks.counts.length);
    this.besideAt = counted === 0 ? 0 : this.take(load.servers * this.cellsPerServer);
    if (this.besideAt > 0) return true;
    this.giveBack(kernel);
    this.fits = false;
    return false;
  }

  /** Where the WATCHes of a kind (`ReadTally`) that open at a server are counted; −1: there is no room. */
  opensOf(kind: number, server: number): number {
    const { load } = this.parts;
    const at = (this.opensAt[kind] ??= this.take(load.servers * load.seconds));
    return at === 0 ? -1 : at + server * load.seconds * CELL_BYTES;
  }

  /** Walks the first `count` reflectors, all of which watch at one server, from `from`, µs, where they are not drawn yet, to the end. */
  walk(count: number, server: number, from: number): void {
    const { kernel, cellsPerServer } = this;
    const { load, random } = this.parts;
    if (kernel === null) throw new RangeError('not ready to walk');
    kernel.begin(from);
    const differencesAt = COUNTS_AT + server * cellsPerServer * CELL_BYTES;
    const deadlinesAt = COUNTS_AT + (load.servers * cellsPerServer + server * load.seconds) * CELL_BYTES;
    const besideAt = this.besideAt + (server * cellsPerServer + MARGIN_S) * CELL_BYTES;
    random.watchTimeout.draws += kernel.walk(count, differencesAt, deadlinesAt, besideAt);
  }

  /** Adds what was counted to the load. */
  settle(): void {
    const { kernel, cells } = this;
    const { load, tally } = this.parts;
    if (kernel === null) return;
    addTo(load.bookmarks.counts, cells, COUNTS_AT);
    for (let server = 0; server < load.servers; server++)
      load.bookmarks.ofOpenings(server, this.opened(server), this.gapS);
    this.opensAt.forEach((at, kind) => {
      if (at !== undefined && at > 0) addTo(tally.cellsOf(kind), cells, at);
    });
    this.giveBack(kernel);
  }

  /** How many WATCHes have opened at a server in each second, with the margin. */
  private opened(server: number): Int32Array {
    const { cells, cellsPerServer } = this;
    const { seconds } = this.parts.load;
    const first = this.besideAt / CELL_BYTES + server * cellsPerServer;
    const opened = cells.slice(first, first + cellsPerServer);
    const measured = opened.subarray(MARGIN_S, MARGIN_S + seconds);
    for (const at of this.opensAt)
      if (at !== undefined && at > 0) addTo(measured, cells, at + server * seconds * CELL_BYTES);
    return opened;
  }

  /** Seconds of the measured period, and of the margin on either side. */
  private get cellsPerServer(): number {
    return this.parts.load.seconds + 2 * MARGIN_S;
  }

  /** The kernel is free for other runs, unless it holds much memory. */
  private giveBack(kernel: LivesKernel): void {
    this.kernel = null;
    this.opensAt.length = 0;
    if (kernel.memory.buffer.byteLength <= KEPT_BYTES) idle.push(kernel);
  }

  /** Takes cells of memory, all of them zero; returns where they are, 0 where there is no room. */
  private take(count: number): number {
    const { kernel, used } = this;
    if (kernel === null) throw new RangeError('there is no memory yet');
    const { memory } = kernel;
    const end = used + count * CELL_BYTES;
    if (end > this.mostBytes) return 0;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0 && !grows(memory, missing)) return 0;
    this.used = end;
    if (this.cells.buffer !== memory.buffer) this.look(memory.buffer);
    this.cells.fill(0, used / CELL_BYTES, this.used / CELL_BYTES);
    return used;
  }

  /** Sees the columns in the memory, which is another one when it has grown. */
  private look(buffer: ArrayBuffer): void {
    const column = (number: number): Int32Array => new Int32Array(buffer, number * BATCH_SIZE * CELL_BYTES, BATCH_SIZE);
    this.cells = new Int32Array(buffer);
    [this.high, this.low, this.drawn, this.opens] = [column(0), column(1), column(2), column(3)];
    [this.second, this.micros, this.life] = [column(4), column(5), column(6)];
  }
}

/** Has a memory grow by so many bytes at least; false where the host does not allow it. */
function grows(memory: LivesKernel['memory'], bytes: number): boolean {
  try {
    memory.grow(Math.ceil(bytes / PAGE_BYTES));
    return true;
  } catch {
    return false;
  }
}

/** Adds counts that begin at a byte of some cells. */
function addTo(counts: Int32Array | Uint32Array, cells: Int32Array, at: number): void {
  const first = at / CELL_BYTES;
  for (let i = 0; i < counts.length; i++) counts[i] += cells[first + i];
}
