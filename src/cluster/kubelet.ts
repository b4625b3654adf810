import type { EventHandler, Simulator } from '../sim/simulator.js';
import type { ApiServers } from './api-server.js';
import { eventCpuNs, OBJECT_OVERHEAD_BYTES } from './costs.js';
import type { Etcd } from './etcd.js';
import type { Load } from './load.js';
import { CONSUMPTION_MODES, type ModelInput } from './model-input.js';
import { PodStarts } from './pod-start.js';
import type { PodWorkers } from './pod-workers.js';
import type { Randomness } from './randomness.js';
import { type Reflectors, RUNNING, STOPPED_IDLE, STOPPED_IMMUTABLE } from './reflector.js';
import { FAILED, NOT_FOUND, type ObjectManager } from './secret-manager/manager.js';
import { WatchManager } from './secret-manager/watch.js';
import { CONTINUES, HEAD, OPTIONAL, READS, type Topology } from './topology.js';
import type { UpdateLedger } from './update-ledger.js';
import type { VolumeManager } from './volume-manager.js';

/** Kinds of event; at one instant a smaller kind goes first. */
export const COMMIT = 0; // (entry, revision): a write of the entry's object is committed
export const DELIVER = 1; // (entry, revision): its event reaches the kubelet
export const TOUCH = 2; // (pod, POD_UPDATE or PLEG_EVENT): sync now, and restart the timer
export const SYNC = 3; // (pod, epoch): a sync begins; only where its beginning has effects
export const READ = 4; // (pod, epoch): the volumes of a pod are read
export const VOLUME = 5; // (consumer, failures): one volume is set up, first or again
export const ADD = 6; // (pod): the kubelet learns of the pod
export const START = 7; // (pod, epoch): a sync of a pod that does not run yet begins
export const CREATE = 8; // (pod, epoch): its containers are created
export const MOUNT_TIMEOUT = 9; // (pod, epoch): WaitForAttachAndMount gives up
export const ECHO = 10; // (pod): a status update of the pod comes back from the API server
export const IDLE = 11; // (entry): sweep for watches that nobody read
export const EVENT_KINDS = 12;

/** Arguments of TOUCH. */
export const POD_UPDATE = 0;
export const PLEG_EVENT = 1;

/** Phases of a pod. */
export const STARTING = 0;
export const IS_RUNNING = 1;

const IMAGE_PULL_SECRET = CONSUMPTION_MODES.indexOf('imagePullSecret');

