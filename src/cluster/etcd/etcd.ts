import { GrowableInt32 } from '../../sim/growable.js';
import type { Memory } from '../../sim/memory.js';
import { OBJECT_KINDS } from '../model/kinds.js';
import type { StoredObjects } from '../population/node-source.js';
import { placesHeld, type Population } from '../population/population.js';
import {
  changesContent,
  CREATE_OBJECT,
  DELETE,
  MARK_IMMUTABLE,
  RECREATE,
  UPDATE,
  WRITE_ACTIONS,
  type Writes,
} from '../workload/writes.js';

/** A part of a cluster, and the history that it is to see. */
interface Section {
  readonly whole: Etcd;
  readonly population: Population;
  /** By update, and which of them are of the section. */
  readonly audience: Int32Array;
  readonly own: GrowableInt32;
  readonly newest: Int32Array;
}

const NO_REVISIONS = new Int32Array(0);

/**
 * The store's history: every committed write, in order of commit. A write's position is its revision.
 *
 * Where requests have latency and never queue, what the kubelets do cannot delay a write, and the whole
 * history is made before the first kubelet runs (`commitAll`); otherwise it grows as servers commit.
 */
export class Etcd {
  /** Per revision; objects by their number among those that are stored. */
  readonly object: Int32Array;
  /** The write that each is, as the workload numbers them. */
  readonly write: Int32Array;
  readonly sentAt: Float64Array;
  readonly committedAt: Float64Array;
  readonly acknowledgedAt: Float64Array;
  /** The object's previous revision, −1 where this is its first; and the next, −1 where there is none yet. */
  readonly previous: Int32Array;
  readonly next: Int32Array;
  /** Position among the object's revisions, from 0. */
  readonly sequence: Int32Array;
  /** Number of the content after this revision: 1 is the content at the start of the simulation. */
  readonly content: Int32Array;
  /** 1 where the object exists after this revision. */
  readonly exists: Uint8Array;
  readonly immutable: Uint8Array;
  /** Running number of the update that this revision is, from 0; −1: the content did not change. */
  readonly update: Int32Array;
  /** Revision of each update, and the object whose consumers are due for it; of a section only those of its own updates. */
  readonly updateRevision: Int32Array;
  readonly updateAudience: Int32Array;
  /** Newest revision of each object, −1 where it was never written. */
  readonly newest: Int32Array;
  /** Committed writes. */
  revisions = 0;
  /** Committed changes of content. */
  updates = 0;
  /** Updates that were answered with an error: of objects that are immutable (422), and that were not there (404). */
  rejected = { immutable: 0, absent: 0 };
  /** Code of the action of each revision. */
  private readonly action: Uint8Array;
  private readonly contentNow: Int32Array;
  private readonly existsNow: Uint8Array;
  private readonly immutableNow: Uint8Array;
  /** Objects by the numbers that are asked for. */
  private readonly atStart: Pick<StoredObjects, 'objectCount' | 'objectExists' | 'objectImmutable'>;
  /** Revisions of object o, oldest first, stand in `ofObject` from firstOfObject[o] on; where the history is complete. */
  private firstOfObject: Int32Array | null = null;
  private ofObject: Int32Array;
  /** When the last write is committed, µs, where the history is complete; −Infinity: there is none. */
  lastCommit = -Infinity;
  private timesOfKind: readonly number[][] = OBJECT_KINDS.map(() => []);
  /** Updates of a section; null: of all objects. */
  private readonly own: GrowableInt32 | null;

