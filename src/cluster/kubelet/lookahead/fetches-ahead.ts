import { SECOND_US } from '../../../sim/units.js';
import { BATCH_SIZE, type RandomBatch } from '../../../sim/random-batch.js';
import { KindSums } from '../../meters/kind-sums.js';
import type { ReadTally } from '../../meters/read-tally.js';
import type { Population } from '../../population/population.js';
import type { Latencies } from '../../world/latencies.js';
import type { World } from '../../world/world.js';
import type { NodeClocks } from '../node-clocks.js';
import { EntryReaders, type FetchRun } from './entry-readers.js';
import { SyncSeconds } from './sync-seconds.js';

const NO_COUNTS = new Uint32Array(0);

/** What a kubelet has cached, as the lookahead sees it. */
export interface CachedEntries {
  /** True where an entry that holds something is fresh for the node's TTL, and nothing but time makes it stale. */
  readonly hasFixedTtl: boolean;
  /** Reads of each entry before this time are known to find what all its readers show; −∞: none. */
  readonly knownUntil: Float64Array;
  /** TTL of a node's entries, µs; where it is fixed. */
  ttlOfNode(node: number): number;
  /** Content number and revision of what is cached. */
  contentOf(entry: number): number;
  revisionOf(entry: number): number;
  /** From when on a read fetches, as things stand. */
  expiresAt(entry: number): number;
  /** True where the answer to the entry's last fetch is still to come. */
  isFetching(entry: number, now: number): boolean;
  /** Requests for an entry so far: the next one's index. */
  requestsOf(entry: number): number;
  /** Takes over fetches that have been carried out for an entry. */
  carriedOut(entry: number, until: number, answeredAt: number, requests: number): void;
}

/** Carries out fetches that find what their entry holds, before the clocks of its readers come to them. */
export class FetchesAhead {
  readonly readers: EntryReaders;
  private readonly seconds: SyncSeconds;
  /** How fetches of the entry follow one another that is looked at. */
  private readonly run: FetchRun = {
    counts: NO_COUNTS,
    base: 0,
    seconds: 0,
    passed: 0,
    soonest: 0,
    latest: 0,
    end: 0,
    longestWait: 0,
    least: 0,
    enough: 0,
  };
  private readonly kindOfClass: Int32Array;
  private readonly sizeOfClass: Float64Array;
  private readonly population: Population;
  private readonly latencies: Latencies;
  private readonly tally: ReadTally;
  private readonly sums: KindSums;
  private readonly batch: RandomBatch;

  /** Fetches at or after `lastThatMatters`, µs, leave no trace. */
  constructor(
    { population, latencies, tally, batch }: World,
    private readonly clocks: NodeClocks,
    private readonly cache: CachedEntries,
    private readonly lastThatMatters: number,
  ) {
    this.population = population;
    this.latencies = latencies;
    this.tally = tally;
    this.batch = batch;
    this.sums = new KindSums(batch, tally);
    this.readers = new EntryReaders(population, clocks);
    this.seconds = new SyncSeconds(clocks, batch);
    this.kindOfClass = new Int32Array(population.classNames.length);
    this.sizeOfClass = new Float64Array(population.classNames.length).fill(NaN);
  }

  /**
   * Carries out the fetches of an entry that come before `until`. Its readers stand at the start of their clocks, or at the
   * last fetch, where there have been some: that of the sync that starts at `after`; `requests`: with those so far.
   */
  carryOut(entry: number, until: number, after = NaN, requestsSoFar = this.cache.requestsOf(entry)): void {
    const { cache, population, tally, latencies } = this;
    const end = Math.min(until, this.lastThatMatters);
    const node = population.entryNode[entry];
    const server = latencies.serverOf[node];
    const kind = this.kindOf(population.entryObject[entry]);
    const ttl = cache.ttlOfNode(node);
    const high = latencies.nameHigh(entry);
    const low = latencies.nameLow(entry);
    const { shortestCachedGet, longestCachedGet } = latencies;
    const { clocks } = this;
    const bySecond = tally.countsSeconds(kind);
    const several = this.readers.count > 1 && this.seconds.suffice;
    const syncs = several ? this.seconds : this.readers;
    if (several) this.seconds.take(this.readers);
    const follows = bySecond && (several || (this.readers.count === 1 && clocks.ticksInSeconds));
    if (follows) this.prepareRun(kind, node, end);
    const before = cache.requestsOf(entry);
    let requests = requestsSoFar;
    // The last fetch: the start of its sync, and when it left, NaN as long as nobody has to know.
    let start = after;
    let read = NaN;
    // When the entry expires, at the earliest and at the latest: more matters only where a sync may read in between.
    let earliest = Number.isNaN(start) ? cache.expiresAt(entry) : start + shortestCachedGet + ttl;
    let latest = Number.isNaN(start) ? earliest : start + clocks.longestWait + longestCachedGet + ttl;
    for (;;) {
      const next = syncs.firstStart(earliest, latest);
      if (next >= end) break;
      if (next + clocks.longestWait < end && follows) {
        requests += syncs.follow(this.run);
        start = syncs.start;
        read = NaN;
      } else if (next + clocks.longestWait < end) {
        start = next;
        const second = bySecond ? clocks.secondOf(start) : -1;
        read = second < 0 ? clocks.readOf(start) : NaN;
        if (second < 0) tally.count(kind, server, read);
        else tally.countInSecond(kind, server, second);
        requests++;
      } else {
        // When the last fetch left may be enough: the answer takes a time that is drawn only where a read comes so close.
        if (Number.isNaN(read) && requests > before) {
          read = clocks.readOf(start);
          earliest = read + shortestCachedGet + ttl;
          latest = read + longestCachedGet + ttl;
        }
        let fetched = syncs.firstRead(earliest);
        if (fetched < latest) fetched = syncs.firstRead(this.answeredAt(high, low, read, requests) + ttl);
        if (fetched >= end) break;
        read = fetched;
        tally.count(kind, server, read);
        requests++;
      }
      earliest = (Number.isNaN(read) ? start : read) + shortestCachedGet + ttl;
      latest = (Number.isNaN(read) ? start + clocks.longestWait : read) + longestCachedGet + ttl;
    }
    // Of an object that is not written any more nobody has to know when the last one was answered.
    const answeredAt =
      requests === before || until === Infinity
        ? NaN
        : this.answeredAt(high, low, Number.isNaN(read) ? clocks.readOf(start) : read, requests);
    cache.carriedOut(entry, until, answeredAt, requests);
  }

