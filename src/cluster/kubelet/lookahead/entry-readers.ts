import type { NodeClocks } from '../node-clocks.js';
import { READS, type Population } from '../../population/population.js';

/** Nobody in particular. */
export const ANY_READER = -1;

/** The reads of one entry by all pods of its node, in order of time: where its readers stand in their clocks. */
export class EntryReaders {
  /** The pod whose read `firstRead` found last. */
  reader = ANY_READER;
  private entry = 0;
  /** Where each reader stands, by its place among the entry's consumers. */
  private places = new Int32Array(2 ** 6);

  constructor(
    private readonly population: Population,
    private readonly clocks: NodeClocks,
  ) {}

  /** All readers of an entry stand at the start of their clocks. */
  rewind(entry: number): void {
    const { entryConsumerStart, entryConsumers, consumerPod } = this.population;
    const first = entryConsumerStart[entry];
    const readers = entryConsumerStart[entry + 1] - first;
    this.entry = entry;
    if (this.places.length < readers) this.places = new Int32Array(2 * readers);
    for (let i = 0; i < readers; i++) this.places[i] = this.clocks.beginOf(consumerPod[entryConsumers[first + i]]);
  }

  /** The first read at or after `time`, by whichever pod; Infinity: none that matters. Times that are asked for may not go back. */
  firstRead(time: number): number {
    const { entryConsumerStart, entryConsumers, consumerFlags, consumerPod } = this.population;
    const { clocks, places } = this;
    const { starts } = clocks;
    const firstConsumer = entryConsumerStart[this.entry];
    const readers = entryConsumerStart[this.entry + 1] - firstConsumer;
    const certain = time - clocks.longestWait;
    let first = Infinity;
    for (let i = 0; i < readers; i++) {
      if ((consumerFlags[entryConsumers[firstConsumer + i]] & READS) === 0) continue;
      let place = places[i];
      while (starts[place] < certain) place++;
      for (; starts[place] < first; place++) {
        const read = clocks.readAt(place);
        if (read < time) continue;
        if (read < first) {
          first = read;
          this.reader = consumerPod[entryConsumers[firstConsumer + i]];
        }
        break;
      }
      places[i] = place;
    }
    return first;
  }

  /**
   * Start of the sync whose read is the first at or after a time between `earliest` and `latest`, so that nobody has to
   * know when exactly that read or that time comes; Infinity: none that matters. NaN where it is not certain: another sync
   * may read first, or the read may come before. Times that are asked for may not go back.
   */
  firstStart(earliest: number, latest: number): number {
    const { entryConsumerStart, entryConsumers, consumerFlags } = this.population;
    const { clocks, places } = this;
    const { starts, longestWait } = clocks;
    const firstConsumer = entryConsumerStart[this.entry];
    const readers = entryConsumerStart[this.entry + 1] - firstConsumer;
    let first = Infinity;
    let second = Infinity;
    for (let i = 0; i < readers; i++) {
      if ((consumerFlags[entryConsumers[firstConsumer + i]] & READS) === 0) continue;
      let place = places[i];
      while (starts[place] < earliest - longestWait) place++;
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
}
