import type { RestClient } from '../../client-go/rest-client.js';
import { type Requests, STATUS } from '../../kube-apiserver/requests.js';
import { VERB } from '../../model/verbs.js';
import { CacheManager } from './cache-manager.js';
import { FAILED, NOT_FOUND, PENDING } from '../content-numbers.js';
import type { Clients, ManagerParts } from './strategy.js';

/** No request. */
const NONE = -1;

/**
 * The strategy Cache where fetches meet others at the API servers. A new reference gives an entry a new, empty copy
 * (AddReference: `item.data = nil`), whether a fetch is under way or not: who reads from then on fetches anew, and the
 * answer that is still to come is for those only who wait for it.
 */
export class CoupledCacheManager extends CacheManager {
  override readonly foreseesReads = false;
  private readonly pool: Requests;
  private readonly client: RestClient;
  /** The request that is under way for each entry's copy, or none, and the reads that wait for it. */
  private readonly underWay: Int32Array;
  private readonly waiting = new Map<number, number[]>();
  /** Requests for copies that have been given up, and the reads that wait for them. */
  private readonly givenUp = new Map<number, readonly number[]>();

  constructor(parts: ManagerParts, { requests, client }: Clients) {
    super(parts);
    this.pool = requests;
    this.client = client;
    this.underWay = new Int32Array(this.population.entryCount).fill(NONE);
  }

  override invalidate(entry: number, now: number): void {
    super.invalidate(entry, now);
    const request = this.underWay[entry];
    if (request === NONE) return;
    this.givenUp.set(request, this.waiting.get(entry) ?? []);
    this.waiting.delete(entry);
    this.underWay[entry] = NONE;
  }

  /** Sends the fetch, unless one is under way that this reader waits for, too. */
  protected override fetch(entry: number, _at: number, quorum: boolean): void {
    const { pool, latencies } = this;
    this.content = PENDING;
    if (this.underWay[entry] !== NONE) return;
    const id = pool.open(VERB.GET, this.population.entryNode[entry], entry);
    // Of a request that was lost with its kubelet nobody has heard.
    this.givenUp.delete(id);
    latencies.drawGet(entry, quorum, this.requests[entry]++);
    pool.oneWay[id] = latencies.oneWay;
    pool.service[id] = latencies.service;
    pool.quorum[id] = quorum ? 1 : 0;
    this.underWay[entry] = id;
    this.client.send(id);
  }

  override wait(entry: number, read: number): void {
    const waiting = this.waiting.get(entry);
    if (waiting === undefined) this.waiting.set(entry, [read]);
    else waiting.push(read);
  }

  override answered(request: number): void {
    const { pool } = this;
    const { sim } = this.parts.world;
    const entry = pool.subject[request];
    const found = pool.status[request] === STATUS.OK;
    const reads = this.givenUp.get(request);
    if (reads !== undefined) {
      this.givenUp.delete(request);
      this.answerGivenUp(request, reads);
      return;
    }
    this.underWay[entry] = NONE;
    if (found) this.store(entry, pool.revision[request], sim.now, pool.quorum[request] === 1);
    this.next(entry, () => {
      this.doneAt = sim.now;
      this.revision = this.cachedRevision[entry];
      // Where there is an older object, it is served on; an error is kept only in place of nothing.
      this.content = found || this.cachedContent[entry] !== NOT_FOUND ? this.cachedContent[entry] : FAILED;
    });
    // The entry's lock goes to one reader after another: each fetches for itself what is not fresh (`Get`).
    while (this.underWay[entry] === NONE && this.waiting.has(entry)) {
      this.get(entry, sim.now);
      if (this.content !== PENDING) this.next(entry, () => undefined);
    }
  }

  /** The answer for a copy that has been given up: its readers have what was found, or fail as it did. */
  private answerGivenUp(request: number, reads: readonly number[]): void {
    const { pool } = this;
    const { sim, etcd } = this.parts.world;
    const object = this.population.entryObject[pool.subject[request]];
    for (const read of reads) {
      this.doneAt = sim.now;
      this.revision = pool.revision[request];
      this.content = pool.status[request] === STATUS.OK ? etcd.contentAt(object, this.revision) : FAILED;
      this.listener.resume(read);
    }
  }

  /** The read that has waited longest for an entry goes on with what `takes` gives it. */
  private next(entry: number, takes: () => void): void {
    const waiting = this.waiting.get(entry);
    const read = waiting?.shift();
    if (waiting?.length === 0) this.waiting.delete(entry);
    if (read === undefined) return;
    takes();
    this.listener.resume(read);
  }
}
