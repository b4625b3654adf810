import type { ReadyTimes } from '../../meters/update-ledger.js';

/** Told of what happens to the entries of a manager, and of reads whose answer has come. */
export interface EntryListener {
  /** An event or a LIST has changed the local copy of an entry. */
  changed(entry: number): void;
  /** A read of the entry may find something else than the one before, or wait, from now on. */
  unsettled(entry: number): void;
  /** The entry has been fetched, and is answered at a time: a read before that waits for it. */
  fetched(entry: number, answeredAt: number): void;
  /** The answer for which a read waited is in the manager's fields. */
  resume(read: number): void;
}

/**
 * The kubelet's Secret and ConfigMap managers (`pkg/kubelet/{secret,configmap}`, `pkg/kubelet/util/manager`)
 * under one strategy. `get` answers in fields, so that the hot path allocates nothing. What a strategy does not have
 * – watches, requests that are waited for – does nothing.
 */
export abstract class ObjectManager implements ReadyTimes {
  /** When the last `get` returned, µs. */
  doneAt = 0;
  /** Content number that the last `get` returned; NOT_FOUND, FAILED where there was no answer, or PENDING. */
  content = 0;
  /** Revision that the last `get` returned. */
  revision = -1;

  /** True where a read is a request or moves what is kept, so that a sync that finds nothing new has effects, too. */
  abstract readonly readsCount: boolean;
  /** True where every sync drops what is kept of its pod's objects (`cacheInvalidation` of `model/switches/kubelet.ts`). */
  readonly dropsAtSyncs: boolean = false;
  /** True where reads before the warm-up leave no trace, because nothing is kept. */
  readonly keepsNothing: boolean = false;
  /** True where the reads that can have an effect are known before, so that clocks can be walked to them. */
  abstract readonly foreseesReads: boolean;

  /** Gives the entries from `first` to `last` (exclusive) the state of a node that has just come up. */
  abstract initialize(first: number, last: number): void;

  /** A pod of the node begins to reference the entry's object. */
  abstract register(entry: number, now: number): void;

  /** Brings an entry into the state of long operation. `readers`: consumers that read it at every sync. */
  abstract startStationary(entry: number, now: number, readers: number): void;

  /** Does the same with all entries from `first` to `last` (exclusive) of a node. `readers`: by entry. */
  startAllStationary(first: number, last: number, now: number, readers: Int32Array): void {
    for (let entry = first; entry < last; entry++) this.startStationary(entry, now, readers[entry]);
  }

  /** Drops what is cached, so that the next `get` fetches. */
  abstract invalidate(entry: number, now: number): void;

  /** Reads the entry's object at `at`. */
  abstract get(entry: number, at: number): void;

  /**
   * Reads the entry's object at `at` where it is certain before that it is the content `shown` again; `doneAt` says
   * when it was read. False where only `get` can tell, and nothing was done.
   */
  abstract finds(entry: number, at: number, shown: number): boolean;

  /**
   * Until when every read of the entry finds at once the content that is kept of it now, and does nothing else, µs;
   * −Infinity where nobody knows.
   */
  settledUntil(_entry: number): number {
    return -Infinity;
  }

  /** True where every read of the entry from now until a time finds what is kept of it now, and does nothing else. */
  isSettled(entry: number, until: number): boolean {
    return until <= this.settledUntil(entry);
  }

  /** No pod of the node references the entry's object any more. */
  abstract release(entry: number, now: number): void;

  /**
   * The first instant from which every read of the entry by this kubelet returns `revision` (or a later
   * one), for a revision that a read has returned.
   */
  abstract readyAt(entry: number, revision: number): number;

  /** Hands the next answer about the entry's object to a read that `get` left PENDING. */
  wait(_entry: number, _read: number): void {}

  /** A GET of the manager has been answered. */
  answered(_request: number): void {}

  /** A waiting read of that generation looks again, or gives up. */
  readDue(_read: number, _generation: number): void {}

  /** A revision of the entry's object is committed, whose event nothing can hold up. */
  committed(_entry: number, _revision: number): void {}

  /** The event of a revision comes to the entry's watch. */
  delivered(_entry: number, _revision: number): void {}

  /** True where the kubelet knows the object as immutable and will not see a new one of that name. */
  readsOnce(_entry: number): boolean {
    return false;
  }

  /** True while the entry's object is watched. */
  isWatching(_entry: number): boolean {
    return false;
  }

  /** How many objects of the entries from `first` to `last` (exclusive) are watched. */
  watching(first: number, last: number): number {
    let count = 0;
    for (let entry = first; entry < last; entry++) if (this.isWatching(entry)) count++;
    return count;
  }

  /** When the entry's object was first listed; −∞: long ago, or it is not listed. */
  listedAt(_entry: number): number {
    return -Infinity;
  }

  /** True where nobody has read the entry since it was first referenced. */
  isUnread(_entry: number): boolean {
    return false;
  }

  /** Stops the watch of an entry that nobody has read for long. */
  stopIdle(_entry: number, _now: number): void {}

  /** A node's kubelet ends: with it goes what belongs to no pod. */
  kubeletEnds(_node: number): void {}

  /** A node's kubelet starts. */
  kubeletStarts(_node: number): void {}

  /** A node's kubelet has long been running. */
  kubeletRuns(_node: number, _now: number): void {}

  /** A timer of an entry is over. */
  timerDue(_entry: number, _argument: number): void {}

  /** Takes stock of the entries from `first` to `last` (exclusive) at the end of the measured period. */
  finish(_first: number, _last: number, _end: number): void {}
}
