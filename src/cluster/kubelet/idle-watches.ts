import { MINUTE_US } from '../../sim/units.js';
import { EVENT } from '../model/events.js';
import type { World } from '../world/world.js';
import type { ObjectManager } from './secret-manager/manager.js';

/** Sweep for idle watches, and the shortest idle time (`watch_based_manager.go`, PR 99393): max(1 min, 5 × syncFrequency). */
const IDLE_SWEEP_US = MINUTE_US;
const MIN_IDLE_US = MINUTE_US;
const IDLE_SYNC_PERIODS = 5;

/** Watches that nobody reads from are stopped (`pkg/kubelet/util/manager/watch_based_manager.go` stopIfIdle). */
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

  /** An object is read for an environment. */
  read(entry: number, at: number): void {
    this.lastRead.set(entry, at);
  }

  /** Stops the watch of an object that nobody has read for max(1 min, 5 × syncFrequency). */
  sweep(entry: number): void {
    const { now } = this.world.sim;
    const idle = now > (this.lastRead.get(entry) ?? -Infinity) + this.maxIdle;
    if (idle && this.manager.isWatching(entry)) this.manager.stopIdle(entry, now);
  }

  /** A pod has started at `from`: the first sweep is to come that can find its environment-only objects idle. */
  started(pod: number, from: number): void {
    const { manager, world } = this;
    const { population, input } = world;
    if (!input.behaviours.idleStop) return;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      const entry = population.consumerEntry[c];
      if (!manager.isWatching(entry) || population.entryReaders[entry] > 0) continue;
      this.world.sim.schedule(this.sweepFrom(entry, from + this.maxIdle + 1), EVENT.IDLE, entry);
    }
  }

  /** The first sweep of an entry's node at or after a time. */
  private sweepFrom(entry: number, time: number): number {
    const { population, random } = this.world;
    const node = population.entryNode[entry];
    const draw = random.idleSweep.uniform(population.nodeNameHigh[node], population.nodeNameLow[node], 0);
    const phase = Math.floor(draw * IDLE_SWEEP_US);
    return phase + Math.ceil((time - phase) / IDLE_SWEEP_US) * IDLE_SWEEP_US;
  }
}
