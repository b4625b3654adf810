import { SECOND_US } from '../../sim/units.js';
import { type CostTable, cpuNs, OBJECT_OVERHEAD_BYTES } from '../model/costs.js';
import type { Population } from '../population/population.js';
import type { Load } from './load.js';

/** What a read is counted by. */
type ObjectColumns = Pick<Population, 'objectKind' | 'objectClass' | 'objectSize'>;

/** Cells for which there is room: 64 MiB. */
const MAX_CELLS = 2 ** 24;

/**
 * Counts reads that are alike, many times over: a kind of read is one GET of each of some objects, or a WATCH that opens,
 * and how often it happens is counted by server and second, to be multiplied out into the load at the end. All is in
 * whole numbers, so the sums are those of counting request by request.
 */
export class ReadTally {
  /** What each kind adds to a row of the load. */
  private readonly increments: Float64Array[] = [];
  /** How often each kind was read, by server and second; empty where there is no room or the bins are not of whole seconds. */
  private readonly counts: Uint32Array[] = [];
  private readonly kinds = new Map<string, number>();
  /** The kind that is being put together, and the one found last. */
  private readonly draft: Float64Array;
  private found = -1;
  private cells = 0;
  private readonly wholeSeconds: boolean;
  /** Seconds of the measured period. */
  readonly seconds: number;

  constructor(
    private readonly load: Load,
    private readonly costs: CostTable,
  ) {
    this.draft = new Float64Array(load.columns);
    this.seconds = load.seconds;
    this.wholeSeconds = load.binUs % SECOND_US === 0 && load.durationUs % SECOND_US === 0;
  }

  /** Begins to put a kind of read together. */
  begin(): void {
    this.draft.fill(0);
  }

  /** Adds a GET of an object, answered by etcd (`quorum`) or by the watch cache. */
  add({ objectKind, objectClass, objectSize }: ObjectColumns, object: number, quorum: boolean): void {
    const bytes = objectSize[object] + OBJECT_OVERHEAD_BYTES;
    const ns = cpuNs(quorum ? this.costs.getQuorum : this.costs.getFromCache, bytes);
    this.load.addGet(this.draft, 0, objectKind[object], objectClass[object], bytes, ns);
    if (quorum) this.load.addQuorum(this.draft, 0);
  }

  /** Adds a WATCH at a set resourceVersion for an object of a kind and class. */
  addWatch(kind: number, objectClass: number): void {
    this.load.addWatch(this.draft, 0, kind, objectClass);
  }

  /** The number of the kind that was put together. */
  end(): number {
    if (this.found >= 0 && equal(this.increments[this.found], this.draft)) return this.found;
    const key = this.draft.join();
    let kind = this.kinds.get(key);
    if (kind === undefined) {
      kind = this.increments.length;
      this.kinds.set(key, kind);
      this.increments.push(this.draft.slice());
      const cells = this.load.servers * this.seconds;
      const fits = this.wholeSeconds && this.cells + cells <= MAX_CELLS;
      if (fits) this.cells += cells;
      this.counts.push(new Uint32Array(fits ? cells : 0));
    }
    this.found = kind;
    return kind;
  }

  /** True where a kind is counted by whole seconds of the measured period, so that nobody has to know more of a read. */
  countsSeconds(kind: number): boolean {
    return this.counts[kind].length > 0;
  }

  /** How often a kind was read, by server and second: for those who count themselves; where `countsSeconds`. */
  cellsOf(kind: number): Uint32Array {
    return this.counts[kind];
  }

  /** Counts a read of a kind that reaches a server in a second of the run; where `countsSeconds`. */
  countInSecond(kind: number, server: number, second: number): void {
    if (second >= 0 && second < this.seconds) this.counts[kind][server * this.seconds + second]++;
  }

  /** Counts a read of a kind that reaches a server in each of the seconds from `place` to `end` (exclusive); where `countsSeconds`. */
  countRun(kind: number, server: number, seconds: Int32Array, place: number, end: number): void {
    const counts = this.counts[kind];
    const base = server * this.seconds;
    let first = place;
    let last = end;
    while (first < last && seconds[first] < 0) first++;
    while (last > first && seconds[last - 1] >= this.seconds) last--;
    for (let i = first; i < last; i++) counts[base + seconds[i]]++;
  }

  /** Takes the numbers of reads of a kind over from a place where somebody has added them up, by server and second; where `countsSeconds`. */
  takeOver(kind: number, sums: Uint32Array, place: number): void {
    const counts = this.counts[kind];
    for (let cell = 0; cell < counts.length; cell++) counts[cell] += sums[place + cell];
    sums.fill(0, place, place + counts.length);
  }

  /** Counts a read of a kind that reaches a server at `at` µs. */
  count(kind: number, server: number, at: number): void {
    if (this.countsSeconds(kind)) {
      if (at >= 0) this.countInSecond(kind, server, (at / SECOND_US) | 0);
    } else if (this.load.measures(at)) {
      this.load.addReads(server, at, this.increments[kind], 1);
    }
  }

  /** Adds what was counted to the load. Once. */
  settle(): void {
    this.counts.forEach((counts, kind) => {
      this.settleKind(counts, this.increments[kind]);
    });
    this.counts.length = 0;
  }

  private settleKind(counts: Uint32Array, increments: Float64Array): void {
    const { seconds, load } = this;
    for (let cell = 0; cell < counts.length; cell++) {
      if (counts[cell] === 0) continue;
      const server = Math.floor(cell / seconds);
      load.addReads(server, (cell - server * seconds) * SECOND_US, increments, counts[cell]);
    }
  }
}

function equal(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
