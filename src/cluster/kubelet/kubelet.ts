import type { EventHandler } from '../../sim/simulator.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../model/costs.js';
import {
  ADD,
  COMMIT,
  CREATE,
  DELIVER,
  ENDED,
  IDLE,
  IS_RUNNING,
  KUBELET_RESTARTS,
  MOUNT_TIMEOUT,
  PLEG_EVENT,
  POD_UPDATE,
  READ,
  START,
  STATUS,
  STOPS,
  SYNC,
  TOKEN_DUE,
  RESYNC,
  VOLUME,
} from '../model/events.js';
import { CacheLookahead } from './lookahead/cache.js';
import type { Lookahead } from './lookahead/lookahead.js';
import { GetLookahead } from './lookahead/get.js';
import { KubeletLifecycle } from './lifecycle.js';
import type { KubeletParts } from './parts.js';
import { CONSUMPTION_MODES } from '../model/model-input.js';
import { NodeClocks } from './node-clocks.js';
import { PodReferences } from './pod-references.js';
import { PodStarts } from './pod-start.js';
import { PULL_SECRET_READ } from './reads.js';
import { Reconciler } from './reconciler.js';
import { RUNNING, STOPPED_IDLE, STOPPED_IMMUTABLE } from '../client-go/reflector.js';
import { CacheManager } from './secret-manager/cache.js';
import { GetManager } from './secret-manager/get.js';
import { FAILED, PENDING } from './secret-manager/manager.js';
import { WatchManager } from './secret-manager/watch.js';
import { SyncPlans } from './sync-plans.js';
import { READS } from '../population/population.js';
import { WaitingReads } from './waiting-reads.js';

const IMAGE_PULL_SECRET = CONSUMPTION_MODES.indexOf('imagePullSecret');

/**
 * The kubelets of the cluster (`pkg/kubelet/kubelet.go`): pods sync, read their volumes through the
 * object manager, and show new content.
 *
 * Under Watch a sync that finds nothing new has no effect, so a pod's clock is walked on demand and
 * only the reads that matter are events (`lazy`). Under Cache and Get a read is a request or moves the
 * shared entry's TTL, so every read is an event.
 */
export class Kubelet implements EventHandler {
  readonly phase: Uint8Array;
  /** Counts the clock's restarts of each pod: events of an earlier epoch are outdated. */
  readonly epoch: Uint16Array;
  readonly reconciler: Reconciler;
  readonly plans: SyncPlans;
  private readonly watches: boolean;
  /** Kind and entity of the event that is handled now. */
  private kind = 0;
  private entity = 0;
  /** Reads still to come of syncs that a restart of the clock overtook: pod → starts of the syncs. */
  private readonly inFlight = new Map<number, number[]>();
  /** 1 for pods whose sync has effects when it begins: it drops caches or reads imagePullSecrets. */
  private readonly beginsMatter: Uint8Array;
  readonly starts: PodStarts;
  readonly lifecycle: KubeletLifecycle;
  /** null where every answer is known at once. */
  readonly waiting: WaitingReads | null;
  private readonly perSync: boolean;
  /** null where pods neither come nor go. */
  readonly references: PodReferences | null;
  /** Told of pods that have started, and when. */
  running: ((pod: number, at: number) => void) | null = null;

  constructor(
    readonly parts: KubeletParts,
    eager: boolean,
  ) {
    const { population, input } = parts;
    this.phase = new Uint8Array(population.podCount);
    this.reconciler = new Reconciler(parts, this.phase, (head, doneAt) => this.starts.volumeMounted(head, doneAt));
    this.epoch = new Uint16Array(population.podCount);
    const watches = input.kubelet.strategy === 'Watch';
    this.watches = watches;
    this.perSync = input.kubelet.strategy === 'Cache' && input.behaviours.cacheInvalidation === 'everySync';
    this.beginsMatter = new Uint8Array(population.podCount);
    if (!watches) {
      this.beginsMatter.fill(this.perSync ? 1 : 0);
      for (let c = 0; c < population.consumerCount; c++) {
        if (population.consumerMode[c] === IMAGE_PULL_SECRET) this.beginsMatter[population.consumerPod[c]] = 1;
      }
    }
    if (input.behaviours.cacheInvalidation === 'podEvent') {
      parts.statuses.onBack = (pod) => {
        if (this.phase[pod] !== ENDED) this.invalidateReferences(pod);
      };
    }
    // Under Cache and Get a request that has to be waited for delays other reads, so that every sync counts.
    const lazy = !eager && (watches || (!this.perSync && parts.reads === null));
    this.plans = new SyncPlans(this, lazy, lazy ? this.lookaheadOf() : null);
    this.references = parts.reads === null ? null : new PodReferences(population, parts.manager, parts.sim);
    this.starts = new PodStarts(this);
    this.lifecycle = new KubeletLifecycle(this);
    this.waiting = parts.reads === null ? null : new WaitingReads(this, parts.reads);
  }

