import { GrowableFloat64 } from '../../sim/growable.js';
import { ProgressNotifications } from '../etcd/progress.js';
import { OBJECT_KINDS } from '../model/kinds.js';
import type { RunInput } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import { BookmarkTimer } from './bookmarks.js';
import { SizeEstimates } from './size-estimates.js';

/**
 * Up to when the watch caches of API servers know their resource where nothing is written of it, and when they tell their
 * watchers by a bookmark. A version is a time: all that was committed up to then.
 */
export class ToldVersions {
  private readonly progress: ProgressNotifications;
  /** null: servers ask etcd for requests only. */
  private readonly estimates: SizeEstimates | null;
  private readonly timer: BookmarkTimer;
  /** Times of the writes of each kind of object, ascending. */
  private readonly writes = OBJECT_KINDS.map(() => new GrowableFloat64());

  constructor(input: Pick<RunInput, 'apiServers' | 'behaviours' | 'etcd'>, random: Randomness) {
    const caches = input.apiServers * OBJECT_KINDS.length;
    this.progress = new ProgressNotifications(caches, input, random.progress);
    this.estimates = input.behaviours.sizeEstimates ? new SizeEstimates(caches, random.sizeEstimate) : null;
    this.timer = new BookmarkTimer(caches, random.bookmark);
  }

  /** A process that began at `since` has filled its watch cache of a kind `now`, by a list of the version `listed`. */
  begins(server: number, kind: number, listed: number, since: number, now: number): void {
    const cache = cacheOf(server, kind);
    this.progress.begins(cache, listed, now);
    this.estimates?.begins(cache, now);
    this.timer.begins(cache, since);
  }

  /** An object of a kind was written. */
  written(kind: number, at: number): void {
    this.writes[kind].push(at);
  }

  /** etcd tells a server how far it is with a kind of object, for a request waits for that. */
  asks(server: number, kind: number, now: number): void {
    this.progress.asks(cacheOf(server, kind), now);
  }

  /** Up to when a server knew a kind of object at `at`, events aside; −Infinity where it is not told. */
  knownAt(server: number, kind: number, at: number): number {
    const cache = cacheOf(server, kind);
    return Math.max(
      this.progress.toldBefore(cache, this.writes[kind].view(), at),
      this.estimates?.lastBefore(cache, at) ?? -Infinity,
    );
  }

  /** When etcd tells a server of a version of a kind without being asked; Infinity where it does not. */
  tellsAt(server: number, kind: number, version: number): number {
    return this.progress.tellsAt(cacheOf(server, kind), version);
  }

  /** The last bookmark that a watch from `start` on, until `deadline`, is sent before `end`, µs; −Infinity: none. */
  lastBookmark(server: number, kind: number, start: number, deadline: number, end: number): number {
    return this.timer.lastBefore(cacheOf(server, kind), start, deadline, end);
  }
}

function cacheOf(server: number, kind: number): number {
  return server * OBJECT_KINDS.length + kind;
}
