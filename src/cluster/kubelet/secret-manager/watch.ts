import type { Etcd } from '../../etcd/etcd.js';
import { READ_DUE } from '../../model/events.js';
import {
  LISTED_ONCE,
  NONE,
  type Reflectors,
  RUNNING,
  STOPPED_IDLE,
  STOPPED_IMMUTABLE,
} from '../../client-go/reflector.js';
import type { Population } from '../../population/population.js';
import type { Behaviours } from '../../model/versions.js';
import { FAILED, NOT_FOUND, ObjectManager, PENDING } from './manager.js';
import { ReadyLog } from './ready-log.js';

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
export class WatchManager extends ObjectManager {
  /** Newest revision that the entry's reflector has received. */
  private readonly received: Int32Array;
  private readonly log: ReadyLog;
  /** Reads that wait for an entry's first LIST: rows and their generations. */
  private readonly waiting = new Map<number, number[]>();
  /** Told of entries whose local copy a LIST has changed. */
  changed: ((entry: number) => void) | null = null;
  /**
   * Told of entries whose reads may go otherwise than the one before although no change has come: their first LIST
   * begins, and reads wait for it, or it has brought what there has been all along.
   */
  unsettled: ((entry: number) => void) | null = null;

  constructor(
    private readonly population: Population,
    private readonly etcd: Etcd,
    private readonly reflectors: Reflectors,
    private readonly behaviours: Behaviours,
  ) {
    super();
    this.received = new Int32Array(population.entryCount);
    this.log = new ReadyLog(population.entryCount);
  }

  override initialize(first: number, last: number): void {
    this.received.fill(-1, first, last);
    this.log.initialize(first, last);
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
  deliver(entry: number, revision: number, now: number): boolean {
    if (this.received[entry] >= revision) return false;
    this.received[entry] = revision;
    this.log.push(entry, revision, now, false);
    return true;
  }

  /** A read may stop or start a reflector; otherwise it finds the local copy as the last event left it. */
  override finds(entry: number, at: number, shown: number): boolean {
    const state = this.reflectors.state[entry];
    if (this.waits !== null || state === STOPPED_IDLE || this.reflectors.syncedAt[entry] > at) return false;
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

  /** The read looks at the local copy each 10 ms, for at most 1 s. */
  override wait(entry: number, read: number): void {
    if (this.waits === null) return;
    const { reads, sim } = this.waits;
    const waiting = this.waiting.get(entry);
    if (waiting === undefined) this.waiting.set(entry, [read, reads.generation(read)]);
    else waiting.push(read, reads.generation(read));
    sim.schedule(reads.since.get(read) + POLL_TIMEOUT_US, READ_DUE, read, reads.generation(read));
  }

  /** The LIST of the entry's reflector was answered. */
  listed(entry: number, revision: number, now: number): void {
    if (revision > this.received[entry]) {
      this.received[entry] = revision;
      this.log.push(entry, revision, now, false);
      this.changed?.(entry);
    } else if (this.reflectors.syncedAt[entry] === now) {
      this.unsettled?.(entry);
    }
    const waiting = this.waiting.get(entry);
    if (waiting === undefined || this.waits === null) return;
    this.waiting.delete(entry);
    const { reads, sim } = this.waits;
    for (let i = 0; i < waiting.length; i += 2) {
      const read = waiting[i];
      if (reads.generation(read) !== waiting[i + 1]) continue;
      const since = reads.since.get(read);
      const polls = Math.ceil((now - since) / POLL_INTERVAL_US);
      sim.schedule(since + polls * POLL_INTERVAL_US, READ_DUE, read, waiting[i + 1]);
    }
  }

  receivedBy(entry: number): number {
    return this.received[entry];
  }

  override readDue(read: number, generation: number): void {
    if (this.waits === null || this.waits.reads.generation(read) !== generation) return;
    const { reads, sim } = this.waits;
    this.get(this.population.consumerEntry[reads.consumer.get(read)], sim.now);
    if (this.content === PENDING) {
      this.content = FAILED;
      this.doneAt = sim.now;
    }
    this.waits.resume(read);
  }

  override answered(): void {
    throw new RangeError('a reflector sends no GET');
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

  private startReflector(entry: number, now: number): void {
    this.unsettled?.(entry);
    const listed = this.reflectors.start(entry, now);
    if (listed > this.received[entry]) {
      this.received[entry] = listed;
      this.log.push(entry, listed, this.reflectors.syncedAt[entry], false);
    }
  }
}
