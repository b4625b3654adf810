import { SECOND_US } from '../../../sim/units.js';
import type { RandomBatch } from '../../../sim/random-batch.js';
import type { NodeClocks } from '../node-clocks.js';
import type { EntryReaders, FetchRun, ReaderSyncs } from './entry-readers.js';

/**
 * The syncs of several pods that read one entry, on a node whose syncs start with the ticks of seconds and read before the
 * next tick: the seconds in which any of them syncs are all that tells when the entry is fetched.
 */
export class SyncSeconds implements ReaderSyncs {
  start = NaN;
  /** Not 0 for seconds, from `base` on, in which a sync starts; `end`: behind the last of them. */
  private syncs: Uint8Array = new Uint8Array(0);
  /** Where they are marked where the batch does not count them. */
  private marks = this.syncs;
  private base = 0;
  private end = 0;
  /** Second of the sync that was found last. */
  private second = 0;
  /** The pods whose syncs they are. */
  private pods = new Int32Array(2 ** 6);
  private count = 0;

  constructor(
    private readonly clocks: NodeClocks,
    private readonly batch: RandomBatch,
  ) {}

  /** True where the walked node is one whose syncs can be told by their seconds. */
  get suffice(): boolean {
    return this.clocks.ticksInSeconds && this.clocks.longestWait < SECOND_US;
  }

  /** Looks at the pods that read an entry: many entries of a node have the same. */
  take(readers: EntryReaders): void {
    const { count } = readers;
    let same = count === this.count;
    for (let i = 0; same && i < count; i++) same = this.pods[i] === readers.pods[i];
    if (same) return;
    if (this.pods.length < count) this.pods = new Int32Array(2 * count);
    for (let i = 0; i < count; i++) this.pods[i] = readers.pods[i];
    this.count = count;
    this.mark();
  }

  private mark(): void {
    const { pods, count, clocks } = this;
    const { seconds } = clocks;
    let first = Infinity;
    let last = -Infinity;
    for (let i = 0; i < count; i++) {
      const begin = clocks.beginOf(pods[i]);
      const end = clocks.endOf(pods[i]);
      if (begin === end) continue;
      first = Math.min(first, seconds[begin]);
      last = Math.max(last, seconds[end - 1]);
    }
    const length = Math.max(0, last + 1 - first);
    this.base = length === 0 ? 0 : first;
    this.end = this.base + length;
    if (Number.isNaN(clocks.countSyncsOf(pods, count, this.base, length))) this.markAll(length);
    else this.syncs = this.batch.listedCounts;
  }

  private markAll(length: number): void {
    const { pods, count, clocks, base } = this;
    const { seconds } = clocks;
    if (this.marks.length < length) this.marks = new Uint8Array(2 * length);
    else this.marks.fill(0, 0, length);
    const { marks } = this;
    this.syncs = marks;
    for (let i = 0; i < count; i++) {
      const end = clocks.endOf(pods[i]);
      for (let place = clocks.beginOf(pods[i]); place < end; place++) marks[seconds[place] - base] = 1;
    }
  }

  firstStart(earliest: number, latest: number): number {
    const start = this.startFrom(earliest - this.clocks.longestWait);
    return start < latest ? NaN : start;
  }

  firstRead(time: number): number {
    for (let from = time - this.clocks.longestWait; ; from = this.start + 1) {
      if (this.startFrom(from) === Infinity) return Infinity;
      const read = this.clocks.readOf(this.start);
      if (read >= time) return read;
    }
  }

  follow({ counts, base, seconds: counted, soonest, latest, end }: FetchRun): number {
    const { clocks, syncs } = this;
    const last = Math.min(end, this.end);
    let { second } = this;
    for (let fetches = 1; ; fetches++) {
      const read = clocks.readSecondOf(second);
      if (read >= 0 && read < counted) counts[base + read]++;
      let next = second + soonest;
      while (next < last && syncs[next - this.base] === 0) next++;
      if (next - second < latest || next >= last) {
        this.start = clocks.startIn(second);
        return fetches;
      }
      second = next;
    }
  }

  /** The start of the first sync at or after a time; Infinity: none that matters. */
  private startFrom(time: number): number {
    const { syncs, base, end } = this;
    let second = Math.max(base, this.clocks.firstSecondFrom(time));
    while (second < end && syncs[second - base] === 0) second++;
    this.second = second;
    this.start = second < end ? this.clocks.startIn(second) : Infinity;
    return this.start;
  }
}
