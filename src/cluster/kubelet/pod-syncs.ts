import { EVENT, RESYNC_CAUSE } from '../model/events.js';
import { MODE } from '../model/kinds.js';
import { POD_PHASE } from './pod-table.js';
import type { KubeletParts } from './parts.js';
import { PULL_SECRET_READ } from './reads.js';
import type { Reconciler } from './reconciler.js';
import { FAILED, PENDING } from './content-numbers.js';
import type { SyncPlans } from './sync-plans.js';
import { waitFor } from './wait-for.js';

/**
 * The syncs of running pods (`pkg/kubelet/kubelet.go` SyncPod, `pkg/kubelet/pod_workers.go`): a sync drops caches where
 * its release does, reads imagePullSecrets, and has the pod's volumes read again.
 *
 * Under Watch a sync that finds nothing new has no effect, so a pod's clock is walked on demand and only the reads that
 * matter are events (`SyncPlans`). Under Cache and Get a read is a request or moves the shared entry's TTL, so every
 * read is an event where it is not known before what it finds.
 */
export class PodSyncs {
  /** Reads still to come of syncs that a restart of the clock overtook: pod → starts of the syncs. */
  private readonly inFlight = new Map<number, number[]>();

  constructor(
    private readonly parts: KubeletParts,
    private readonly reconciler: Reconciler,
    private readonly plans: SyncPlans,
  ) {}

  /** The clocks of pods of a node, from `first` to `last` (exclusive), that have been running for long stand somewhere in their intervals. */
  runForLong(first: number, last: number): void {
    const { world, workers } = this.parts;
    workers.startStationary(world.batch, first, last, world.sim.now);
  }

  /** All of the node is in operation: plans the first sync of a pod that has been running. */
  plansFirst(pod: number): void {
    const { pods, manager, world } = this.parts;
    if (!pods.isRunning(pod)) return;
    if (this.plans.walks(pod)) {
      this.plans.begin(pod);
      return;
    }
    if (manager.keepsNothing) this.plans.nextRead(pod, -world.input.warmupUs);
    this.scheduleNext(pod);
  }

  /**
   * A pod has started: its timer runs from `end`, the end of the sync that started it. `rereads`: that
   * sync began with volumes already mounted, so they are still to be read again.
   */
  runs(pod: number, end: number, rereads: boolean): void {
    const { pods, workers, manager } = this.parts;
    pods.phase[pod] = POD_PHASE.RUNNING;
    if (rereads) this.overtake(pod, workers.syncStart[pod]);
    pods.nextEpoch(pod);
    workers.syncStart[pod] = workers.following(pod, end);
    if (!this.plans.walks(pod)) this.scheduleNext(pod);
    else if (manager.readsCount) this.plans.begin(pod);
  }

  /** Begins a sync of a running pod now, whatever its timer says, and restarts the timer. */
  begin(pod: number): void {
    const { world, pods, workers, volumes } = this.parts;
    const { now } = world.sim;
    workers.syncStart[pod] = now;
    if (pods.beginsMatter[pod] === 1) {
      this.begins(pod, pods.epoch[pod]);
      return;
    }
    const read = volumes.readTime(world.population.podNode[pod], now);
    if (this.plans.lazy) this.plans.beginSync(pod, read);
    world.sim.schedule(read, EVENT.READ, pod, pods.epoch[pod]);
  }

  /** A sync begins that has effects when it does. */
  begins(pod: number, epoch: number): void {
    const { world, pods, workers, volumes, manager } = this.parts;
    if (epoch !== pods.epoch[pod]) return;
    const { sim, population } = world;
    workers.syncStart[pod] = sim.now;
    if (manager.dropsAtSyncs) this.dropCaches(pod);
    sim.schedule(volumes.readTime(population.podNode[pod], sim.now), EVENT.READ, pod, epoch);
    this.proceed(pod, population.podConsumerStart[pod], epoch, sim.now, false);
  }

  /** Reads a sync's imagePullSecrets from a consumer on; then the sync ends, and its successor is due. */
  proceed(pod: number, from: number, epoch: number, at: number, answered: boolean): void {
    const { world, pods, workers, manager } = this.parts;
    const { population } = world;
    let done = at;
    for (let c = from; c < population.podConsumerStart[pod + 1]; c++) {
      if (population.consumerMode[c] !== MODE.imagePullSecret) continue;
      if (!answered || c > from) manager.get(population.consumerEntry[c], done);
      if (manager.content === PENDING) {
        waitFor(this.parts, PULL_SECRET_READ, pod, c, epoch, done);
        return;
      }
      done = manager.doneAt;
    }
    if (epoch !== pods.epoch[pod]) return;
    world.sim.schedule(workers.following(pod, done + workers.syncDuration), EVENT.SYNC, pod, epoch);
  }

