import type { EventHandler } from '../../sim/simulator.js';
import { EVENT, KUBELET_RESTART, RESYNC_CAUSE } from '../model/events.js';
import { MODE } from '../model/kinds.js';
import { READS } from '../population/population.js';
import { shapeFacts } from '../population/shape-facts.js';
import type { World } from '../world/world.js';
import { KubeletLifecycle } from './lifecycle.js';
import { NodeClocks } from './node-clocks.js';
import type { KubeletParts } from './parts.js';
import type { References } from './pod-references.js';
import { PodStarts } from './pod-start.js';
import { PodSyncs } from './pod-syncs.js';
import { POD_PHASE, PodTable } from './pod-table.js';
import { PodWorkers } from './pod-workers.js';
import type { Reads } from './reads.js';
import { Reconciler } from './reconciler.js';
import type { EntryListener } from './secret-manager/manager.js';
import type { Managed } from './secret-manager/strategy.js';
import { StatusManager } from './status-manager.js';
import { SyncPlans } from './sync-plans.js';
import type { Tokens } from './token-manager.js';
import { VolumeManager } from './volume-manager.js';
import { WaitingReads } from './waiting-reads.js';

/** What is around the kubelets, and differs between those that meet at the API servers and those that do not. */
export interface Surroundings extends Managed {
  readonly coupled: boolean;
  readonly reads: Reads;
  readonly tokens: Tokens;
  readonly references: References;
  /** True where an event that arrives starts a sync of the pods that read its object. */
  readonly syncsOnEvents: boolean;
  /** Told of pods that have started, and when. */
  readonly running: (pod: number, at: number) => void;
  /** True for a running pod that holds its place; another may be there beside it, on its way out. */
  readonly isCurrent: (pod: number) => boolean;
  /** Told of pods of which the API servers now know that they run. */
  readonly knownToRun: (pod: number) => void;
}

/** How a kubelet's managers reach it; `kubelet` is asked when something happens. */
export function entriesOf(kubelet: () => Kubelet): EntryListener {
  return {
    changed: (entry) => kubelet().changed(entry),
    unsettled: (entry) => kubelet().unsettled(entry),
    fetched: (entry, answeredAt) => kubelet().fetched(entry, answeredAt),
    resume: (read) => kubelet().waiting.resume(read),
  };
}

/**
 * The kubelets of the cluster (`pkg/kubelet/kubelet.go`): pods sync, read their volumes through the object manager, and
 * show new content. Events come in here and go to the part that they are for.
 */
export class Kubelet implements EventHandler {
  readonly parts: KubeletParts;
  readonly reconciler: Reconciler;
  readonly plans: SyncPlans;
  readonly syncs: PodSyncs;
  readonly starts: PodStarts;
  readonly lifecycle: KubeletLifecycle;
  readonly waiting: WaitingReads;
  private readonly syncsOnEvents: boolean;
  private readonly isCurrent: (pod: number) => boolean;
  /** True where all objects are there at the start. */
  private readonly allExist: boolean;
  /** Kind and entity of the event that is handled now. */
  private kind = 0;
  private entity = 0;

  /** `horizon`: when the simulation ends at the latest, µs. `eager`: every sync is an event. */
  constructor(
    private readonly world: World,
    surroundings: Surroundings,
    horizon: number,
    eager: boolean,
  ) {
    const { coupled, manager, reads, tokens, references, running, knownToRun } = surroundings;
    const { input, population, random } = world;
    const workers = new PodWorkers(population, input.kubelet, random, world);
    const volumes = new VolumeManager(population, input.kubelet, random, world.batch);
    const pods = new PodTable(population, world.memory);
    this.parts = {
      world,
      pods,
      workers,
      volumes,
      clocks: new NodeClocks(workers, volumes, world.batch),
      statuses: new StatusManager(world, { statusBack: (pod) => this.statusBack(pod), knownToRun }),
      manager,
      reads,
      tokens,
      references,
      coupled,
    };
    this.syncsOnEvents = surroundings.syncsOnEvents;
    this.isCurrent = surroundings.isCurrent;
    this.allExist = shapeFacts(population).allExist;
    this.findSyncsThatMatter();
    this.reconciler = new Reconciler(this.parts, (head, doneAt) => this.starts.volumeMounted(head, doneAt));
    const lazy = !eager && manager.foreseesReads;
    this.plans = new SyncPlans(this.parts, this.reconciler, lazy, lazy ? this.lookahead(surroundings) : null, horizon);
    this.syncs = new PodSyncs(this.parts, this.reconciler, this.plans);
    this.starts = new PodStarts(this.parts, this.reconciler, this.syncs, running);
    this.lifecycle = new KubeletLifecycle(this.parts, this.reconciler, this.syncs, this.starts);
    this.waiting = new WaitingReads(this.parts, this.reconciler, this.syncs, this.starts);
  }