  /** `section`: of a complete history, with its objects and numbers. */
  constructor(
    readonly stored: StoredObjects,
    private readonly writes: Writes,
    section: Section | null = null,
  ) {
    const { count } = writes;
    const whole = section?.whole;
    this.atStart = section?.population ?? stored;
    this.object = whole?.object ?? new Int32Array(count);
    this.write = whole?.write ?? new Int32Array(count);
    this.sentAt = whole?.sentAt ?? new Float64Array(count);
    this.committedAt = whole?.committedAt ?? new Float64Array(count);
    this.acknowledgedAt = whole?.acknowledgedAt ?? new Float64Array(count);
    this.previous = whole?.previous ?? new Int32Array(count);
    this.next = whole?.next ?? new Int32Array(count).fill(-1);
    this.sequence = whole?.sequence ?? new Int32Array(count);
    this.content = whole?.content ?? new Int32Array(count);
    this.exists = whole?.exists ?? new Uint8Array(count);
    this.immutable = whole?.immutable ?? new Uint8Array(count);
    this.update = whole?.update ?? new Int32Array(count);
    this.updateRevision = whole?.updateRevision ?? new Int32Array(count);
    this.action = whole?.action ?? new Uint8Array(count);
    this.ofObject = whole?.ofObject ?? new Int32Array(0);
    this.updateAudience = section?.audience ?? new Int32Array(count);
    this.own = section?.own ?? null;
    this.newest = section?.newest ?? new Int32Array(stored.objectCount).fill(-1);
    this.contentNow = Int32Array.from(section === null ? stored.objectExists : []);
    this.existsNow = stored.objectExists.slice(0, this.contentNow.length);
    this.immutableNow = stored.objectImmutable.slice(0, this.contentNow.length);
  }

  /** The history as the kubelets of a section see it, whose objects have their own numbers. It has to be complete. */
  section(population: Population, memory: Memory): Etcd {
    const { objectStored, objectCount } = population;
    if (objectStored === null) return this;
    const audience = memory.int32(this.updates);
    const own = new GrowableInt32();
    const newest = memory.int32(objectCount).fill(-1);
    const part = new Etcd(this.stored, this.writes, { whole: this, population, audience, own, newest });
    const first = memory.int32(objectCount);
    for (const object of placesHeld(objectStored)) {
      const stored = objectStored[object];
      newest[object] = this.newest[stored];
      first[object] = this.firstOfObject?.[stored] ?? 0;
      for (const revision of this.revisionsOf(stored)) {
        const update = this.update[revision];
        if (update < 0) continue;
        audience[update] = object;
        own.push(update);
      }
    }
    part.firstOfObject = first;
    part.lastCommit = this.lastCommit;
    part.timesOfKind = this.timesOfKind;
    part.revisions = this.revisions;
    part.updates = this.updates;
    part.rejected = this.rejected;
    return part;
  }

  /** Revisions of an object, oldest first, where the history is complete. */
  revisionsOf(object: number): Int32Array {
    const newest = this.newest[object];
    if (newest < 0 || this.firstOfObject === null) return NO_REVISIONS;
    const first = this.firstOfObject[object];
    return this.ofObject.subarray(first, first + this.sequence[newest] + 1);
  }

  /** Visits the updates whose consumers may be here: all so far, or those of a section. */
  eachUpdate(visit: (update: number) => void): void {
    if (this.own === null) for (let update = 0; update < this.updates; update++) visit(update);
    else for (let i = 0; i < this.own.length; i++) visit(this.own.get(i));
  }

  /** Times of the writes of a kind of object, ascending, where the history is complete. */
  writesOfKind(kind: number): readonly number[] {
    return this.timesOfKind[kind];
  }

  /** True where all of the run's history is known. */
  get isComplete(): boolean {
    return this.firstOfObject !== null;
  }

  /** Commits all writes, each at its own time, and indexes the history. */
  commitAll(commitTimes: Float64Array): void {
    const { writes } = this;
    const order = Uint32Array.from({ length: writes.count }, (_, i) => i).sort(
      (a, b) => commitTimes[a] - commitTimes[b] || writes.object.get(a) - writes.object.get(b) || a - b,
    );
    for (const write of order) this.commit(write, commitTimes[write], commitTimes[write] + writes.oneWay.get(write));
    this.index();
  }

  /** Carries out a write; returns its revision, −1 where it is refused or changes nothing. */
  commit(write: number, at: number, acknowledgedAt: number): number {
    const object = this.writes.object.get(write);
    const action = this.writes.action.get(write);
    if (this.refuses(object, action)) {
      if (action === UPDATE) this.rejected[this.existsNow[object] === 1 ? 'immutable' : 'absent']++;
      return -1;
    }
    // A write that changes nothing is not stored and sends no event.
    if (action === MARK_IMMUTABLE && this.immutableNow[object] === 1) return -1;
    if (action === DELETE) this.existsNow[object] = 0;
    else if (action === RECREATE || action === CREATE_OBJECT) this.existsNow[object] = 1;
    else if (action === MARK_IMMUTABLE) this.immutableNow[object] = 1;
    const changes = changesContent(action);
    if (changes) this.contentNow[object]++;
    const revision = this.revisions++;
    const previous = this.newest[object];
    this.object[revision] = object;
    this.write[revision] = write;
    this.sentAt[revision] = this.writes.sent.get(write);
    this.committedAt[revision] = at;
    this.acknowledgedAt[revision] = acknowledgedAt;
    this.action[revision] = action;
    this.previous[revision] = previous;
    if (previous >= 0) {
      this.next[previous] = revision;
      this.sequence[revision] = this.sequence[previous] + 1;
    }
    this.content[revision] = this.contentNow[object];
    this.exists[revision] = this.existsNow[object];
    this.immutable[revision] = this.immutableNow[object];
    this.update[revision] = changes ? this.updates : -1;
    if (changes) {
      this.updateRevision[this.updates] = revision;
      this.updateAudience[this.updates++] = this.writes.audience.get(write);
    }
    this.newest[object] = revision;
    return revision;
  }

