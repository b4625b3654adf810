import { SECOND_US } from '../../../sim/units.js';
import { type Reflectors, REFLECTOR } from '../../client-go/reflector.js';
import type { Etcd } from '../../etcd/etcd.js';
import type { Behaviours } from '../../model/versions.js';
import type { Population } from '../../population/population.js';
import type { World } from '../../world/world.js';
import { FAILED, NOT_FOUND, PENDING } from '../content-numbers.js';
import { type EntryListener, ObjectManager } from './manager.js';
import { ReadyLog } from './ready-log.js';
import type { ManagerParts } from './strategy.js';

/** `Get` polls hasSynced every 10 ms for at most 1 s (`watch_based_manager.go`, all releases). */
export const POLL_INTERVAL_US = 10e3;
export const POLL_TIMEOUT_US = SECOND_US;

/**
 * The state of the reflector of an object that pods of a node have long been using; `readers` of them read it at their
 * syncs. A read that finds it immutable stops the reflector; one that nobody reads is stopped as idle.
 */
export function steadyState(
  foundImmutable: boolean,
  readers: number,
  { immutableStop, idleStop }: Pick<Behaviours, 'immutableStop' | 'idleStop'>,
): typeof REFLECTOR.RUNNING | typeof REFLECTOR.STOPPED_IMMUTABLE | typeof REFLECTOR.STOPPED_IDLE {
  if (foundImmutable && immutableStop) return REFLECTOR.STOPPED_IMMUTABLE;
  return readers === 0 && idleStop ? REFLECTOR.STOPPED_IDLE : REFLECTOR.RUNNING;
}

/**
 * Strategy Watch (`pkg/kubelet/util/manager/watch_based_manager.go` objectCache): a reflector per node and
 * object keeps a local copy. The first read that finds the object immutable stops the reflector for as
 * long as a pod of the node references the name.
 */
export abstract class WatchManager extends ObjectManager {
  readonly readsCount = false;
  readonly foreseesReads: boolean = true;
  protected abstract readonly reflectors: Reflectors;
  protected readonly world: World;
  protected readonly listener: EntryListener;
  protected readonly population: Population;
  protected readonly etcd: Etcd;
  private readonly behaviours: Behaviours;
  /** Newest revision that the entry's reflector has received. */
  protected readonly received: Int32Array;
  protected readonly log: ReadyLog;
  /** 1 where a pod of the node has read the entry since one references it (`lastAccessTime`). */
  private readonly isRead: Uint8Array;

  constructor({ world, listener }: ManagerParts) {
    super();
    const { population } = world;
    this.world = world;
    this.listener = listener;
    this.population = population;
    this.etcd = world.etcd;
    this.behaviours = world.input.behaviours;
    this.received = world.memory.int32(population.entryCount);
    this.log = new ReadyLog(population.entryCount, world.memory);
    this.isRead = world.memory.uint8(population.entryCount);
  }

  override initialize(first: number, last: number): void {
    this.received.fill(-1, first, last);
    this.log.initialize(first, last);
    this.reflectors.initialize(first, last);
  }

  override register(entry: number, now: number): void {
    const state = this.reflectors.state[entry];
    if (state === REFLECTOR.NONE || state === REFLECTOR.LISTED_ONCE) this.startReflector(entry, now);
  }

  override startStationary(entry: number, now: number, readers: number): void {
    const object = this.population.entryObject[entry];
    const found = this.etcd.contentAt(object, -1) > 0 && this.etcd.immutableAt(object, -1);
    const state = steadyState(found, readers, this.behaviours);
    if (state !== REFLECTOR.STOPPED_IMMUTABLE && !this.reflectors.isWatched(entry))
      this.reflectors.state[entry] = REFLECTOR.LISTED_ONCE;
    else if (state === REFLECTOR.RUNNING) this.reflectors.startStationary(entry, now);
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
    if (state === REFLECTOR.STOPPED_IDLE || this.reflectors.syncedAt[entry] > at) return false;
    const object = this.population.entryObject[entry];
    const revision = this.received[entry];
    if (shown === NOT_FOUND || this.etcd.contentAt(object, revision) !== shown) return false;
    if (this.behaviours.immutableStop && state === REFLECTOR.RUNNING && this.etcd.immutableAt(object, revision))
      return false;
    this.isRead[entry] = 1;
    this.doneAt = at;
    return true;
  }

  override get(entry: number, at: number): void {
    this.isRead[entry] = 1;
    if (this.reflectors.state[entry] === REFLECTOR.STOPPED_IDLE) this.startReflector(entry, at);
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
    const stops =
      this.behaviours.immutableStop && this.content > 0 && this.reflectors.state[entry] === REFLECTOR.RUNNING;
    if (stops && this.etcd.immutableAt(object, this.revision))
      this.reflectors.stop(entry, this.doneAt, REFLECTOR.STOPPED_IMMUTABLE);
  }

  override release(entry: number, now: number): void {
    if (this.reflectors.state[entry] === REFLECTOR.NONE) return;
    if (this.reflectors.state[entry] === REFLECTOR.RUNNING) this.reflectors.stop(entry, now, REFLECTOR.NONE);
    this.reflectors.state[entry] = REFLECTOR.NONE;
    this.received[entry] = -1;
    this.isRead[entry] = 0;
  }

  override readyAt(entry: number, revision: number): number {
    const step = this.log.find(entry, revision);
    return step < 0 ? this.etcd.committedAt[revision] : this.log.sinceOf(step);
  }

  override readsOnce(entry: number): boolean {
    return this.reflectors.state[entry] === REFLECTOR.STOPPED_IMMUTABLE;
  }

  override isWatching(entry: number): boolean {
    return this.reflectors.state[entry] === REFLECTOR.RUNNING;
  }

  override listedAt(entry: number): number {
    return this.reflectors.syncedAt[entry];
  }

  override isUnread(entry: number): boolean {
    return this.isRead[entry] === 0;
  }

  override stopIdle(entry: number, now: number): void {
    this.reflectors.stop(entry, now, REFLECTOR.STOPPED_IDLE);
  }

  override finish(first: number, last: number, end: number): void {
    this.reflectors.finish(first, last, end);
  }

  protected startReflector(entry: number, now: number): void {
    this.listener.unsettled(entry);
    const listed = this.reflectors.start(entry, now);
    if (listed > this.received[entry]) {
      this.received[entry] = listed;
      this.log.push(entry, listed, this.reflectors.syncedAt[entry], false);
    }
  }
}
