import {
  LISTED_ONCE,
  NONE,
  type Reflectors,
  RUNNING,
  STOPPED_IDLE,
  STOPPED_IMMUTABLE,
} from '../../client-go/reflector.js';
import { ReflectorLoops, type ReflectorListener } from '../../client-go/reflector-loops.js';
import { WalkedReflectors } from '../../client-go/walked-reflectors.js';
import type { Etcd } from '../../etcd/etcd.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../../model/costs.js';
import { DELIVER, READ_DUE } from '../../model/events.js';
import { type NodeRange, slicesOf } from '../../model/node-range.js';
import type { Behaviours } from '../../model/versions.js';
import type { Population } from '../../population/population.js';
import type { World } from '../../world/world.js';
import type { Reads } from '../reads.js';
import { type EntryListener, FAILED, NOT_FOUND, ObjectManager, PENDING } from './manager.js';
import { ReadyLog } from './ready-log.js';
import type { ChangeDetectionStrategy, Clients, ManagerParts } from './strategy.js';

/** `Get` polls hasSynced every 10 ms for at most 1 s (`watch_based_manager.go`, all releases). */
const POLL_INTERVAL_US = 10e3;
const POLL_TIMEOUT_US = 1e6;

/**
 * The state of the reflector of an object that pods of a node have long been using; `readers` of them read it at their
 * syncs. A read that finds it immutable stops the reflector; one that nobody reads is stopped as idle.
 */
export function steadyState(
  foundImmutable: boolean,
  readers: number,
  { immutableStop, idleStop }: Pick<Behaviours, 'immutableStop' | 'idleStop'>,
): typeof RUNNING | typeof STOPPED_IMMUTABLE | typeof STOPPED_IDLE {
  if (foundImmutable && immutableStop) return STOPPED_IMMUTABLE;
  return readers === 0 && idleStop ? STOPPED_IDLE : RUNNING;
}

/**
 * Strategy Watch (`pkg/kubelet/util/manager/watch_based_manager.go` objectCache): a reflector per node and
 * object keeps a local copy. The first read that finds the object immutable stops the reflector for as
 * long as a pod of the node references the name.
 */
abstract class WatchManager extends ObjectManager {
  readonly readsCount = false;
  readonly foreseesReads = true;
  protected abstract readonly reflectors: Reflectors;
  protected readonly world: World;
  protected readonly listener: EntryListener;
  protected readonly population: Population;
  protected readonly etcd: Etcd;
  private readonly behaviours: Behaviours;
  /** Newest revision that the entry's reflector has received. */
  protected readonly received: Int32Array;
  protected readonly log: ReadyLog;

  constructor({ world, listener }: ManagerParts) {
    super();
    const { population } = world;
    this.world = world;
    this.listener = listener;
    this.population = population;
    this.etcd = world.etcd;
    this.behaviours = world.input.behaviours;
    this.received = new Int32Array(population.entryCount);
    this.log = new ReadyLog(population.entryCount);
  }

  override initialize(first: number, last: number): void {
    this.received.fill(-1, first, last);
    this.log.initialize(first, last);
    this.reflectors.initialize(first, last);
  }

  override register(entry: number, now: number): void {
    const state = this.reflectors.state[entry];
    if (state === NONE || state === LISTED_ONCE) this.startReflector(entry, now);
  }

  override startStationary(entry: number, now: number, readers: number): void {
    const object = this.population.entryObject[entry];
    const found = this.etcd.contentAt(object, -1) > 0 && this.etcd.immutableAt(object, -1);
    const state = steadyState(found, readers, this.behaviours);
    if (state !== STOPPED_IMMUTABLE && !this.reflectors.isWatched(entry)) this.reflectors.state[entry] = LISTED_ONCE;
    else if (state === RUNNING) this.reflectors.startStationary(entry, now);
    else this.reflectors.state[entry] = state;
  }

  override invalidate(): void {
    // The copy is kept up to date by events; RegisterPod does not drop it.
  }

  /** An event arrives. False where the entry already had that revision or a later one. */
  protected deliver(entry: number, revision: number): boolean {
    if (this.received[entry] >= revision) return false;
    this.received[entry] = revision;
    this.log.push(entry, revision, this.world.sim.now, false);
    return true;
  }

  /** A read may stop or start a reflector; otherwise it finds the local copy as the last event left it. */
  override finds(entry: number, at: number, shown: number): boolean {
    const state = this.reflectors.state[entry];
    if (state === STOPPED_IDLE || this.reflectors.syncedAt[entry] > at) return false;
    const object = this.population.entryObject[entry];
    const revision = this.received[entry];
    if (shown === NOT_FOUND || this.etcd.contentAt(object, revision) !== shown) return false;
    if (this.behaviours.immutableStop && state === RUNNING && this.etcd.immutableAt(object, revision)) return false;
    this.doneAt = at;
    return true;
  }