  handle(kind: number, entity: number, argument: number): void {
    this.kind = kind;
    this.entity = entity;
    const { syncs, starts } = this;
    const { manager, pods, statuses } = this.parts;
    switch (kind) {
      case EVENT.COMMIT:
        this.becomeDue(entity, argument);
        manager.committed(entity, argument);
        this.plans.committed(entity, argument);
        return;
      case EVENT.DELIVER:
        manager.delivered(entity, argument);
        return;
      case EVENT.RESYNC:
        syncs.resync(entity, argument);
        return;
      case EVENT.SYNC:
        syncs.begins(entity, argument);
        return;
      case EVENT.READ:
        syncs.read(entity, argument);
        return;
      case EVENT.VOLUME:
        if (!pods.isDown(this.world.population.consumerPod[entity])) this.reconciler.due(entity, argument);
        return;
      case EVENT.ADD:
        starts.add(entity);
        return;
      case EVENT.START:
        starts.sync(entity, argument);
        return;
      case EVENT.CREATE:
        starts.create(entity, argument);
        return;
      case EVENT.MOUNT_TIMEOUT:
        starts.mountTimeout(entity, argument);
        return;
      case EVENT.STATUS:
        if (!pods.isDown(entity)) statuses.handle(entity, argument);
        return;
      case EVENT.TOKEN_DUE:
        syncs.tokenDue(entity);
        return;
      case EVENT.CERTIFICATE:
      case EVENT.REPUBLISH:
        manager.timerDue(entity, argument);
        return;
      case EVENT.KUBELET_RESTARTS:
        if (argument === KUBELET_RESTART.STOPS) this.lifecycle.stops(entity);
        else this.lifecycle.returns(entity);
        return;
      case EVENT.POD_TERMINATES:
        this.lifecycle.podTerminates(entity);
        return;
      case EVENT.IDLE:
        starts.idle.sweep(entity, argument);
        return;
      default:
        throw new RangeError(`unknown event kind ${kind}`);
    }
  }

  /**
   * Pods of a node, from `first` to `last` (exclusive), have been running for long: their files show the content of the
   * start, their clocks are stationary.
   */
  runForLong(first: number, last: number): void {
    const { pods, statuses, coupled } = this.parts;
    const { podConsumerStart, consumerObject, objectExists } = this.world.population;
    const { shown } = this.reconciler;
    const [consumer, end] = [podConsumerStart[first], podConsumerStart[last]];
    pods.phase.fill(POD_PHASE.RUNNING, first, last);
    statuses.areKnownToRun(first, last);
    if (coupled) for (let pod = first; pod < last; pod++) this.holdsObjects(pod);
    if (this.allExist) shown.fill(1, consumer, end);
    else for (let c = consumer; c < end; c++) shown[c] = objectExists[consumerObject[c]];
    this.syncs.runForLong(first, last);
  }

  /** What a pod has that has been running for long, where somebody asks for it: references, a token, its image. */
  private holdsObjects(pod: number): void {
    const { references, tokens, world } = this.parts;
    references.add(pod, true);
    tokens.startStationary(pod, world.sim.now);
    this.starts.pulled.runsForLong(pod);
  }