/** The parts that a kubelet works with. */
export interface KubeletParts {
  readonly sim: Simulator;
  readonly topology: Topology;
  readonly etcd: Etcd;
  readonly servers: ApiServers;
  readonly load: Load;
  readonly workers: PodWorkers;
  readonly volumes: VolumeManager;
  readonly manager: ObjectManager;
  /** Present under Watch. */
  readonly reflectors: Reflectors | null;
  readonly ledger: UpdateLedger;
  readonly random: Randomness;
  readonly input: ModelInput;
}

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
  /** Content number that each consumer's files show; 0 before the first. */
  readonly shown: Int32Array;
  /** Failures in a row of the volume that begins with a consumer. */
  readonly failures: Uint8Array;
  /** Counts the clock's restarts of each pod: events of an earlier epoch are outdated. */
  readonly epoch: Uint16Array;
  /** Mount failures in the measured period. */
  mountFailures = 0;
  private readonly lazy: boolean;
  /** Under lazy clocks: time of the READ that is scheduled for a pod. */
  private readonly planned: Float64Array;
  /** Reads still to come of syncs that a restart of the clock overtook: pod → start of the sync. */
  private readonly inFlight = new Map<number, number>();
  /** Consumers that show a revision whose commit is still to come: their read was under way. */
  private readonly ahead = new Map<number, { readonly syncStart: number; readonly at: number }>();
  private readonly beginsMatter: Uint8Array;
  private readonly starts: PodStarts;
  private readonly perSync: boolean;
  /** When the last `setUp` had read its last source, and what it read. */
  setUpDoneAt = 0;
  private readonly sources: Int32Array;
  private readonly contents: Int32Array;

  constructor(
    readonly parts: KubeletParts,
    eager: boolean,
  ) {
    const { topology, input } = parts;
    this.phase = new Uint8Array(topology.podCount);
    this.shown = new Int32Array(topology.consumerCount);
    this.failures = new Uint8Array(topology.consumerCount);
    this.epoch = new Uint16Array(topology.podCount);
    const watches = input.kubelet.strategy === 'Watch';
    this.lazy = watches && !eager;
    this.planned = new Float64Array(this.lazy ? topology.podCount : 0).fill(Infinity);
    this.perSync = input.kubelet.strategy === 'Cache' && input.behaviours.cacheInvalidation === 'everySync';
    this.beginsMatter = new Uint8Array(topology.podCount);
    if (!watches) {
      this.beginsMatter.fill(this.perSync ? 1 : 0);
      for (let c = 0; c < topology.consumerCount; c++) {
        if (topology.consumerMode[c] === IMAGE_PULL_SECRET) this.beginsMatter[topology.consumerPod[c]] = 1;
      }
    }
    this.sources = new Int32Array(longestVolume(topology));
    this.contents = new Int32Array(this.sources.length);
    this.starts = new PodStarts(this);
  }

  handle(kind: number, entity: number, argument: number): void {
    switch (kind) {
      case COMMIT:
        return this.committed(entity, argument);
      case DELIVER:
        return this.delivered(entity, argument);
      case TOUCH:
        return this.touched(entity, argument);
      case SYNC:
        return this.syncBegins(entity, argument);
      case READ:
        return this.read(entity, argument);
      case VOLUME:
        return this.setUpAgain(entity, argument);
      case ADD:
        return this.starts.add(entity);
      case START:
        return this.starts.sync(entity, argument);
      case CREATE:
        return this.starts.create(entity, argument);
      case MOUNT_TIMEOUT:
        return this.starts.mountTimeout(entity, argument);
      case ECHO:
        return this.invalidateReferences(entity);
      case IDLE:
        return this.sweepIdle(entity);
      default:
        throw new RangeError(`unknown event kind ${kind}`);
    }
  }

  /** Pods and caches of a node that have been running for long. */
  startStationary(node: number): void {
    const { topology, workers, sim, manager, input } = this.parts;
    for (let pod = topology.nodePodStart[node]; pod < topology.nodePodStart[node + 1]; pod++) {
      if (topology.podPending[pod] === 1) {
        sim.schedule(sim.now, ADD, pod);
        continue;
      }
      this.phase[pod] = IS_RUNNING;
      for (let c = topology.podConsumerStart[pod]; c < topology.podConsumerStart[pod + 1]; c++) {
        this.shown[c] = topology.objectExists[topology.consumerObject[c]];
      }
      workers.syncStart[pod] = workers.stationary(pod, sim.now);
      // Get keeps nothing, so its reads before the warm-up leave no trace.
      if (input.kubelet.strategy === 'Get') this.nextRead(pod, -input.warmupUs);
      if (!this.lazy) this.scheduleNextSync(pod);
    }
    for (let entry = topology.nodeEntryStart[node]; entry < topology.nodeEntryStart[node + 1]; entry++) {
      if (this.referencedByRunning(entry)) manager.startStationary(entry, sim.now, this.readBySyncs(entry));
    }
  }

  /** All pods of a node start now. */
  startCold(node: number): void {
    const { topology, sim } = this.parts;
    for (let pod = topology.nodePodStart[node]; pod < topology.nodePodStart[node + 1]; pod++)
      sim.schedule(sim.now, ADD, pod);
  }

  /** Counts what the node's watches did up to `end`. */
  finish(node: number, end: number): void {
    const { topology, reflectors } = this.parts;
    if (reflectors === null) return;
    for (let entry = topology.nodeEntryStart[node]; entry < topology.nodeEntryStart[node + 1]; entry++) {
      reflectors.finish(entry, end);
    }
  }

  /** True where the kubelet knows the object as immutable and will not see a new one of that name. */
  isBlind(entry: number): boolean {
    return this.parts.reflectors !== null && this.parts.reflectors.state[entry] === STOPPED_IMMUTABLE;
  }

  /** True where some consumer of the entry reads it at every sync, so that its watch never idles. */
  readBySyncs(entry: number): boolean {
    const { entryConsumerStart, entryConsumers, consumerFlags } = this.parts.topology;
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      if (consumerFlags[entryConsumers[i]] & READS) return true;
    }
    return false;
  }

  /**
   * A pod has started: its timer runs from `end`, the end of the sync that started it. `rereads`: that
   * sync began with volumes already mounted, so they are still to be read again.
   */
  runs(pod: number, end: number, rereads: boolean): void {
    const { workers } = this.parts;
    this.phase[pod] = IS_RUNNING;
    if (rereads) this.inFlight.set(pod, workers.syncStart[pod]);
    this.nextEpoch(pod);
    workers.syncStart[pod] = workers.following(pod, end);
    if (!this.lazy) this.scheduleNextSync(pod);
  }

  /** Begins a sync of a running pod now, whatever its timer says, and restarts the timer. */
  beginSync(pod: number): void {
    const { sim, workers, topology, volumes } = this.parts;
    const now = sim.now;
    workers.syncStart[pod] = now;
    if (this.beginsMatter[pod] === 1) {
      this.syncBegins(pod, this.epoch[pod]);
      return;
    }
    const read = volumes.readTime(topology.podNode[pod], now);
    if (this.lazy) this.planned[pod] = read;
    sim.schedule(read, READ, pod, this.epoch[pod]);
  }

  /**
   * Reads one volume of a pod at `at`, its sources one after another. True where all were found; then
   * new content shows, picked up by the sync that began at `syncStart`.
   */
  setUp(head: number, at: number, syncStart: number): boolean {
    const { topology, manager, input } = this.parts;
    const { consumerFlags, consumerEntry } = topology;
    let done = at;
    let complete = true;
    let changed = false;
    let c = head;
    for (; ; c++) {
      if (consumerFlags[c] & READS) {
        manager.get(consumerEntry[c], done);
        done = manager.doneAt;
        const { content } = manager;
        this.sources[c - head] = manager.revision;
        this.contents[c - head] = content;
        if (content === FAILED || (content === NOT_FOUND && (consumerFlags[c] & OPTIONAL) === 0)) complete = false;
        else if (content !== this.shown[c] && content !== NOT_FOUND) changed = true;
      } else {
        this.contents[c - head] = NOT_FOUND;
      }
      if ((consumerFlags[c] & CONTINUES) === 0) break;
    }
    this.setUpDoneAt = done;
    if (complete && changed) this.show(head, c, syncStart, done + input.kubelet.volumeWriteDurationUs);
    return complete;
  }

  /** Counts a mount failure and schedules the retry. `failures`: in a row, this one included. */
  mountFailed(head: number, failedAt: number, failures: number): void {
    const { sim, topology, volumes, input } = this.parts;
    const { failures: count } = this;
    count[head] = Math.min(failures, 255);
    if (failedAt >= 0 && failedAt < input.durationUs) this.mountFailures++;
    sim.schedule(
      volumes.retryTime(topology.podNode[topology.consumerPod[head]], failedAt, failures),
      VOLUME,
      head,
      failures,
    );
  }

  /** Re-reads the volumes of a pod at `now`; volumes in back-off are left to their retries. */
  refresh(pod: number, syncStart: number): void {
    const { topology, sim } = this.parts;
    const { consumerFlags, podConsumerStart } = topology;
    const end = podConsumerStart[pod + 1];
    for (let c = podConsumerStart[pod]; c < end; c++) {
      if ((consumerFlags[c] & HEAD) === 0 || this.failures[c] > 0) continue;
      if (!this.setUp(c, sim.now, syncStart)) this.mountFailed(c, this.setUpDoneAt, 1);
    }
  }

  /** Reads a pod's imagePullSecrets one after another from `at`; returns when the last answer is there. */
  readPullSecrets(pod: number, at: number): number {
    const { topology, manager } = this.parts;
    let done = at;
    for (let c = topology.podConsumerStart[pod]; c < topology.podConsumerStart[pod + 1]; c++) {
      if (topology.consumerMode[c] !== IMAGE_PULL_SECRET) continue;
      manager.get(topology.consumerEntry[c], done);
      done = manager.doneAt;
    }
    return done;
  }

  /** Drops what the Cache strategy has of a pod's objects. */
  invalidateReferences(pod: number): void {
    const { topology, manager, sim } = this.parts;
    for (let c = topology.podConsumerStart[pod]; c < topology.podConsumerStart[pod + 1]; c++) {
      manager.invalidate(topology.consumerEntry[c], sim.now);
    }
  }

  private committed(entry: number, revision: number): void {
    const { topology, etcd, ledger, sim, servers, reflectors } = this.parts;
    const update = etcd.update[revision];
    if (update >= 0) {
      const blind = this.isBlind(entry);
      for (let i = topology.entryConsumerStart[entry]; i < topology.entryConsumerStart[entry + 1]; i++) {
        const consumer = topology.entryConsumers[i];
        if (this.phase[topology.consumerPod[consumer]] !== IS_RUNNING) continue;
        ledger.becomesDue(consumer, update, blind);
        if (this.shown[consumer] >= etcd.content[revision]) this.shownAhead(consumer, revision);
      }
    }
    if (reflectors?.state[entry] === RUNNING)
      sim.schedule(servers.deliveredAt(entry, revision), DELIVER, entry, revision);
  }

  private delivered(entry: number, revision: number): void {
    const { sim, reflectors, manager, topology, servers, load } = this.parts;
    if (reflectors?.state[entry] !== RUNNING || !(manager instanceof WatchManager)) return;
    const arrival = reflectors.arrival(entry, sim.now);
    if (arrival > sim.now) {
      sim.schedule(arrival, DELIVER, entry, revision);
      return;
    }
    if (!manager.deliver(entry, revision, sim.now)) return;
    const bytes = topology.objectSize[topology.entryObject[entry]] + OBJECT_OVERHEAD_BYTES;
    load.event(servers.serverOf[topology.entryNode[entry]], sim.now, bytes, eventCpuNs(bytes));
    if (this.lazy) this.planReads(entry);
  }

  /** The consumer's last read was under way when the write committed, and was answered with it. */
  private shownAhead(consumer: number, revision: number): void {
    const { etcd, ledger, sim } = this.parts;
    const read = this.ahead.get(consumer);
    ledger.projected(consumer, etcd.content[revision] - 1, revision, read?.syncStart ?? -Infinity, read?.at ?? sim.now);
  }

  /** Schedules the next read of every running pod that reads the entry at its syncs. */
  private planReads(entry: number): void {
    const { topology, sim } = this.parts;
    for (let i = topology.entryConsumerStart[entry]; i < topology.entryConsumerStart[entry + 1]; i++) {
      const consumer = topology.entryConsumers[i];
      const pod = topology.consumerPod[consumer];
      if ((topology.consumerFlags[consumer] & READS) === 0 || this.phase[pod] !== IS_RUNNING) continue;
      const read = this.nextRead(pod, sim.now);
      if (this.planned[pod] === read) continue;
      this.planned[pod] = read;
      sim.schedule(read, READ, pod, this.epoch[pod]);
    }
  }

  /** Walks a pod's clock to the first sync that reads at or after `time`; returns the time of its read. */
  private nextRead(pod: number, time: number): number {
    const { workers, volumes, topology } = this.parts;
    const { syncStart, syncDuration } = workers;
    const certain = time - volumes.longestWait;
    for (;;) {
      const start = syncStart[pod];
      if (start >= certain) {
        const read = volumes.readTime(topology.podNode[pod], start);
        if (read >= time) return read;
      }
      syncStart[pod] = workers.following(pod, start + syncDuration);
    }
  }

  private touched(pod: number, cause: number): void {
    if (this.phase[pod] !== IS_RUNNING) return;
    const { sim, workers, volumes, topology, input } = this.parts;
    if (this.lazy) this.nextRead(pod, sim.now);
    const start = workers.syncStart[pod];
    const read = start < sim.now ? volumes.readTime(topology.podNode[pod], start) : -Infinity;
    if (read >= sim.now) {
      this.inFlight.set(pod, start);
      if (this.lazy && this.planned[pod] !== read) sim.schedule(read, READ, pod, this.epoch[pod]);
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
    const { sim, workers, volumes, topology } = this.parts;
    const now = sim.now;
    workers.syncStart[pod] = now;
    if (this.perSync) this.invalidateReferences(pod);
    const end = this.readPullSecrets(pod, now) + workers.syncDuration;
    sim.schedule(volumes.readTime(topology.podNode[pod], now), READ, pod, epoch);
    sim.schedule(workers.following(pod, end), SYNC, pod, epoch);
  }

  private read(pod: number, epoch: number): void {
    const { workers, topology, input, sim } = this.parts;
    if (epoch !== this.epoch[pod]) {
      const start = this.inFlight.get(pod);
      if (start === undefined) return;
      this.inFlight.delete(pod);
      this.refresh(pod, start);
      return;
    }
    if (this.phase[pod] === STARTING) return this.refresh(pod, workers.syncStart[pod]);
    this.refresh(pod, workers.syncStart[pod]);
    if (input.kubelet.strategy === 'Watch') this.stopImmutablePullSecrets(pod);
    if (this.lazy) {
      this.planned[pod] = Infinity;
    } else if (this.beginsMatter[pod] === 0) {
      workers.syncStart[pod] = workers.following(pod, workers.syncStart[pod] + workers.syncDuration);
      sim.schedule(this.parts.volumes.readTime(topology.podNode[pod], workers.syncStart[pod]), READ, pod, epoch);
    }
  }

  /** Under Watch a read of an imagePullSecret is local; its only effect is to stop the reflector of an immutable one. */
  private stopImmutablePullSecrets(pod: number): void {
    this.readPullSecrets(pod, this.parts.sim.now);
  }

  private scheduleNextSync(pod: number): void {
    const { sim, workers, volumes, topology } = this.parts;
    const start = workers.syncStart[pod];
    if (this.beginsMatter[pod] === 1) sim.schedule(start, SYNC, pod, this.epoch[pod]);
    else sim.schedule(volumes.readTime(topology.podNode[pod], start), READ, pod, this.epoch[pod]);
  }

  private setUpAgain(head: number, failures: number): void {
    const { sim, topology } = this.parts;
    if (this.phase[topology.consumerPod[head]] === STARTING) return this.starts.mount(head, failures);
    // A retry belongs to no sync: nothing was waited for but the retry itself.
    if (this.setUp(head, sim.now, -Infinity)) this.failures[head] = 0;
    else this.mountFailed(head, this.setUpDoneAt, failures + 1);
  }

  /** The files of a volume's sources show what the last `setUp` read. */
  private show(head: number, last: number, syncStart: number, at: number): void {
    const { topology, ledger, etcd, sim } = this.parts;
    for (let c = head; c <= last; c++) {
      const content = this.contents[c - head];
      const before = this.shown[c];
      if (content === NOT_FOUND || content === before) continue;
      this.shown[c] = content;
      const revision = this.sources[c - head];
      if (revision >= 0 && etcd.committedAt[revision] > sim.now) this.ahead.set(c, { syncStart, at });
      if (this.phase[topology.consumerPod[c]] === IS_RUNNING) ledger.projected(c, before, revision, syncStart, at);
    }
  }

  private referencedByRunning(entry: number): boolean {
    const { entryConsumerStart, entryConsumers, consumerPod } = this.parts.topology;
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      if (this.phase[consumerPod[entryConsumers[i]]] === IS_RUNNING) return true;
    }
    return false;
  }

  /** Stops the reflector of an object that nobody has read for `maxIdle`. */
  private sweepIdle(entry: number): void {
    const { reflectors, sim } = this.parts;
    if (reflectors?.state[entry] === RUNNING && this.starts.isIdle(entry, sim.now)) {
      reflectors.stop(entry, sim.now, STOPPED_IDLE);
    }
  }
}

/** Sources of the volume with the most of them. */
function longestVolume(topology: Topology): number {
  let longest = 1;
  let length = 1;
  for (const flags of topology.consumerFlags) {
    length = flags & CONTINUES ? length + 1 : 1;
    if (length > longest) longest = length;
  }
  return longest;
}
