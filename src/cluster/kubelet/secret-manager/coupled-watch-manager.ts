import { ReflectorLoops, type ReflectorListener } from '../../client-go/reflector-loops.js';
import { EVENT } from '../../model/events.js';
import type { Reads } from '../reads.js';
import { FAILED, PENDING } from './manager.js';
import type { Clients, ManagerParts } from './strategy.js';
import { POLL_INTERVAL_US, POLL_TIMEOUT_US, WatchManager } from './watch-manager.js';

/** The strategy Watch where requests and events meet others at the API servers. */
export class CoupledWatchManager extends WatchManager implements ReflectorListener {
  override readonly reflectors: ReflectorLoops;
  private readonly reads: Reads;
  /** Reads that wait for an entry's first LIST: rows and their generations. */
  private readonly waiting = new Map<number, number[]>();

  constructor(parts: ManagerParts, { requests, client, storms, reads }: Clients) {
    super(parts);
    this.reads = reads;
    this.reflectors = new ReflectorLoops(parts.world, requests, client, storms, this);
  }

  override finds(): boolean {
    return false;
  }

  override delivered(entry: number, revision: number): void {
    if (this.isWatching(entry) && this.deliver(entry, revision)) this.listener.changed(entry);
  }

  /** The read looks at the local copy each 10 ms, for at most 1 s. */
  override wait(entry: number, read: number): void {
    const { reads } = this;
    const waiting = this.waiting.get(entry);
    if (waiting === undefined) this.waiting.set(entry, [read, reads.generation[read]]);
    else waiting.push(read, reads.generation[read]);
    this.world.sim.schedule(reads.since[read] + POLL_TIMEOUT_US, EVENT.READ_DUE, read, reads.generation[read]);
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
      const since = reads.since[read];
      const polls = Math.ceil((now - since) / POLL_INTERVAL_US);
      this.world.sim.schedule(since + polls * POLL_INTERVAL_US, EVENT.READ_DUE, read, waiting[i + 1]);
    }
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
