import type { Latencies } from '../../kube-apiserver/latencies.js';
import type { Etcd } from '../../etcd/etcd.js';
import type { RateLimiter } from '../../model/rate-limiter.js';
import type { Population } from '../../population/population.js';
import { GET } from '../../meters/load.js';
import { OK } from '../../kube-apiserver/requests.js';
import { FAILED, NOT_FOUND, ObjectManager, PENDING } from './manager.js';

/** Strategy Get (`simple` managers): every read is a GET with an empty resourceVersion, which etcd answers. */
export class GetManager extends ObjectManager {
  private readonly requests: Uint32Array;
  /** The request sent last. */
  private last = -1;

  constructor(
    private readonly population: Population,
    private readonly etcd: Etcd,
    private readonly latencies: Latencies,
    private readonly limiter: RateLimiter,
  ) {
    super();
    this.requests = new Uint32Array(population.entryCount);
  }

  override initialize(): void {
    // Nothing is kept.
  }

  override register(): void {
    // Nothing is kept, so there is nothing to start.
  }

  override startStationary(): void {
    // Nothing is kept, so there is no state to be stationary.
  }

  override invalidate(): void {
    // Nothing is kept, so there is nothing to drop.
  }

  override get(entry: number, at: number): void {
    if (this.waits !== null) {
      const { requests, client } = this.waits;
      const id = requests.open(GET, this.population.entryNode[entry], entry);
      this.latencies.drawGet(entry, true, this.requests[entry]++);
      requests.oneWay[id] = this.latencies.oneWay;
      requests.service[id] = this.latencies.service;
      requests.quorum[id] = 1;
      this.last = id;
      client.send(id);
      this.content = PENDING;
      return;
    }
    const leaves = this.limiter.take(this.population.entryNode[entry], at);
    const object = this.population.entryObject[entry];
    if (this.etcd.newest[object] < 0) {
      this.doneAt = this.latencies.getKnown(entry, leaves);
      this.revision = -1;
      this.content = this.population.objectExists[object];
      return;
    }
    const answer = this.latencies.getAtInstant(entry, leaves);
    this.doneAt = answer.at;
    this.revision = answer.revision;
    this.content = this.etcd.contentAt(object, answer.revision);
  }

  override finds(entry: number, at: number, shown: number): boolean {
    if (this.waits !== null || shown === NOT_FOUND) return false;
    const object = this.population.entryObject[entry];
    const longest = this.limiter.waitOf(this.population.entryNode[entry], at) + this.latencies.longestQuorumGet;
    if (!this.etcd.keeps(object, shown, at, at + longest)) return false;
    this.doneAt = this.latencies.getKnown(entry, this.limiter.take(this.population.entryNode[entry], at));
    return true;
  }

  override wait(_entry: number, read: number): void {
    if (this.waits !== null) this.waits.requests.read[this.last] = read;
  }

  override answered(request: number): void {
    if (this.waits === null) return;
    const { requests, sim, resume } = this.waits;
    const read = requests.read[request];
    this.doneAt = sim.now;
    this.revision = requests.revision[request];
    const object = this.population.entryObject[requests.subject[request]];
    this.content = requests.status[request] === OK ? this.etcd.contentAt(object, this.revision) : FAILED;
    if (read >= 0) resume(read);
  }

  override readDue(): void {
    throw new RangeError('a GET is waited for until it is answered');
  }

  override release(): void {
    // Nothing is kept, so there is nothing to drop.
  }

  override readyAt(_entry: number, revision: number): number {
    return this.etcd.committedAt[revision];
  }
}
