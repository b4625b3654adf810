import type { RestClient } from '../../client-go/rest-client.js';
import { type Requests, STATUS } from '../../kube-apiserver/requests.js';
import { VERB } from '../../model/verbs.js';
import { CacheManager } from './cache-manager.js';
import { FAILED, NOT_FOUND, PENDING } from './manager.js';
import type { Clients, ManagerParts } from './strategy.js';

/** The strategy Cache where fetches meet others at the API servers. */
export class CoupledCacheManager extends CacheManager {
  override readonly foreseesReads = false;
  private readonly pool: Requests;
  private readonly client: RestClient;
  /** 1 while a fetch is under way, and the reads that wait for it. */
  private readonly underWay: Uint8Array;
  private readonly waiting = new Map<number, number[]>();

  constructor(parts: ManagerParts, { requests, client }: Clients) {
    super(parts);
    this.pool = requests;
    this.client = client;
    this.underWay = new Uint8Array(this.population.entryCount);
  }

  /** Sends the fetch, unless one is under way that this reader waits for, too. */
  protected override fetch(entry: number, _at: number, quorum: boolean): void {
    const { pool, latencies } = this;
    this.content = PENDING;
    if (this.underWay[entry] === 1) return;
    this.underWay[entry] = 1;
    const id = pool.open(VERB.GET, this.population.entryNode[entry], entry);
    latencies.drawGet(entry, quorum, this.requests[entry]++);
    pool.oneWay[id] = latencies.oneWay;
    pool.service[id] = latencies.service;
    pool.quorum[id] = quorum ? 1 : 0;
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
    this.underWay[entry] = 0;
    if (found) this.store(entry, pool.revision[request], sim.now, pool.quorum[request] === 1);
    this.next(entry, () => {
      this.doneAt = sim.now;
      this.revision = this.cachedRevision[entry];
      // Where there is an older object, it is served on; an error is kept only in place of nothing.
      this.content = found || this.cachedContent[entry] !== NOT_FOUND ? this.cachedContent[entry] : FAILED;
    });
    // The entry's lock goes to one reader after another: each fetches for itself what is not fresh (`Get`).
    while (this.underWay[entry] === 0 && this.waiting.has(entry)) {
      this.get(entry, sim.now);
      if (this.content !== PENDING) this.next(entry, () => undefined);
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