  /**
   * The first time at which a pod's read can see what the present event has changed: reads of this instant go pod by
   * pod, and before events of later kinds.
   */
  readonly readsFrom = (pod: number): number => {
    const past = this.kind > READ || (this.kind === READ && pod <= this.entity);
    return past ? this.parts.sim.now + 1 : this.parts.sim.now;
  };

  handle(kind: number, entity: number, argument: number): void {
    this.kind = kind;
    this.entity = entity;
    switch (kind) {
      case COMMIT:
        this.committed(entity, argument);
        return;
      case DELIVER:
        this.delivered(entity, argument);
        return;
      case RESYNC:
        this.touched(entity, argument);
        return;
      case SYNC:
        this.syncBegins(entity, argument);
        return;
      case READ:
        this.read(entity, argument);
        return;
      case VOLUME:
        if (!this.lifecycle.isDown(this.parts.population.consumerPod[entity])) this.reconciler.due(entity, argument);
        return;
      case ADD:
        this.starts.add(entity);
        return;
      case START:
        this.starts.sync(entity, argument);
        return;
      case CREATE:
        this.starts.create(entity, argument);
        return;
      case MOUNT_TIMEOUT:
        this.starts.mountTimeout(entity, argument);
        return;
      case STATUS:
        if (!this.lifecycle.isDown(entity)) this.parts.statuses.handle(entity, argument);
        return;
      case TOKEN_DUE:
        this.tokenDue(entity);
        return;
      case KUBELET_RESTARTS:
        if (argument === STOPS) this.lifecycle.stops(entity);
        else this.lifecycle.starts(entity);
        return;
      case IDLE:
        this.sweepIdle(entity);
        return;
      default:
        throw new RangeError(`unknown event kind ${kind}`);
    }
  }

  /** What is known of reads before, under the strategies where they are requests. */
  private lookaheadOf(): Lookahead | null {
    const { population, input, etcd, latencies, workers, volumes, tally, manager } = this.parts;
    const { shown } = this.reconciler;
    const clocks = new NodeClocks(workers, volumes);
    if (manager instanceof WatchManager) {
      manager.unsettled = (entry) => {
        this.plans.planReads(entry, this.readsFrom);
      };
    }
    if (manager instanceof GetManager)
      return new GetLookahead(population, input, etcd, latencies, clocks, tally, shown);
    if (!(manager instanceof CacheManager)) return null;
    manager.changed = (entry) => {
      this.plans.planReads(entry, this.readsFrom);
    };
    const matters = (pod: number): boolean => this.syncMatters(pod);
    const plan = (pod: number, time: number): void => {
      this.plans.plan(pod, time);
    };
    const counts = new CacheLookahead(population, input, etcd, latencies, clocks, tally, manager, shown, matters, plan);
    manager.fetched = (entry, answeredAt) => {
      if (!counts.isAhead(entry)) this.plans.planReadsBefore(entry, answeredAt, this.readsFrom);
    };
    return counts;
  }

