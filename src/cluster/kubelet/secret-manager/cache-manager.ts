import { BATCH_SIZE } from '../../../sim/random-batch.js';
import type { UniformInterval } from '../../../sim/distributions.js';
import type { Etcd } from '../../etcd/etcd.js';
import type { WhatIf } from '../../model/model-input.js';
import type { Population } from '../../population/population.js';
import { writeNames } from '../../world/entry-names.js';
import type { Latencies } from '../../world/latencies.js';
import type { CachedEntries } from '../lookahead/fetches-ahead.js';
import { syncIntervals } from '../sync-intervals.js';
import { stationaryAge, stationaryAges } from './cache-age.js';
import { NOT_FOUND } from '../content-numbers.js';
import { type EntryListener, ObjectManager } from './manager.js';
import { ReadyLog } from './ready-log.js';
import type { ManagerParts } from './strategy.js';

/**
 * Strategy Cache (`pkg/kubelet/util/manager/cache_based_manager.go` objectStore): one entry per node and
 * object with a TTL. An expired entry is fetched from the API server's watch cache (resourceVersion=0),
 * an empty or failed one by a quorum read. Readers wait for a fetch that is under way. The strategy
 * ignores immutability.
 */
export class CacheManager extends ObjectManager implements CachedEntries {
  /** When the last fetch answered (`lastUpdateTime`); −Infinity: the entry is empty. */
  private readonly fetchedAt: Float64Array;
  protected readonly cachedRevision: Int32Array;
  /** Content number of what is cached; NOT_FOUND is fetched again at every read. */
  protected readonly cachedContent: Int32Array;
  /** From when on a read would have fetched, had the object changed. */
  private readonly refetchFrom: Float64Array;
  protected readonly requests: Uint32Array;
  /** Reads of each entry before this time are known to find what all its readers show, and their fetches are carried out already; −Infinity: none. */
  readonly knownUntil: Float64Array;
  private readonly log: ReadyLog;
  readonly readsCount = true;
  override readonly dropsAtSyncs: boolean;
  readonly foreseesReads: boolean;
  /** The law of a pod's sync interval. */
  private readonly intervals: UniformInterval;
  private readonly etcd: Etcd;
  protected readonly population: Population;
  protected readonly latencies: Latencies;
  protected readonly listener: EntryListener;
  private readonly ttlUs: Float64Array;
  private readonly adaptive: WhatIf['adaptiveTtl'];

  constructor(protected readonly parts: ManagerParts) {
    super();
    const { population, input } = parts.world;
    this.population = population;
    this.etcd = parts.world.etcd;
    this.latencies = parts.world.latencies;
    this.listener = parts.listener;
    this.ttlUs = parts.ttlUs;
    this.adaptive = input.kubelet.whatIf.adaptiveTtl;
    this.intervals = syncIntervals(input.kubelet);
    this.dropsAtSyncs = input.behaviours.cacheInvalidation === 'everySync';
    this.foreseesReads = !this.dropsAtSyncs;
    const { entryCount } = population;
    const { memory } = parts.world;
    this.fetchedAt = memory.float64(entryCount);
    this.cachedRevision = memory.int32(entryCount);
    this.cachedContent = memory.int32(entryCount);
    this.refetchFrom = memory.float64(entryCount);
    this.requests = memory.uint32(entryCount);
    this.knownUntil = memory.float64(entryCount);
    this.log = new ReadyLog(entryCount);
  }

  override initialize(first: number, last: number): void {
    this.fetchedAt.fill(-Infinity, first, last);
    this.cachedRevision.fill(-1, first, last);
    this.refetchFrom.fill(-Infinity, first, last);
    this.knownUntil.fill(-Infinity, first, last);
    this.log.initialize(first, last);
  }

  override register(entry: number, now: number): void {
    this.invalidate(entry, now);
  }

  /** The entry has an age somewhere in its cycle. */
  override startStationary(entry: number, now: number, readers: number): void {
    if (readers === 0 || !this.existsAtStart(entry)) return;
    const ttl = this.longestTtl(entry);
    this.hasKept(entry, now - stationaryAge(this.parts.world, this.intervals, entry, ttl, readers), ttl);
  }

