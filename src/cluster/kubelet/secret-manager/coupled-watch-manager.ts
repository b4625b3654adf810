import type { ReflectorListener } from '../../client-go/reflector-listener.js';
import { ReflectorLoops } from '../../client-go/reflector-loops.js';
import type { WatchFacts } from '../../client-go/reflector-streams.js';
import { EVENT } from '../../model/events.js';
import type { RestClient } from '../../client-go/rest-client.js';
import type { Requests } from '../../kube-apiserver/requests.js';
import type { World } from '../../world/world.js';
import type { Reads } from '../reads.js';
import { FAILED, PENDING } from '../content-numbers.js';
import type { Clients, ManagerParts } from './strategy.js';
import { POLL_INTERVAL_US, POLL_TIMEOUT_US, WatchManager } from './watch-manager.js';

/** What reflectors are built from, as `ReflectorLoops` takes it. */
type ReflectorParts = readonly [World, Requests, RestClient, WatchFacts, ReflectorListener];

/** A reflector for each entry. */
const reflectorsOf = (...parts: ReflectorParts): ReflectorLoops => new ReflectorLoops(...parts);

/** The strategy Watch where requests and events meet others at the API servers. */
export class CoupledWatchManager extends WatchManager implements ReflectorListener {
  override readonly reflectors: ReflectorLoops;
  /** How often a read looks whether the reflector has synced, and for how long, µs. */
  protected readonly pollIntervalUs: number = POLL_INTERVAL_US;
  protected readonly pollTimeoutUs: number = POLL_TIMEOUT_US;
  protected readonly reads: Reads;
  /** Reads that wait for an entry's first LIST: rows and their generations. */
  private readonly waiting = new Map<number, number[]>();

  /** `loops`: makes the reflectors. */
  constructor(parts: ManagerParts, clients: Clients, loops = reflectorsOf) {
    super(parts);
    this.reads = clients.reads;
    this.reflectors = loops(parts.world, clients.requests, clients.client, clients, this);
  }

  override finds(): boolean {
    return false;
  }

  override delivered(entry: number, revision: number): void {
    if (this.isWatching(entry) && this.deliver(entry, revision)) this.listener.changed(entry);
  }

  /** The read looks at the local copy now and then, until it gives up. */
  override wait(entry: number, read: number): void {
    const { reads } = this;
    const waiting = this.waiting.get(entry);
    if (waiting === undefined) this.waiting.set(entry, [read, reads.generation[read]]);
    else waiting.push(read, reads.generation[read]);
    this.world.sim.schedule(this.waitsSince(read) + this.pollTimeoutUs, EVENT.READ_DUE, read, reads.generation[read]);
  }

  /** The LIST of the entry's reflector was answered. */
  listed(entry: number, revision: number, now: number): void {
    if (revision > this.received[entry]) {
      this.received[entry] = revision;
      this.log.push(entry, revision, now, false);
      this.listener.changed(entry);
    } else if (this.reflectors.syncedAt[entry] === now) {
      this.listener.unsettled(entry);
    }
    const waiting = this.waiting.get(entry);
    if (waiting === undefined) return;
    this.waiting.delete(entry);
    const { reads } = this;
    for (let i = 0; i < waiting.length; i += 2) {
      const read = waiting[i];
      if (reads.generation[read] !== waiting[i + 1]) continue;
      const since = this.waitsSince(read);
      const polls = Math.ceil((now - since) / this.pollIntervalUs);
      this.world.sim.schedule(since + polls * this.pollIntervalUs, EVENT.READ_DUE, read, waiting[i + 1]);
    }
  }

  /** Since when a read that waits has been looking. */
  protected waitsSince(read: number): number {
    return this.reads.since[read];
  }

  receivedBy(entry: number): number {
    return this.received[entry];
  }

  override readDue(read: number, generation: number): void {
    const { reads } = this;
    const { now } = this.world.sim;
    if (reads.generation[read] !== generation) return;
    this.get(this.population.consumerEntry[reads.consumer[read]], now);
    if (this.content === PENDING) {
      this.content = FAILED;
      this.doneAt = now;
    }
    this.listener.resume(read);
  }
}
