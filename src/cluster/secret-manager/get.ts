import type { ApiServers } from '../api-server.js';
import type { Etcd } from '../etcd.js';
import type { RateLimiter } from '../rate-limiter.js';
import type { Topology } from '../topology.js';
import { GET } from '../load.js';
import { OK } from '../kube-apiserver/requests.js';
import { FAILED, NOT_FOUND, ObjectManager, PENDING } from './manager.js';

/** Strategy Get (`simple` managers): every read is a GET with an empty resourceVersion, which etcd answers. */
export class GetManager extends ObjectManager {
  private readonly requests: Uint32Array;
  /** The request sent last. */
  private last = -1;

  constructor(
    private readonly topology: Topology,
    private readonly etcd: Etcd,
    private readonly servers: ApiServers,
    private readonly limiter: RateLimiter,
  ) {
    super();
    this.requests = new Uint32Array(topology.entryCount);
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
      const id = requests.open(GET, this.topology.entryNode[entry], entry);
      this.servers.drawGet(entry, true, this.requests[entry]++);
      requests.oneWay[id] = this.servers.oneWay;
      requests.service[id] = this.servers.service;
      requests.quorum[id] = 1;
      this.last = id;
      client.send(id);
      this.content = PENDING;
      return;
    }
    const leaves = this.limiter.take(this.topology.entryNode[entry], at);
    const object = this.topology.entryObject[entry];
    if (this.etcd.newest[object] < 0) {
      this.doneAt = this.servers.getKnown(entry, leaves);
      this.revision = -1;
      this.content = this.topology.objectExists[object];
      return;
    }
    const answer = this.servers.getAtInstant(entry, leaves);
    this.doneAt = answer.at;
    this.revision = answer.revision;
    this.content = this.etcd.contentAt(object, answer.revision);
  }

  override finds(entry: number, at: number, shown: number): boolean {
    if (this.waits !== null || shown === NOT_FOUND) return false;
    const object = this.topology.entryObject[entry];
    const longest = this.limiter.waitOf(this.topology.entryNode[entry], at) + this.servers.longestQuorumGet;
    if (!this.etcd.keeps(object, shown, at, at + longest)) return false;
    this.doneAt = this.servers.getKnown(entry, this.limiter.take(this.topology.entryNode[entry], at));
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
    const object = this.topology.entryObject[requests.subject[request]];
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