  override startAllStationary(first: number, last: number, now: number, readers: Int32Array): void {
    const { batch, random } = this.parts.world;
    const { entities, high, low, times } = batch;
    for (let from = first; from < last; from += BATCH_SIZE) {
      const to = Math.min(last, from + BATCH_SIZE);
      let count = 0;
      for (let entry = from; entry < to; entry++) {
        if (readers[entry] === 1 && this.existsAtStart(entry)) entities[count++] = entry;
        else this.startStationary(entry, now, readers[entry]);
      }
      if (count === 0) continue;
      writeNames(this.population, entities, count, high, low);
      const ttl = this.longestTtl(from);
      const drawn = stationaryAges(batch, random, this.intervals, count, ttl);
      for (let i = 0; i < count; i++) {
        if (drawn && !Number.isNaN(times[i])) this.hasKept(entities[i], now - times[i], ttl);
        else this.startStationary(entities[i], now, 1);
      }
    }
  }

  private existsAtStart(entry: number): boolean {
    return this.etcd.contentAt(this.population.entryObject[entry], -1) !== NOT_FOUND;
  }

  /** For how long an entry that nobody has written for long is fresh, µs. */
  private longestTtl(entry: number): number {
    return this.adaptive?.maxUs ?? this.ttlUs[this.population.entryNode[entry]];
  }

  /** What is kept from the start has been fetched at a time, and is fresh for `ttl` µs. */
  private hasKept(entry: number, fetchedAt: number, ttl: number): void {
    this.fetchedAt[entry] = fetchedAt;
    this.cachedContent[entry] = this.etcd.contentAt(this.population.entryObject[entry], -1);
    this.refetchFrom[entry] = this.dropsAtSyncs ? fetchedAt : fetchedAt + ttl;
  }

  override invalidate(entry: number, now: number): void {
    if (this.refetchFrom[entry] > now) this.refetchFrom[entry] = now;
    this.fetchedAt[entry] = -Infinity;
    this.listener.unsettled(entry);
  }

  /** Content number of what is cached. */
  contentOf(entry: number): number {
    return this.cachedContent[entry];
  }

  /** Revision of what is cached. */
  revisionOf(entry: number): number {
    return this.cachedRevision[entry];
  }

  /** True where an entry that holds something is fresh for the node's TTL, and nothing but time makes it stale. */
  get hasFixedTtl(): boolean {
    return !this.dropsAtSyncs && this.adaptive === null;
  }

  /** TTL of a node's entries, µs; where it is fixed. */
  ttlOfNode(node: number): number {
    return this.ttlUs[node];
  }

  /** From when on a read fetches, as things stand. */
  expiresAt(entry: number): number {
    return this.cachedContent[entry] === NOT_FOUND ? -Infinity : this.fetchedAt[entry] + this.ttlOf(entry);
  }

  /** True where the answer to the entry's last fetch is still to come. */
  isFetching(entry: number, now: number): boolean {
    return now < this.fetchedAt[entry];
  }

  /** Requests for an entry so far: the next one's index. */
  requestsOf(entry: number): number {
    return this.requests[entry];
  }

  /**
   * Takes over fetches that somebody has carried out for an entry that expires after its TTL: every read before `until`
   * finds what it holds. The last one was answered at `answeredAt`; `requests`: so far.
   */
  carriedOut(entry: number, until: number, answeredAt: number, requests: number): void {
    this.knownUntil[entry] = until;
    if (requests === this.requests[entry]) return;
    this.requests[entry] = requests;
    this.fetchedAt[entry] = answeredAt;
    this.refetchFrom[entry] = this.expiresAt(entry);
  }

