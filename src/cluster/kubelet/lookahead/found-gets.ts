import type { Etcd } from '../../etcd/etcd.js';
import { READS, type Population } from '../../population/population.js';
import type { Latencies } from '../../world/latencies.js';
import type { NodeClocks } from '../node-clocks.js';
import type { FoundRead, LookaheadParts } from './lookahead.js';

/**
 * The GETs that find what has been written, under the strategy Get, of volumes of one source on nodes whose clocks are
 * walked ahead. etcd's history is known, and a GET changes nothing about those that come: so it is carried out as soon as
 * the consumers are due for what it finds, and is no event.
 */
export class FoundGets {
  private readonly population: Population;
  private readonly etcd: Etcd;
  private readonly latencies: Latencies;
  private readonly clocks: NodeClocks;
  private readonly shown: Int32Array;
  private readonly carryOut: (read: FoundRead) => void;
  /** The read that is carried out. */
  private readonly found: FoundRead = { consumer: 0, revision: 0, syncStart: 0, at: 0, doneAt: 0 };

  constructor({ world, clocks, shown, carryOut }: LookaheadParts) {
    this.population = world.population;
    this.etcd = world.etcd;
    this.latencies = world.latencies;
    this.clocks = clocks;
    this.shown = shown;
    this.carryOut = carryOut;
  }

  /** A revision of an entry's object is committed, and its consumers are due for it; reads at or after `horizon`, µs, are none. */
  committed(entry: number, revision: number, horizon: number): void {
    const { entryConsumerStart, entryConsumers, consumerFlags } = this.population;
    const content = this.etcd.content[revision];
    const from = this.etcd.committedAt[revision] - this.latencies.longestQuorumGet;
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      const consumer = entryConsumers[i];
      if ((consumerFlags[consumer] & READS) === 0 || this.shown[consumer] >= content) continue;
      this.findIt(consumer, revision, from, horizon);
    }
  }

  /**
   * Carries out the first read of a consumer from a time on that finds a revision. One that finds a newer one is left to
   * the commit of that: its consumers are not due before.
   */
  private findIt(consumer: number, revision: number, from: number, horizon: number): void {
    const { clocks, latencies, found } = this;
    const { consumerPod, consumerEntry } = this.population;
    const pod = consumerPod[consumer];
    const end = clocks.endOf(pod);
    for (let place = clocks.placeFrom(pod, clocks.beginOf(pod), from - clocks.longestWait); place < end; place++) {
      const read = clocks.readAt(place);
      if (read < from) continue;
      if (read >= horizon) return;
      const answer = latencies.answerAtInstant(consumerEntry[consumer], read);
      if (answer.revision < revision) continue;
      if (answer.revision > revision) return;
      found.consumer = consumer;
      found.revision = revision;
      found.syncStart = clocks.starts[place];
      found.at = read;
      found.doneAt = answer.at;
      this.carryOut(found);
      return;
    }
  }
}