  /** When the kubelet learned of a pod; −Infinity: long ago. */
  knownAt(pod: number): number {
    return this.starts.toldAt[pod];
  }

  /** The consumers of an entry in running pods become due for the update that a revision is. */
  becomeDue(entry: number, revision: number): void {
    const { pods, manager, coupled } = this.parts;
    const { population, etcd, ledger } = this.world;
    const { entryConsumerStart, entryConsumers, consumerPod } = population;
    const { shown } = this.reconciler;
    const update = etcd.update[revision];
    if (update < 0) return;
    const blind = manager.readsOnce(entry);
    const content = etcd.content[revision];
    const end = entryConsumerStart[entry + 1];
    for (let i = entryConsumerStart[entry]; i < end; i++) {
      const consumer = entryConsumers[i];
      const pod = consumerPod[consumer];
      if (!pods.hasContainers(pod)) continue;
      ledger.becomesDue(consumer, update, blind, !coupled || this.isCurrent(pod));
      if (shown[consumer] >= content) this.reconciler.commits(consumer, revision);
    }
  }

  /** The local copy of an entry has changed. */
  changed(entry: number): void {
    if (this.syncsOnEvents) this.syncReaders(entry);
    else if (this.plans.lazy) this.plans.planReads(entry, this.now);
  }

  /** A read of the entry may find something else than the one before, or wait, from now on. */
  unsettled(entry: number): void {
    if (this.plans.lazy) this.plans.planReads(entry, this.readsFrom);
  }

  /** The entry has been fetched, and is answered at a time. */
  fetched(entry: number, answeredAt: number): void {
    this.plans.fetched(entry, answeredAt, this.readsFrom);
  }

  /**
   * The first time at which a pod's read can see what the present event has changed: reads of this instant go pod by
   * pod, and before events of later kinds.
   */
  private readonly readsFrom = (pod: number): number => {
    const past = this.kind > EVENT.READ || (this.kind === EVENT.READ && pod <= this.entity);
    return past ? this.world.sim.now + 1 : this.world.sim.now;
  };

  private readonly now = (): number => this.world.sim.now;

  private findSyncsThatMatter(): void {
    const { pods, manager } = this.parts;
    const { consumerCount, consumerMode, consumerPod } = this.world.population;
    if (!manager.readsCount) return;
    pods.beginsMatter.fill(manager.dropsAtSyncs ? 1 : 0);
    for (let c = 0; c < consumerCount; c++) {
      if (consumerMode[c] === MODE.imagePullSecret) pods.beginsMatter[consumerPod[c]] = 1;
    }
  }

  private lookahead(managed: Managed): ReturnType<Managed['lookahead']> {
    const { world, clocks, pods } = this.parts;
    return managed.lookahead({
      world,
      clocks,
      shown: this.reconciler.shown,
      matters: (pod) => pods.beginsMatter[pod] === 1,
      plan: (pod, time) => this.plans.plan(pod, time),
      carryOut: (read) => this.plans.carryOut(read),
    });
  }

  /** Syncs every running pod that reads the entry at its syncs now. */
  private syncReaders(entry: number): void {
    const { population, sim } = this.world;
    let last = -1;
    for (let i = population.entryConsumerStart[entry]; i < population.entryConsumerStart[entry + 1]; i++) {
      const consumer = population.entryConsumers[i];
      const pod = population.consumerPod[consumer];
      const reads = (population.consumerFlags[consumer] & READS) !== 0;
      if (pod === last || !reads || !this.parts.pods.isRunning(pod)) continue;
      last = pod;
      sim.schedule(sim.now, EVENT.RESYNC, pod, RESYNC_CAUSE.PLEG_EVENT);
    }
  }

  /** A patched status comes back by the pod watch: up to 1.21 that is an update of the pod, which drops its objects. */
  private statusBack(pod: number): void {
    if (this.world.input.behaviours.cacheInvalidation !== 'podEvent') return;
    if (!this.parts.pods.hasEnded(pod)) this.syncs.dropCaches(pod);
  }
}