  override finds(entry: number, at: number, shown: number): boolean {
    if (at < this.knownUntil[entry]) {
      this.doneAt = at;
      return true;
    }
    const fetched = this.fetchedAt[entry];
    if (this.dropsAtSyncs || at < fetched || this.cachedContent[entry] !== shown || shown === NOT_FOUND) return false;
    if (at >= fetched + this.ttlOf(entry)) return false;
    this.doneAt = at;
    return true;
  }

  /** What is kept is known to the store by now, and stays for its TTL. */
  override settledUntil(entry: number): number {
    const revision = this.cachedRevision[entry];
    if (!this.hasFixedTtl || this.cachedContent[entry] === NOT_FOUND) return -Infinity;
    if (revision >= 0 && this.etcd.committedAt[revision] > this.parts.world.sim.now) return -Infinity;
    return this.expiresAt(entry) - 1;
  }

  override get(entry: number, at: number): void {
    const fetched = this.fetchedAt[entry];
    const start = fetched > at ? fetched : at;
    const content = this.cachedContent[entry];
    if (content !== NOT_FOUND && start < fetched + this.ttlOf(entry)) {
      if (this.dropsAtSyncs && this.refetchFrom[entry] < start) this.refetchFrom[entry] = start;
      this.doneAt = start;
      this.content = content;
      this.revision = this.cachedRevision[entry];
      return;
    }
    this.fetch(entry, start, content === NOT_FOUND || fetched === -Infinity);
  }

  override readyAt(entry: number, revision: number): number {
    const step = this.log.find(entry, revision);
    if (step < 0) return this.etcd.committedAt[revision];
    const visible = this.log.isQuorum(step)
      ? this.etcd.committedAt[revision]
      : this.latencies.visibleAt(revision, this.latencies.serverOf[this.population.entryNode[entry]]);
    return Math.max(this.log.sinceOf(step), visible);
  }

  protected fetch(entry: number, at: number, quorum: boolean): void {
    const leaves = this.parts.world.limiter.take(this.population.entryNode[entry], at);
    const answer = this.latencies.get(entry, leaves, quorum, this.requests[entry]++);
    this.store(entry, answer.revision, answer.at, quorum);
  }

  override release(entry: number): void {
    this.fetchedAt[entry] = -Infinity;
    this.cachedContent[entry] = NOT_FOUND;
    this.cachedRevision[entry] = -1;
  }

  /** How long an entry that holds something is fresh: the node's TTL, or a share of the object's age when it was fetched. */
  private ttlOf(entry: number): number {
    if (this.adaptive === null) return this.ttlUs[this.population.entryNode[entry]];
    const { factor, minUs, maxUs } = this.adaptive;
    const revision = this.cachedRevision[entry];
    if (revision < 0) return maxUs;
    const age = Math.max(0, this.fetchedAt[entry] - this.etcd.committedAt[revision]);
    return Math.floor(Math.min(maxUs, Math.max(minUs, factor * age)));
  }

  /** Keeps what a fetch has answered at `at`. */
  protected store(entry: number, revision: number, at: number, quorum: boolean): void {
    const { population } = this;
    const object = population.entryObject[entry];
    const content = this.etcd.contentAt(object, revision);
    const older =
      content !== NOT_FOUND && this.cachedContent[entry] !== NOT_FOUND && revision < this.cachedRevision[entry];
    if (!older) {
      if (revision > this.cachedRevision[entry]) this.log.push(entry, revision, this.refetchFrom[entry], quorum);
      const before = this.cachedContent[entry];
      this.cachedRevision[entry] = revision;
      this.cachedContent[entry] = content;
      this.fetchedAt[entry] = at;
      if (content !== before) this.listener.unsettled(entry);
      this.listener.fetched(entry, at);
      // With an invalidation at every sync, only a read that finds this very fetch can be stale; NotFound is
      // fetched again at every read.
      const refetched = this.dropsAtSyncs || content === NOT_FOUND;
      this.refetchFrom[entry] = refetched ? at : at + this.ttlOf(entry);
    }
    // Those who were told may have read the entry meanwhile.
    this.doneAt = at;
    this.content = this.cachedContent[entry];
    this.revision = this.cachedRevision[entry];
  }
}