  /** A pod has been running for long: its files show the content of the start, its clock is stationary. */
  runsForLong(pod: number): void {
    const { population, workers, sim, input } = this.parts;
    this.phase[pod] = IS_RUNNING;
    this.parts.statuses.isKnownToRun(pod);
    this.references?.add(pod, this.phase[pod] === IS_RUNNING);
    this.parts.tokens?.startStationary(pod, sim.now);
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      this.reconciler.shown[c] = population.objectExists[population.consumerObject[c]];
    }
    workers.syncStart[pod] = workers.stationary(pod, sim.now);
    // Get keeps nothing, so its reads before the warm-up leave no trace.
    if (input.kubelet.strategy === 'Get') this.plans.nextRead(pod, -input.warmupUs);
  }

  /** All of the node is in operation: plans the first sync of a pod that has been running. */
  plansFirst(pod: number): void {
    if (this.phase[pod] !== IS_RUNNING) return;
    if (this.plans.walks(pod)) this.plans.begin(pod);
    else this.scheduleNextSync(pod);
  }

  /** True for pods whose sync has effects when it begins: it drops caches or reads imagePullSecrets. */
  syncMatters(pod: number): boolean {
    return this.beginsMatter[pod] === 1;
  }

  /** True where the kubelet knows the object as immutable and will not see a new one of that name. */
  readsOnce(entry: number): boolean {
    return this.parts.reflectors !== null && this.parts.reflectors.state[entry] === STOPPED_IMMUTABLE;
  }

  /**
   * A pod has started: its timer runs from `end`, the end of the sync that started it. `rereads`: that
   * sync began with volumes already mounted, so they are still to be read again.
   */
  runs(pod: number, end: number, rereads: boolean): void {
    const { workers } = this.parts;
    this.phase[pod] = IS_RUNNING;
    if (rereads) this.overtake(pod, workers.syncStart[pod]);
    this.nextEpoch(pod);
    workers.syncStart[pod] = workers.following(pod, end);
    if (!this.plans.walks(pod)) this.scheduleNextSync(pod);
    else if (!this.watches) this.plans.begin(pod);
    this.running?.(pod, end);
  }

  /** Begins a sync of a running pod now, whatever its timer says, and restarts the timer. */
  beginSync(pod: number): void {
    const { sim, workers, population, volumes } = this.parts;
    const now = sim.now;
    workers.syncStart[pod] = now;
    if (this.beginsMatter[pod] === 1) {
      this.syncBegins(pod, this.epoch[pod]);
      return;
    }
    const read = volumes.readTime(population.podNode[pod], now);
    if (this.plans.lazy) this.plans.beginSync(pod, read);
    sim.schedule(read, READ, pod, this.epoch[pod]);
  }

  /**
   * Reads a pod's imagePullSecrets from their local copies; the effect is to stop the reflectors of immutable ones.
   * Returns when the last of them is listed that was not listed in time for this read; −Infinity: all were.
   */
  private touchPullSecrets(pod: number): number {
    const { population, manager, sim, reflectors } = this.parts;
    let listed = -Infinity;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      if (population.consumerMode[c] !== IMAGE_PULL_SECRET) continue;
      const entry = population.consumerEntry[c];
      manager.get(entry, sim.now);
      if (manager.content === FAILED && reflectors !== null) listed = Math.max(listed, reflectors.syncedAt[entry]);
    }
    return listed;
  }

  /** When the kubelet learned of a pod; −Infinity: long ago. */
  knownAt(pod: number): number {
    return this.starts.toldAt[pod];
  }

  /** Voids what is pending of a pod's clock. */
  voidClock(pod: number): void {
    this.nextEpoch(pod);
    this.inFlight.delete(pod);
    this.plans.forget(pod);
  }

  /** Draws the interval that an instant cuts short, as it has been drawn where the clock is not walked. */
  drawInterval(pod: number): void {
    if (this.plans.walks(pod) && this.phase[pod] === IS_RUNNING) this.plans.nextRead(pod, this.parts.sim.now);
  }

  /** Drops what the Cache strategy has of a pod's objects. */
  invalidateReferences(pod: number): void {
    const { population, manager, sim } = this.parts;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      manager.invalidate(population.consumerEntry[c], sim.now);
    }
  }

  private committed(entry: number, revision: number): void {
    const { sim, latencies, reflectors } = this.parts;
    this.becomeDue(entry, revision);
    if (reflectors?.state[entry] === RUNNING)
      sim.schedule(latencies.deliveredAt(entry, revision), DELIVER, entry, revision);
  }

  /** The consumers of an entry in running pods become due for the update that a revision is. */
  becomeDue(entry: number, revision: number): void {
    const { population, etcd, ledger } = this.parts;
    const update = etcd.update[revision];
    if (update >= 0) {
      const blind = this.readsOnce(entry);
      for (let i = population.entryConsumerStart[entry]; i < population.entryConsumerStart[entry + 1]; i++) {
        const consumer = population.entryConsumers[i];
        if (this.phase[population.consumerPod[consumer]] !== IS_RUNNING) continue;
        ledger.becomesDue(consumer, update, blind);
        this.reconciler.commits(consumer, revision);
      }
    }
  }

  private delivered(entry: number, revision: number): void {
    const { sim, reflectors, manager, population, latencies, load } = this.parts;
    if (reflectors?.state[entry] !== RUNNING || !(manager instanceof WatchManager)) return;
    const arrival = reflectors.arrival(entry, sim.now);
    if (arrival > sim.now) {
      sim.schedule(arrival, DELIVER, entry, revision);
      return;
    }
    if (!manager.deliver(entry, revision, sim.now)) return;
    const bytes = population.objectSize[population.entryObject[entry]] + OBJECT_OVERHEAD_BYTES;
    load.event(
      latencies.serverOf[population.entryNode[entry]],
      sim.now,
      bytes,
      cpuNs(this.parts.input.apiServer.costs.event, bytes),
    );
    this.changed(entry);
  }

  /** An event has arrived at a reflector. */
  received(entry: number, revision: number): void {
    const { reflectors, manager, sim } = this.parts;
    if (reflectors?.state[entry] !== RUNNING || !(manager instanceof WatchManager)) return;
    if (manager.deliver(entry, revision, sim.now)) this.changed(entry);
  }

  /** The local copy of an entry has changed. */
  changed(entry: number): void {
    if (this.parts.input.kubelet.whatIf.syncOnWatchEvent) this.syncReaders(entry);
    else if (this.plans.lazy) this.plans.planReads(entry, () => this.parts.sim.now);
  }

  /** Syncs every running pod that reads the entry at its syncs now (a what-if). */
  private syncReaders(entry: number): void {
    const { population, sim } = this.parts;
    let last = -1;
    for (let i = population.entryConsumerStart[entry]; i < population.entryConsumerStart[entry + 1]; i++) {
      const consumer = population.entryConsumers[i];
      const pod = population.consumerPod[consumer];
      if (pod === last || (population.consumerFlags[consumer] & READS) === 0 || this.phase[pod] !== IS_RUNNING)
        continue;
      last = pod;
      sim.schedule(sim.now, RESYNC, pod, PLEG_EVENT);
    }
  }

  private touched(pod: number, cause: number): void {
    if (this.phase[pod] !== IS_RUNNING || this.lifecycle.isDown(pod)) return;
    const { sim, workers, volumes, population, input } = this.parts;
    const walks = this.plans.walks(pod);
    if (walks) this.plans.nextRead(pod, sim.now);
    const start = workers.syncStart[pod];
    const read = start < sim.now ? volumes.readTime(population.podNode[pod], start) : -Infinity;
    if (read >= sim.now) {
      this.overtake(pod, start);
      if (walks && !this.plans.isPlannedAt(pod, read)) sim.schedule(read, READ, pod, this.epoch[pod]);
    }
    this.nextEpoch(pod);
    if (cause === POD_UPDATE && input.behaviours.cacheInvalidation === 'podEvent') this.invalidateReferences(pod);
    this.beginSync(pod);
  }

  /** Outdates the events of the pod's clock that are still pending. */
  private nextEpoch(pod: number): void {
    this.epoch[pod] = (this.epoch[pod] + 1) & 0xffff;
  }

  private syncBegins(pod: number, epoch: number): void {
    if (epoch !== this.epoch[pod]) return;
    const { sim, workers, volumes, population } = this.parts;
    const now = sim.now;
    workers.syncStart[pod] = now;
    if (this.perSync) this.invalidateReferences(pod);
    sim.schedule(volumes.readTime(population.podNode[pod], now), READ, pod, epoch);
    this.proceedSync(pod, population.podConsumerStart[pod], epoch, now, false);
  }

  /** Reads a sync's imagePullSecrets from a consumer on; then the sync ends, and its successor is due. */
  proceedSync(pod: number, from: number, epoch: number, at: number, answered: boolean): void {
    const { population, manager, sim, workers } = this.parts;
    let done = at;
    for (let c = from; c < population.podConsumerStart[pod + 1]; c++) {
      if (population.consumerMode[c] !== IMAGE_PULL_SECRET) continue;
      if (!answered || c > from) manager.get(population.consumerEntry[c], done);
      if (manager.content === PENDING) {
        this.waiting?.open(PULL_SECRET_READ, pod, c, epoch, done);
        return;
      }
      done = manager.doneAt;
    }
    if (epoch === this.epoch[pod]) sim.schedule(workers.following(pod, done + workers.syncDuration), SYNC, pod, epoch);
  }

  /** A pod's token is to be refreshed: its next read matters. */
  private tokenDue(pod: number): void {
    if (this.plans.walks(pod) && this.phase[pod] === IS_RUNNING && !this.lifecycle.isDown(pod))
      this.plans.plan(pod, this.parts.sim.now);
  }

  private read(pod: number, epoch: number): void {
    const { workers, population, sim } = this.parts;
    if (epoch !== this.epoch[pod]) {
      const start = this.overtakenRead(pod);
      if (start !== undefined && !this.reconciler.refresh(pod, start)) this.readsAgain(pod);
      return;
    }
    // The syncs of a pod that does not run yet are no clock's: each of them reads what is mounted already.
    if (this.phase[pod] !== IS_RUNNING) {
      this.reconciler.refresh(pod, workers.syncStart[pod]);
      return;
    }
    const walks = this.plans.walks(pod);
    if (walks && !this.plans.take(pod)) return;
    const complete = this.reconciler.refresh(pod, workers.syncStart[pod]);
    const listed = this.watches ? this.touchPullSecrets(pod) : -Infinity;
    if (walks) {
      this.plans.follow(pod);
      if (listed > sim.now) this.plans.plan(pod, listed);
      if (!complete) this.readsAgain(pod);
    } else if (this.beginsMatter[pod] === 0) {
      workers.syncStart[pod] = workers.following(pod, workers.syncStart[pod] + workers.syncDuration);
      sim.schedule(this.parts.volumes.readTime(population.podNode[pod], workers.syncStart[pod]), READ, pod, epoch);
    }
  }

  /** A read found a volume under way and left it out: the pod's next read may find what this one would have. */
  private readsAgain(pod: number): void {
    if (this.phase[pod] === IS_RUNNING && this.plans.walks(pod)) this.plans.plan(pod, this.parts.sim.now + 1);
  }

  /** A sync's read is still to come although the clock starts anew. */
  private overtake(pod: number, start: number): void {
    this.inFlight.set(pod, [...(this.inFlight.get(pod) ?? []), start]);
  }

  /** Start of the overtaken sync that reads now, once. */
  private overtakenRead(pod: number): number | undefined {
    const { sim, volumes, population } = this.parts;
    const starts = this.inFlight.get(pod);
    const found = starts?.find((start) => volumes.readTime(population.podNode[pod], start) === sim.now);
    if (starts === undefined || found === undefined) return undefined;
    const rest = starts.filter((start) => start !== found);
    if (rest.length > 0) this.inFlight.set(pod, rest);
    else this.inFlight.delete(pod);
    return found;
  }

  private scheduleNextSync(pod: number): void {
    const { sim, workers, volumes, population } = this.parts;
    const start = workers.syncStart[pod];
    if (this.beginsMatter[pod] === 1) sim.schedule(start, SYNC, pod, this.epoch[pod]);
    else sim.schedule(volumes.readTime(population.podNode[pod], start), READ, pod, this.epoch[pod]);
  }

  /** Stops the reflector of an object that nobody has read for `maxIdle`. */
  private sweepIdle(entry: number): void {
    const { reflectors, sim } = this.parts;
    if (reflectors?.state[entry] === RUNNING && this.starts.isIdle(entry, sim.now)) {
      reflectors.stop(entry, sim.now, STOPPED_IDLE);
    }
  }
}