  /** Something has happened to the pod: it syncs now, and its timer starts anew. */
  resync(pod: number, cause: number): void {
    const { world, pods, workers, volumes } = this.parts;
    if (!pods.isRunning(pod) || pods.isDown(pod)) return;
    const { sim, population, input } = world;
    const walks = this.plans.walks(pod);
    if (walks) this.plans.nextRead(pod, sim.now);
    const start = workers.syncStart[pod];
    const read = start < sim.now ? volumes.readTime(population.podNode[pod], start) : -Infinity;
    if (read >= sim.now) {
      this.overtake(pod, start);
      if (walks && !this.plans.isPlannedAt(pod, read)) sim.schedule(read, EVENT.READ, pod, pods.epoch[pod]);
    }
    pods.nextEpoch(pod);
    if (cause === RESYNC_CAUSE.POD_UPDATE && input.behaviours.cacheInvalidation === 'podEvent') this.dropCaches(pod);
    this.begin(pod);
  }

  /** A pod's token is to be refreshed: its next read matters. */
  tokenDue(pod: number): void {
    const { pods, world } = this.parts;
    if (this.plans.walks(pod) && pods.isRunning(pod) && !pods.isDown(pod)) this.plans.plan(pod, world.sim.now);
  }

  /** The volumes of a pod are read. */
  read(pod: number, epoch: number): void {
    const { world, pods, workers, volumes, manager } = this.parts;
    if (epoch !== pods.epoch[pod]) {
      const start = this.overtakenRead(pod);
      if (start !== undefined && !this.reconciler.refresh(pod, start)) this.readsAgain(pod);
      return;
    }
    // The syncs of a pod that does not run yet are no clock's: each of them reads what is mounted already.
    if (!pods.isRunning(pod)) {
      this.reconciler.refresh(pod, workers.syncStart[pod]);
      return;
    }
    const { sim } = world;
    const walks = this.plans.walks(pod);
    if (walks && !this.plans.take(pod)) return;
    const complete = this.reconciler.refresh(pod, workers.syncStart[pod]);
    const listed = manager.readsCount ? -Infinity : this.touchPullSecrets(pod);
    if (walks) {
      this.plans.follow(pod);
      if (listed > sim.now) this.plans.plan(pod, listed);
      if (!complete) this.readsAgain(pod);
    } else if (pods.beginsMatter[pod] === 0) {
      workers.syncStart[pod] = workers.following(pod, workers.syncStart[pod] + workers.syncDuration);
      sim.schedule(volumes.readTime(world.population.podNode[pod], workers.syncStart[pod]), EVENT.READ, pod, epoch);
    }
  }

  /** Voids what is pending of a pod's clock. */
  voidClock(pod: number): void {
    this.parts.pods.nextEpoch(pod);
    this.inFlight.delete(pod);
    this.plans.forget(pod);
  }

  /** Draws the interval that an instant cuts short, as it has been drawn where the clock is not walked. */
  drawInterval(pod: number): void {
    const { pods, world } = this.parts;
    if (this.plans.walks(pod) && pods.isRunning(pod)) this.plans.nextRead(pod, world.sim.now);
  }

  /** Drops what the Cache strategy has of a pod's objects. */
  dropCaches(pod: number): void {
    const { world, manager } = this.parts;
    const { population, sim } = world;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      manager.invalidate(population.consumerEntry[c], sim.now);
    }
  }

  /**
   * Reads a pod's imagePullSecrets from their local copies; the effect is to stop the reflectors of immutable ones.
   * Returns when the last of them is listed that was not listed in time for this read; −Infinity: all were.
   */
  private touchPullSecrets(pod: number): number {
    const { world, manager } = this.parts;
    const { population, sim } = world;
    let listed = -Infinity;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      if (population.consumerMode[c] !== MODE.imagePullSecret) continue;
      const entry = population.consumerEntry[c];
      manager.get(entry, sim.now);
      if (manager.content === FAILED) listed = Math.max(listed, manager.listedAt(entry));
    }
    return listed;
  }

  /** A read found a volume under way and left it out: the pod's next read may find what this one would have. */
  private readsAgain(pod: number): void {
    const { pods, world } = this.parts;
    if (pods.isRunning(pod) && this.plans.walks(pod)) this.plans.plan(pod, world.sim.now + 1);
  }

  /** A sync's read is still to come although the clock starts anew. */
  private overtake(pod: number, start: number): void {
    this.inFlight.set(pod, [...(this.inFlight.get(pod) ?? []), start]);
  }

  /** Start of the overtaken sync that reads now, once. */
  private overtakenRead(pod: number): number | undefined {
    const { world, volumes } = this.parts;
    const starts = this.inFlight.get(pod);
    const node = world.population.podNode[pod];
    const found = starts?.find((start) => volumes.readTime(node, start) === world.sim.now);
    if (starts === undefined || found === undefined) return undefined;
    const rest = starts.filter((start) => start !== found);
    if (rest.length > 0) this.inFlight.set(pod, rest);
    else this.inFlight.delete(pod);
    return found;
  }

  private scheduleNext(pod: number): void {
    const { world, pods, workers, volumes } = this.parts;
    const start = workers.syncStart[pod];
    if (pods.beginsMatter[pod] === 1) world.sim.schedule(start, EVENT.SYNC, pod, pods.epoch[pod]);
    else world.sim.schedule(volumes.readTime(world.population.podNode[pod], start), EVENT.READ, pod, pods.epoch[pod]);
  }
}