  /** True where fetches of an entry with one reader that is not written any more can be carried out together with those of others. */
  isForAll(entry: number): boolean {
    const { population, clocks } = this;
    const kind = this.kindOf(population.entryObject[entry]);
    const server = this.latencies.serverOf[population.entryNode[entry]];
    return clocks.areListed && this.sums.placeOf(kind, server) >= 0;
  }

  /**
   * Carries out all fetches of the first `count` of some entries of a node, for which that is so: at once, as far as they can
   * be told. `pods`: who reads them.
   */
  carryOutAll(node: number, entries: Int32Array, pods: Int32Array, count: number): void {
    this.prepareRun(this.kindOf(this.population.entryObject[entries[0]]), node, this.lastThatMatters);
    for (let i = 0; i < count; i += BATCH_SIZE) {
      const end = Math.min(count, i + BATCH_SIZE);
      this.carryOutTogether(node, entries.subarray(i, end), pods.subarray(i, end));
    }
  }

  private carryOutTogether(node: number, entries: Int32Array, pods: Int32Array): void {
    const { cache, population, clocks, batch, run, lastThatMatters } = this;
    const { high, low, index, times } = batch;
    const server = this.latencies.serverOf[node];
    // Before the columns are filled in: they are drawn with the batch.
    const waited = clocks.readSeconds !== clocks.seconds;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      high[i] = clocks.beginOf(pods[i]);
      low[i] = clocks.endOf(pods[i]);
      index[i] = this.sums.placeOf(this.kindOf(population.entryObject[entry]), server);
      times[i] = cache.expiresAt(entry);
    }
    batch.thinListed(entries.length, run, clocks.firstSecondFrom(lastThatMatters), waited);
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      const requests = cache.requestsOf(entry) + low[i];
      if (high[i] === -1) cache.carriedOut(entry, Infinity, NaN, requests);
      else this.carryOutFrom(entry, high[i], requests);
    }
  }

  /** Carries out the fetches of an entry with one reader that follow the last one, at a place of its clock; −2: there is none yet. */
  private carryOutFrom(entry: number, place: number, requests: number): void {
    const { readers, clocks } = this;
    readers.rewind(entry);
    if (place >= 0) readers.places[0] = place;
    this.carryOut(entry, Infinity, place < 0 ? NaN : clocks.starts[place], requests);
  }

  /** All nodes are done. */
  settle(): void {
    this.sums.settle();
  }

  /** How fetches of a kind of object follow one another on a node whose syncs start with the ticks of seconds, up to `end`. */
  private prepareRun(kind: number, node: number, end: number): void {
    const { run, tally, clocks } = this;
    const { longestWait, longestInterval } = clocks;
    const { shortestCachedGet, longestCachedGet, serverOf } = this.latencies;
    const ttl = this.cache.ttlOfNode(node);
    run.counts = tally.cellsOf(kind);
    run.base = serverOf[node] * tally.seconds;
    run.seconds = tally.seconds;
    run.passed = Math.ceil(Math.max(0, ttl - longestWait) / longestInterval);
    run.soonest = Math.ceil((shortestCachedGet + ttl - longestWait) / SECOND_US);
    run.latest = Math.ceil((longestWait + longestCachedGet + ttl) / SECOND_US);
    run.end = clocks.firstSecondFrom(end - longestWait);
    run.longestWait = longestWait;
    run.least = shortestCachedGet + ttl;
    run.enough = longestCachedGet + ttl;
  }

  /** When the last of an entry's requests is answered, a fetch that left at `read`. `high`, `low`: the entry's name. */
  private answeredAt(high: number, low: number, read: number, requests: number): number {
    const { latencies } = this;
    latencies.drawNamedGet(high, low, false, requests - 1);
    return read + 2 * latencies.oneWay + latencies.service;
  }

  /** What a fetch of an object is to the tally. */
  private kindOf(object: number): number {
    const { objectClass, objectSize } = this.population;
    const owner = objectClass[object];
    if (this.sizeOfClass[owner] !== objectSize[object]) {
      this.tally.begin();
      this.tally.add(this.population, object, false);
      this.kindOfClass[owner] = this.tally.end();
      this.sizeOfClass[owner] = objectSize[object];
    }
    return this.kindOfClass[owner];
  }
}