  override get(entry: number, at: number): void {
    if (this.reflectors.state[entry] === STOPPED_IDLE) this.startReflector(entry, at);
    const synced = this.reflectors.syncedAt[entry];
    if (synced === Infinity) {
      this.content = PENDING;
      return;
    }
    this.doneAt = synced > at ? at + Math.ceil((synced - at) / POLL_INTERVAL_US) * POLL_INTERVAL_US : at;
    if (this.doneAt > at + POLL_TIMEOUT_US) {
      this.doneAt = at + POLL_TIMEOUT_US;
      this.content = FAILED;
      return;
    }
    const object = this.population.entryObject[entry];
    this.revision = this.received[entry];
    this.content = this.etcd.contentAt(object, this.revision);
    const stops = this.behaviours.immutableStop && this.content > 0 && this.reflectors.state[entry] === RUNNING;
    if (stops && this.etcd.immutableAt(object, this.revision))
      this.reflectors.stop(entry, this.doneAt, STOPPED_IMMUTABLE);
  }

  override release(entry: number, now: number): void {
    if (this.reflectors.state[entry] === NONE) return;
    if (this.reflectors.state[entry] === RUNNING) this.reflectors.stop(entry, now, NONE);
    this.reflectors.state[entry] = NONE;
    this.received[entry] = -1;
  }

  override readyAt(entry: number, revision: number): number {
    const step = this.log.find(entry, revision);
    return step < 0 ? this.etcd.committedAt[revision] : this.log.sinceOf(step);
  }

  override readsOnce(entry: number): boolean {
    return this.reflectors.state[entry] === STOPPED_IMMUTABLE;
  }

  override isWatching(entry: number): boolean {
    return this.reflectors.state[entry] === RUNNING;
  }

  override listedAt(entry: number): number {
    return this.reflectors.syncedAt[entry];
  }

  override stopIdle(entry: number, now: number): void {
    this.reflectors.stop(entry, now, STOPPED_IDLE);
  }

  override finish(entry: number, end: number): void {
    this.reflectors.finish(entry, end);
  }

  override part(ranges: readonly NodeRange[]): readonly Uint8Array[] {
    return slicesOf(this.reflectors.state, ranges, (node) => this.population.nodeEntryStart[node]);
  }

  override absorb(states: readonly Uint8Array[], ranges: readonly NodeRange[]): void {
    ranges.forEach(([first], i) => {
      this.reflectors.state.set(states[i], this.population.nodeEntryStart[first]);
    });
  }

  private startReflector(entry: number, now: number): void {
    this.listener.unsettled(entry);
    const listed = this.reflectors.start(entry, now);
    if (listed > this.received[entry]) {
      this.received[entry] = listed;
      this.log.push(entry, listed, this.reflectors.syncedAt[entry], false);
    }
  }
}

/** Nothing holds up requests and events: reflectors are walked. */
class IsolatedWatchManager extends WatchManager {
  protected override readonly reflectors: WalkedReflectors;

  constructor(parts: ManagerParts) {
    super(parts);
    const { etcd, population } = parts.world;
    this.reflectors = new WalkedReflectors(parts.world);
    for (let r = 0; r < etcd.revisions; r++) {
      this.reflectors.written(population.objectKind[etcd.object[r]], etcd.committedAt[r]);
    }
  }

  override committed(entry: number, revision: number): void {
    const { sim, latencies } = this.world;
    if (!this.isWatching(entry)) return;
    sim.schedule(latencies.deliveredAt(entry, revision), DELIVER, entry, revision);
  }

  override delivered(entry: number, revision: number): void {
    const { sim, latencies, load, input } = this.world;
    const { population } = this;
    if (!this.isWatching(entry)) return;
    const arrival = this.reflectors.arrival(entry, sim.now);
    if (arrival > sim.now) {
      sim.schedule(arrival, DELIVER, entry, revision);
      return;
    }
    if (!this.deliver(entry, revision)) return;
    const bytes = population.objectSize[population.entryObject[entry]] + OBJECT_OVERHEAD_BYTES;
    const server = latencies.serverOf[population.entryNode[entry]];
    load.event(server, sim.now, bytes, cpuNs(input.apiServer.costs.event, bytes));
    this.listener.changed(entry);
  }
}

/** Requests and events meet others at the API servers. */
class CoupledWatchManager extends WatchManager implements ReflectorListener {
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
    if (waiting === undefined) this.waiting.set(entry, [read, reads.generation(read)]);
    else waiting.push(read, reads.generation(read));
    this.world.sim.schedule(reads.since.get(read) + POLL_TIMEOUT_US, READ_DUE, read, reads.generation(read));
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
      if (reads.generation(read) !== waiting[i + 1]) continue;
      const since = reads.since.get(read);
      const polls = Math.ceil((now - since) / POLL_INTERVAL_US);
      this.world.sim.schedule(since + polls * POLL_INTERVAL_US, READ_DUE, read, waiting[i + 1]);
    }
  }

  receivedBy(entry: number): number {
    return this.received[entry];
  }

  override readDue(read: number, generation: number): void {
    const { reads } = this;
    const { now } = this.world.sim;
    if (reads.generation(read) !== generation) return;
    this.get(this.population.consumerEntry[reads.consumer.get(read)], now);
    if (this.content === PENDING) {
      this.content = FAILED;
      this.doneAt = now;
    }
    this.listener.resume(read);
  }
}

/** The API server tells a kubelet of each change. */
export const watch: ChangeDetectionStrategy = {
  says: 'the API server tells the kubelet of each change',
  keeps: 'copy',
  syncsOnEvents: false,
  isolated: (parts) => ({ manager: new IsolatedWatchManager(parts), lookahead: () => null }),
  coupled: (parts, clients) => {
    const manager = new CoupledWatchManager(parts, clients);
    return { manager, watchers: manager.reflectors };
  },
};
