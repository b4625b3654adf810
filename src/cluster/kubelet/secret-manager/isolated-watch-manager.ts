import { REFLECTOR } from '../../client-go/reflector.js';
import { WalkedReflectors } from '../../client-go/walked-reflectors.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../../model/costs.js';
import { EVENT } from '../../model/events.js';
import { shapeFacts } from '../../population/shape-facts.js';
import { NOT_FOUND } from '../content-numbers.js';
import type { ManagerParts } from './strategy.js';
import { WatchManager } from './watch-manager.js';

/** The strategy Watch where nothing holds up requests and events: reflectors are walked. */
export class IsolatedWatchManager extends WatchManager {
  protected override readonly reflectors: WalkedReflectors;
  /** True where no reflector is stopped in long operation: each watches an object that is not immutable, and is read. */
  private readonly allRun: boolean;

  constructor(parts: ManagerParts) {
    super(parts);
    this.reflectors = new WalkedReflectors(parts.world);
    const { objectImmutable } = this.population;
    this.allRun = this.reflectors.eachWatches && shapeFacts(this.population).allAreRead && !objectImmutable.includes(1);
  }

  override startAllStationary(first: number, last: number, now: number, readers: Int32Array): void {
    const { reflectors } = this;
    if (!this.allRun) {
      super.startAllStationary(first, last, now, readers);
      return;
    }
    reflectors.state.fill(REFLECTOR.RUNNING, first, last);
    if (first < last) reflectors.openAllStationary(this.population.entryNode[first], now, last - first);
  }

  override watching(first: number, last: number): number {
    const { state } = this.reflectors;
    let count = 0;
    for (let entry = first; entry < last; entry++) if (state[entry] === REFLECTOR.RUNNING) count++;
    return count;
  }

  /** No event is to come that is older than its commit, and no read stops the watch. */
  override settledUntil(entry: number): number {
    const revision = this.received[entry];
    if (!this.isWatching(entry) || this.listedAt(entry) > this.world.sim.now) return -Infinity;
    if (revision < 0) return -Infinity;
    const object = this.population.entryObject[entry];
    if (this.etcd.contentAt(object, revision) === NOT_FOUND || this.etcd.immutableAt(object, revision))
      return -Infinity;
    const next = this.etcd.next[revision];
    return next < 0 ? Infinity : this.etcd.committedAt[next];
  }

  override committed(entry: number, revision: number): void {
    const { sim, latencies } = this.world;
    if (!this.isWatching(entry)) return;
    sim.schedule(latencies.deliveredAt(entry, revision), EVENT.DELIVER, entry, revision);
  }

  override delivered(entry: number, revision: number): void {
    const { sim, latencies, load, input } = this.world;
    const { population } = this;
    if (!this.isWatching(entry)) return;
    const arrival = this.reflectors.arrival(entry, sim.now);
    if (arrival > sim.now) {
      sim.schedule(arrival, EVENT.DELIVER, entry, revision);
      return;
    }
    if (!this.deliver(entry, revision)) return;
    const bytes = population.objectSize[population.entryObject[entry]] + OBJECT_OVERHEAD_BYTES;
    const server = latencies.serverOf[population.entryNode[entry]];
    load.event(server, sim.now, bytes, cpuNs(input.apiServer.costs.event, bytes));
    this.listener.changed(entry);
  }
}
