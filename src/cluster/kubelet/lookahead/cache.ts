import { SECOND_US } from '../../../sim/units.js';
import type { Latencies } from '../../world/latencies.js';
import type { Etcd } from '../../etcd/etcd.js';
import type { Lookahead, LookaheadParts } from './lookahead.js';
import type { RunInput } from '../../model/model-input.js';
import type { NodeClocks } from '../node-clocks.js';
import { ANY_READER, type EntryReaders } from './entry-readers.js';
import { type CachedEntries, FetchesAhead } from './fetches-ahead.js';
import { isReadAlone, isUndisturbed, plainPods, soleReaders } from '../../population/plain-pods.js';
import { NOT_FOUND } from '../content-numbers.js';
import { READS, type Population } from '../../population/population.js';

/**
 * Reads of the strategy Cache. A pod's read can have an effect when an entry of the pod has expired, holds something
 * that its files do not show yet, or is being fetched: the read then waits for the answer, and what its volume reads
 * next comes later.
 *
 * A fetch that is known before to find what the entry holds, while all its readers show it, moves the entry's TTL and
 * counts, and nothing else: its readers' clocks alone tell when it comes. So such fetches are carried out ahead, entry
 * by entry, up to the object's next write; of the one behind, it is known who makes it. That needs a node whose clocks
 * run undisturbed, volumes that wait for no other read, and a limiter that never holds a fetch back.
 */
export class CacheLookahead implements Lookahead {
  /** 1 for entries whose fetches may be carried out ahead. */
  private readonly ahead: Uint8Array;
  private readonly undisturbed: boolean;
  /** Fetches at or after this time leave no trace, µs: nothing is measured, and nothing more is written. */
  private readonly lastThatMatters: number;
  private readonly fetches: FetchesAhead;
  private readonly readers: EntryReaders;
  /** When the next fetch of each of the node's entries comes that is not carried out yet, and the pod that makes it (ANY_READER: not known). */
  private fetchAt = new Float64Array(2 ** 6);
  private fetcher = new Int32Array(2 ** 6);
  private firstEntry = 0;
  /** Entries of the node whose fetches are carried out together. */
  private together = new Int32Array(2 ** 6);
  /** The pods that read them. */
  private togetherOf = new Int32Array(2 ** 6);
  private readonly soleReaders: Int32Array;
  private readonly plain: Uint8Array;

  private readonly population: Population;
  private readonly input: RunInput;
  private readonly etcd: Etcd;
  private readonly latencies: Latencies;
  private readonly clocks: NodeClocks;
  private readonly shown: Int32Array;
  private readonly matters: (pod: number) => boolean;
  private readonly plan: (pod: number, time: number) => void;

  constructor(
    { world, clocks, shown, matters, plan }: LookaheadParts,
    private readonly cache: CachedEntries,
  ) {
    const { population, input, etcd } = world;
    this.population = population;
    this.input = input;
    this.etcd = etcd;
    this.latencies = world.latencies;
    this.clocks = clocks;
    this.shown = shown;
    this.matters = matters;
    this.plan = plan;
    this.ahead = world.memory.uint8(population.entryCount);
    this.undisturbed = isUndisturbed(input.timeline) && cache.hasFixedTtl;
    this.lastThatMatters = Math.max(etcd.lastCommit, input.durationUs);
    this.fetches = new FetchesAhead(world, clocks, cache, this.lastThatMatters);
    this.readers = this.fetches.readers;
    this.soleReaders = soleReaders(population);
    this.plain = plainPods(population);
  }

  inspect(node: number, horizon: number): void {
    const { nodePodStart, nodeEntryStart, consumerPod } = this.population;
    if (!this.undisturbed || !this.isPlainNode(node)) return;
    this.clocks.walk(node, nodePodStart[node], nodePodStart[node + 1], Math.min(horizon, this.lastThatMatters));
    this.firstEntry = nodeEntryStart[node];
    const entries = nodeEntryStart[node + 1] - this.firstEntry;
    if (this.fetcher.length < entries) {
      this.fetchAt = new Float64Array(2 * entries);
      this.fetcher = new Int32Array(2 * entries);
      this.together = new Int32Array(2 * entries);
      this.togetherOf = new Int32Array(2 * entries);
    }
    let count = 0;
    for (let entry = this.firstEntry; entry < nodeEntryStart[node + 1]; entry++) {
      const reader = this.soleReaders[entry];
      if (reader < 0 && !isReadAlone(this.population, entry)) continue;
      this.ahead[entry] = 1;
      if (reader >= 0 && this.isForAll(entry, reader)) {
        this.togetherOf[count] = consumerPod[reader];
        this.together[count++] = entry;
      } else if (!this.fetchAhead(entry, -Infinity)) this.foreseeFetch(entry);
    }
    if (count > 0) this.fetches.carryOutAll(node, this.together, this.togetherOf, count);
  }

  /** True where all fetches of an entry can be carried out with those of others: all are known to find what its reader shows. */
  private isForAll(entry: number, reader: number): boolean {
    const { cache, etcd, population, shown } = this;
    if (etcd.following(population.entryObject[entry], cache.revisionOf(entry)) >= 0) return false;
    return shown[reader] === cache.contentOf(entry) && this.fetches.isForAll(entry);
  }

