import type { Thinning } from '../../../sim/random-batch.js';
import type { NodeClocks } from '../node-clocks.js';
import { READS, type Population } from '../../population/population.js';

/** Nobody in particular. */
export const ANY_READER = -1;

/** The syncs of the pods that read one entry, in order of time. Times that are asked for may not go back. */
export interface ReaderSyncs {
  /** Start of the sync that makes the last of the fetches that `follow` followed. */
  readonly start: number;

  /** The first read at or after `time`, by whichever pod; Infinity: none that matters. */
  firstRead(time: number): number;

  /**
   * Start of the sync whose read is the first at or after a time between `earliest` and `latest`, so that nobody has to
   * know when exactly that read or that time comes; Infinity: none that matters. NaN where it is not certain: another sync
   * may read first, or the read may come before.
   */
  firstStart(earliest: number, latest: number): number;

  /**
   * Follows the fetches of the entry from the sync that `firstStart` found, which makes the first of them, as long as they
   * are certain; counts them, and returns how many there were. The node's syncs start with the ticks of seconds.
   */
  follow(run: FetchRun): number;
}

/** The reads of one entry by all pods of its node, in order of time: where its readers stand in their clocks. */
export class EntryReaders implements ReaderSyncs {
  start = NaN;
  /** The pod whose read `firstRead` found last. */
  reader = ANY_READER;
  /** How many read the entry, which pods they are, and where each of them stands in its clock. */
  count = 0;
  places = new Int32Array(2 ** 6);
  pods = new Int32Array(2 ** 6);

  constructor(
    private readonly population: Population,
    private readonly clocks: NodeClocks,
  ) {}

  /** All readers of an entry stand at the start of their clocks. */
  rewind(entry: number): void {
    const { entryConsumerStart, entryConsumers, entryReaders, consumerPod, consumerFlags } = this.population;
    if (this.places.length < entryReaders[entry]) {
      this.places = new Int32Array(2 * entryReaders[entry]);
      this.pods = new Int32Array(2 * entryReaders[entry]);
    }
    let count = 0;
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      const consumer = entryConsumers[i];
      if ((consumerFlags[consumer] & READS) === 0) continue;
      this.pods[count] = consumerPod[consumer];
      this.places[count++] = this.clocks.beginOf(consumerPod[consumer]);
    }
    this.count = count;
  }

  firstRead(time: number): number {
    const { clocks, places, pods, count } = this;
    const { starts } = clocks;
    const certain = time - clocks.longestWait;
    let first = Infinity;
    for (let i = 0; i < count; i++) {
      let place = places[i];
      while (starts[place] < certain) place++;
      for (; starts[place] < first; place++) {
        const read = clocks.readAt(place);
        if (read < time) continue;
        if (read < first) {
          first = read;
          this.reader = pods[i];
        }
        break;
      }
      places[i] = place;
    }
    return first;
  }

  firstStart(earliest: number, latest: number): number {
    const { clocks, places, count } = this;
    const { starts, longestWait } = clocks;
    const certain = earliest - longestWait;
    let first = Infinity;
    let second = Infinity;
    for (let i = 0; i < count; i++) {
      let place = places[i];
      while (starts[place] < certain) place++;
      places[i] = place;
      const start = starts[place];
      if (start < first) {
        second = first;
        first = start;
      } else if (start > first && start < second) second = start;
    }
    if (first === Infinity) return first;
    return first < latest || second <= first + longestWait ? NaN : first;
  }

  /** The entry has one reader, who is left at its last fetch. */
  follow({ counts, base, seconds: counted, passed, soonest, latest, end }: FetchRun): number {
    const { seconds, readSeconds } = this.clocks;
    const last = this.clocks.endOf(this.pods[0]);
    let place = this.places[0];
    for (let fetches = 1; ; fetches++) {
      const second = seconds[place];
      const read = readSeconds[place];
      if (read >= 0 && read < counted) counts[base + read]++;
      let next = place + passed;
      if (next > last) next = last;
      // Mostly it is this sync or the one behind it: taken without a branch, which processors could not foresee.
      next += (seconds[next] - second - soonest) >>> 31;
      while (seconds[next] - second < soonest) next++;
      if (seconds[next] - second < latest || seconds[next] >= end) {
        this.places[0] = place;
        this.start = this.clocks.starts[place];
        return fetches;
      }
      place = next;
    }
  }
}

/** How a run of fetches goes that follow one another in a way that is certain, and where they are counted. */
export interface FetchRun extends Thinning {
  /** By second, from `base` on. */
  counts: Uint32Array;
  base: number;
}
