import { MINUTE_US } from '../../sim/units.js';
import { EVENT, IDLE_BECAUSE } from '../model/events.js';
import { MODE } from '../model/kinds.js';
import type { World } from '../world/world.js';
import type { ObjectManager } from './secret-manager/manager.js';

/** Sweep for idle watches, and the shortest idle time (`watch_based_manager.go`, PR 99393): max(1 min, 5 × syncFrequency). */
const IDLE_SWEEP_US = MINUTE_US;
const MIN_IDLE_US = MINUTE_US;
const IDLE_SYNC_PERIODS = 5;

/**
 * Watches that nobody reads from are stopped (`pkg/kubelet/util/manager/watch_based_manager.go` stopIfIdle): a sweep a
 * minute stops those whose last read is long ago, and those that have been listed and not been read at all, for their
 * time of access is zero. That is so while a pod waits for its volumes, and when a kubelet comes back to pods whose
 * containers have their environments. The 0.3 s from a volume's registration to its first read are left out.
 */
export class IdleWatches {
  /** Last read of the objects that only environments reference, by entry. */
  private readonly lastRead = new Map<number, number>();
  private readonly maxIdle: number;

  constructor(
    private readonly world: World,
    private readonly manager: ObjectManager,
  ) {
    this.maxIdle = Math.max(MIN_IDLE_US, IDLE_SYNC_PERIODS * world.input.kubelet.syncFrequencyUs);
  }

  /** A pod begins to reference what a consumer uses; a running one reads imagePullSecrets at once. */
  register(consumer: number, running: boolean): void {
    const { manager, world } = this;
    const { population, sim, input } = world;
    const entry = population.consumerEntry[consumer];
    const mode = population.consumerMode[consumer];
    const waits = mode === MODE.env || (mode === MODE.imagePullSecret && !running);
    const known = !input.behaviours.idleStop || !waits || manager.isWatching(entry);
    manager.register(entry, sim.now);
    if (!known && manager.isWatching(entry)) this.sweepLater(entry, sim.now, IDLE_BECAUSE.UNREAD);
  }

  /** An object is read for an environment. */
  read(entry: number, at: number): void {
    this.lastRead.set(entry, at);
  }

  /** A sweep comes to an entry; `because`: what it may find. */
  sweep(entry: number, because: number): void {
    const { manager, world } = this;
    const { now } = world.sim;
    if (!manager.isWatching(entry)) return;
    if (because === IDLE_BECAUSE.LONG_AGO) {
      if (now > (this.lastRead.get(entry) ?? -Infinity) + this.maxIdle) manager.stopIdle(entry, now);
    } else if (manager.isUnread(entry)) {
      if (manager.listedAt(entry) <= now) manager.stopIdle(entry, now);
      else this.sweepLater(entry, now + 1, IDLE_BECAUSE.UNREAD);
    }
  }

  /** A pod has started at `from`: the first sweep is to come that can find its environment-only objects idle. */
  started(pod: number, from: number): void {
    const { manager, world } = this;
    const { population, input } = world;
    if (!input.behaviours.idleStop) return;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      const entry = population.consumerEntry[c];
      if (!manager.isWatching(entry) || population.entryReaders[entry] > 0) continue;
      this.sweepLater(entry, from + this.maxIdle + 1, IDLE_BECAUSE.LONG_AGO);
    }
  }

  /** Schedules the first sweep of an entry's node at or after a time. */
  private sweepLater(entry: number, time: number, because: number): void {
    const { population, random, sim } = this.world;
    const node = population.entryNode[entry];
    const draw = random.idleSweep.uniform(population.nodeNameHigh[node], population.nodeNameLow[node], 0);
    const phase = Math.floor(draw * IDLE_SWEEP_US);
    sim.schedule(phase + Math.ceil((time - phase) / IDLE_SWEEP_US) * IDLE_SWEEP_US, EVENT.IDLE, entry, because);
  }
}