  walks(pod: number): boolean {
    return !this.matters(pod);
  }

  mattersFrom(pod: number, now: number): number {
    const { podConsumerStart, consumerFlags, consumerEntry } = this.population;
    const { cache, shown } = this;
    let first = Infinity;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const entry = consumerEntry[c];
      if ((consumerFlags[c] & READS) === 0 || cache.knownUntil[entry] === Infinity) continue;
      const content = cache.contentOf(entry);
      if (content === NOT_FOUND || content !== shown[c]) return -Infinity;
      if (cache.isFetching(entry, now) && !this.isAhead(entry)) return -Infinity;
      const fetch = this.nextFetchBy(pod, entry);
      if (fetch < first) first = fetch;
    }
    return first;
  }

  /**
   * True for an entry whose fetches may be carried out ahead: its volumes have no other source, and a read that waits
   * for its answer is over before the next one of its pod, so that waiting has no effect.
   */
  isAhead(entry: number): boolean {
    return this.ahead[entry] === 1;
  }

  carriesOut(): void {
    // A read that is passed over finds all entries fresh: there is nothing to count.
  }

  /** The pod may have fetched entries, and its files may have been the last to show what they hold: then their next fetches are known. */
  follow(pod: number, now: number): void {
    const { podConsumerStart, consumerEntry } = this.population;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const entry = consumerEntry[c];
      if (this.ahead[entry] === 0 || this.fetchAhead(entry, now)) continue;
      if (this.fetchAt[entry - this.firstEntry] === now) this.foreseeFetch(entry);
    }
  }

  committed(): void {
    // Nobody learns of it before an entry is fetched.
  }

  settle(): void {
    this.fetches.settle();
  }

  finish(): void {
    // Fetches are counted as they are carried out.
  }

  /**
   * Carries out the fetches of an entry after `now` that come before its object's next write, where all its readers
   * show what it holds. False where nothing was to be done.
   */
  private fetchAhead(entry: number, now: number): boolean {
    const { cache, population } = this;
    if (cache.knownUntil[entry] === Infinity) return true;
    const next = this.etcd.following(population.entryObject[entry], cache.revisionOf(entry));
    const until = next < 0 ? Infinity : this.etcd.committedAt[next] - this.latencies.longestCachedGet;
    if (until <= Math.max(now, cache.knownUntil[entry]) || !this.isShown(entry)) return false;
    this.readers.rewind(entry);
    this.fetches.carryOut(entry, until);
    if (until !== Infinity) this.foreseeFetch(entry);
    return true;
  }

  /** Finds out who makes the next fetch of an entry, and makes its read an event; that of each reader where it lies beyond the clocks. */
  private foreseeFetch(entry: number): void {
    const expires = this.cache.expiresAt(entry);
    const { readers } = this;
    readers.rewind(entry);
    const read = readers.firstRead(expires);
    this.fetchAt[entry - this.firstEntry] = read;
    this.fetcher[entry - this.firstEntry] = read === Infinity ? ANY_READER : readers.reader;
    if (read !== Infinity) {
      this.plan(readers.reader, read);
      return;
    }
    const { entryConsumerStart, entryConsumers, consumerPod, consumerFlags } = this.population;
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      const consumer = entryConsumers[i];
      if (consumerFlags[consumer] & READS) this.plan(consumerPod[consumer], expires);
    }
  }

  /** When a read of the pod may fetch an entry next, as far as it is known; Infinity: another pod will. */
  private nextFetchBy(pod: number, entry: number): number {
    if (this.ahead[entry] === 0) return this.cache.expiresAt(entry);
    const fetcher = this.fetcher[entry - this.firstEntry];
    if (fetcher === ANY_READER) return this.cache.expiresAt(entry);
    return fetcher === pod ? this.fetchAt[entry - this.firstEntry] : Infinity;
  }

  /** True where the files of all the entry's readers show what it holds. */
  private isShown(entry: number): boolean {
    const { entryConsumerStart, entryConsumers, consumerFlags } = this.population;
    const content = this.cache.contentOf(entry);
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      const consumer = entryConsumers[i];
      if (consumerFlags[consumer] & READS && this.shown[consumer] !== content) return false;
    }
    return true;
  }

  /** True for a node whose pods all run undisturbed, and whose kubelet's limiter never holds a fetch back. */
  private isPlainNode(node: number): boolean {
    const { nodePodStart, nodeEntryStart } = this.population;
    const { kubelet } = this.input;
    for (let pod = nodePodStart[node]; pod < nodePodStart[node + 1]; pod++) {
      if (this.plain[pod] === 0) return false;
    }
    // A read that follows another one of its pod finds the volumes idle, and the entry answered.
    const shortest = kubelet.syncFrequencyUs - this.clocks.longestWait;
    const ttl = this.cache.ttlOfNode(node);
    if (Math.min(shortest, ttl) <= this.latencies.longestCachedGet) return false;
    // Each entry takes a token per TTL at the most: a full bucket and its refill are enough for all of them.
    const entries = nodeEntryStart[node + 1] - nodeEntryStart[node];
    return entries < kubelet.kubeAPIBurst && entries < (kubelet.kubeAPIQPS * ttl) / SECOND_US;
  }
}