  actionOf(revision: number): (typeof WRITE_ACTIONS)[number] {
    return WRITE_ACTIONS[this.action[revision]];
  }

  /** The object's newest revision committed by `time` (inclusive); −1 for its state at the start. */
  revisionAt(object: number, time: number): number {
    const { committedAt, ofObject, firstOfObject } = this;
    if (firstOfObject === null) {
      let revision = this.newest[object];
      while (revision >= 0 && committedAt[revision] > time) revision = this.previous[revision];
      return revision;
    }
    const newest = this.newest[object];
    if (newest < 0) return -1;
    let low = firstOfObject[object];
    let high = low + this.sequence[newest] + 1;
    const first = low;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (committedAt[ofObject[middle]] <= time) low = middle + 1;
      else high = middle;
    }
    return low === first ? -1 : ofObject[low - 1];
  }

  /** The object's revision after one (−1: its state at the start); −1 where there is none. Needs the complete history. */
  following(object: number, revision: number): number {
    if (revision >= 0) return this.next[revision];
    return this.newest[object] < 0 || this.firstOfObject === null ? -1 : this.ofObject[this.firstOfObject[object]];
  }

  /** True where the object has had the content `shown` since before `from`, and is not written up to `to` (inclusive). */
  keeps(object: number, shown: number, from: number, to: number): boolean {
    if (this.newest[object] < 0) return this.atStart.objectExists[object] === shown;
    if (this.firstOfObject === null) return false;
    const revision = this.revisionAt(object, from);
    if (this.contentAt(object, revision) !== shown) return false;
    const next = this.following(object, revision);
    return next < 0 || this.committedAt[next] > to;
  }

  /** The revision of the object's first update after `revision`; −1 where there is none. */
  nextUpdate(revision: number): number {
    let next = this.next[revision];
    while (next >= 0 && this.update[next] < 0) next = this.next[next];
    return next;
  }

  /** Content number at a revision, 0 where the object does not exist then. */
  contentAt(object: number, revision: number): number {
    if (revision < 0) return this.atStart.objectExists[object];
    return this.exists[revision] === 1 ? this.content[revision] : 0;
  }

  /** True where the object is immutable at a revision. */
  immutableAt(object: number, revision: number): boolean {
    return (revision < 0 ? this.atStart.objectImmutable[object] : this.immutable[revision]) === 1;
  }

  /** An update or a rewrite of an absent object is answered 404, an update of an immutable one 422. */
  private refuses(object: number, action: number): boolean {
    if (action === RECREATE || action === CREATE_OBJECT) return false;
    if (this.existsNow[object] === 0) return true;
    return action === UPDATE && this.immutableNow[object] === 1;
  }

  private index(): void {
    const { stored, revisions, object, committedAt } = this;
    for (let revision = 0; revision < revisions; revision++) {
      this.timesOfKind[stored.objectKind[object[revision]]].push(committedAt[revision]);
    }
    if (revisions > 0) this.lastCommit = committedAt[revisions - 1];
    const first = new Int32Array(stored.objectCount + 1);
    for (let revision = 0; revision < revisions; revision++) first[object[revision] + 1]++;
    for (let o = 0; o < stored.objectCount; o++) first[o + 1] += first[o];
    this.ofObject = new Int32Array(revisions);
    for (let revision = 0; revision < revisions; revision++) {
      this.ofObject[first[object[revision]] + this.sequence[revision]] = revision;
    }
    this.firstOfObject = first;
  }
}
