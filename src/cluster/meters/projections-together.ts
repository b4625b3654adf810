import type { Fingerprint } from '../../sim/fingerprint.js';
import type { Etcd } from '../etcd/etcd.js';
import type { Population } from '../population/population.js';
import type { DelayCollector } from './delay-collector.js';
import { WAITING } from './slot-states.js';
import { PROJECTION, type ReadyTimes, type UpdateLedger } from './update-ledger.js';

/** Consumers of one entry whose files come to show the same revision, a row for each. */
export interface ShownTogether {
  readonly consumers: Int32Array;
  /** Content numbers that they showed before. */
  readonly before: Int32Array;
  /** Starts of the syncs whose reads found the revision, those reads, and from when on files show it, µs. */
  readonly syncStarts: Float64Array;
  readonly reads: Float64Array;
  readonly at: Float64Array;
}

/** Tells the ledger of many projections of one revision at once, as `UpdateLedger.projected` does of one after another. */
export class ProjectionsTogether {
  /** `measuredUntil`: end of the measured period, µs. */
  constructor(
    private readonly population: Population,
    private readonly etcd: Etcd,
    private readonly ledger: UpdateLedger,
    private readonly fingerprint: Fingerprint,
    private readonly measuredUntil: number,
  ) {}

  /**
   * The files of `count` updatable consumers of an entry show `revision`, each from its own time on.
   * @returns the row of the last read that a drain waited for; −1: it waited for none
   */
  add(shown: ShownTogether, count: number, revision: number, ready: ReadyTimes): number {
    const { population, etcd, ledger, fingerprint } = this;
    const { consumers, before, syncStarts, reads, at } = shown;
    const { slots, stale, accounts } = ledger;
    const { consumerEntry, consumerObject, consumerMode, consumerRank, objectClass, firstConsumer } = population;
    const update = accounts.sampled === null ? etcd.update[revision] : -1;
    const slot = ledger.firstSlot[update];
    const outdated = etcd.content[revision] - 1;
    const committed = etcd.committedAt[revision];
    const readable = count === 0 ? 0 : Math.max(committed, ready.readyAt(consumerEntry[consumers[0]], revision));
    const newestUntil = Math.min(this.measuredUntil, this.nextCommit(revision));
    let [last, mode, reached] = [-1, -1, 0];
    let collector: DelayCollector | null = null;
    for (let row = 0; row < count; row++) {
      const consumer = consumers[row];
      const time = at[row];
      // Mostly that is the one update that the consumer waits for, before the next write, and within the measured period.
      const place = slot + consumerRank[consumer];
      if (update < 0 || before[row] !== outdated || !(time < newestUntil) || slots[place] !== WAITING) {
        const waiting = ledger.waiting(false);
        ledger.projected(consumer, before[row], revision, syncStarts[row], time, ready);
        if (ledger.waiting(false) < waiting && (last < 0 || reads[row] > reads[last])) last = row;
        continue;
      }
      if (collector === null || consumerMode[consumer] !== mode) {
        mode = consumerMode[consumer];
        collector = accounts.collectorOf(objectClass[consumerObject[consumer]], mode);
      }
      stale.showsNewest(consumer, time);
      fingerprint.add(time, PROJECTION, firstConsumer + consumer, revision);
      slots[place] = time;
      reached++;
      const from = Math.min(time, readable);
      const picked = Math.min(time, Math.max(from, syncStarts[row]));
      collector.add(from - committed, picked - from, time - picked);
      if (last < 0 || reads[row] > reads[last]) last = row;
    }
    ledger.reaches(update, reached);
    return last;
  }

  /** When the object is written after a revision, µs; Infinity: never. */
  private nextCommit(revision: number): number {
    const next = this.etcd.next[revision];
    return next < 0 ? Infinity : this.etcd.committedAt[next];
  }
}
