import type { ApiServers } from '../api-server.js';
import type { Etcd } from '../etcd.js';
import type { RateLimiter } from '../rate-limiter.js';
import type { Topology } from '../topology.js';
import { ObjectManager } from './manager.js';

/** Strategy Get (`simple` managers): every read is a GET with an empty resourceVersion, which etcd answers. */
export class GetManager extends ObjectManager {
  private readonly requests: Uint32Array;

  constructor(
    private readonly topology: Topology,
    private readonly etcd: Etcd,
    private readonly servers: ApiServers,
    private readonly limiter: RateLimiter,
  ) {
    super();
    this.requests = new Uint32Array(topology.entryCount);
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
    const leaves = this.limiter.take(this.topology.entryNode[entry], at);
    const object = this.topology.entryObject[entry];
    const answer =
      this.etcd.newest[object] < 0
        ? this.servers.getUnwritten(entry, leaves)
        : this.servers.get(entry, leaves, true, this.requests[entry]++);
    this.doneAt = answer.at;
    this.revision = answer.revision;
    this.content = this.etcd.contentAt(object, answer.revision);
  }

  override readyAt(_entry: number, revision: number): number {
    return this.etcd.committedAt[revision];
  }
}
