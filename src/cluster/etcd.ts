import { ShiftedExponential } from '../sim/distributions.js';
import { GrowableFloat64, GrowableInt32 } from '../sim/growable.js';
import type { Load } from './load.js';
import { WRITE } from './load.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from './costs.js';
import { isObjectAction, type ModelInput, type ObjectAction } from './model-input.js';
import type { Randomness } from './randomness.js';
import { occurrences } from './timeline.js';
import { groupBy, type Topology } from './topology.js';

const ACTIONS = ['update', 'delete', 'recreate', 'markImmutable'] as const;
const UPDATE = 0;
const DELETE = 1;
const RECREATE = 2;
const MARK_IMMUTABLE = 3;

/** A write as it is sent, before it is known whether it succeeds. */
interface Attempts {
  readonly sent: GrowableFloat64;
  readonly commit: GrowableFloat64;
  readonly acknowledged: GrowableFloat64;
  readonly object: GrowableInt32;
  readonly action: GrowableInt32;
}

/**
 * The store's history: every write of the timeline that is committed, in order of commit. A write's
 * position is its revision. Requests have latency and never queue here, so what the kubelets do
 * cannot delay a write, and the whole history is known before the first kubelet runs.
 */
export class Etcd {
  /** Per revision. */
  readonly object: Int32Array;
  readonly sentAt: Float64Array;
  readonly committedAt: Float64Array;
  readonly acknowledgedAt: Float64Array;
  /** The object's previous revision, −1 where this is its first. */
  readonly previous: Int32Array;
  /** Position among the object's revisions, from 0. */
  readonly sequence: Int32Array;
  /** Number of the content after this revision: 1 is the content at the start of the simulation. */
  readonly content: Int32Array;
  /** 1 where the object exists after this revision. */
  readonly exists: Uint8Array;
  readonly immutable: Uint8Array;
  /** Running number of the update that this revision is, from 0; −1: the content did not change. */
  readonly update: Int32Array;
  /** Revision of each update. */
  readonly updateRevision: Int32Array;
  /** Index into ACTIONS of each revision. */
  private readonly action: Int32Array;
  /** Revisions of object o, oldest first: ofObject[firstOfObject[o] … firstOfObject[o + 1]]. */
  private readonly firstOfObject: Int32Array;
  private readonly ofObject: Int32Array;
  /** Newest revision of each object, −1 where it was never written. */
  readonly newest: Int32Array;
  /** Updates that were answered with an error (immutable: 422; absent: 404). */
  readonly rejected: number;

  constructor(
    private readonly topology: Topology,
    input: ModelInput,
    random: Randomness,
    load: Load,
  ) {
    const attempts = send(topology, input, random);
    const order = Uint32Array.from({ length: attempts.sent.length }, (_, i) => i).sort(
      (a, b) =>
        attempts.commit.get(a) - attempts.commit.get(b) || attempts.object.get(a) - attempts.object.get(b) || a - b,
    );
    const revisions = new GrowableInt32();
    const previous = new GrowableInt32();
    const content = new GrowableInt32();
    const state = new GrowableInt32();
    const updates = new GrowableInt32();
    const updateRevision = new GrowableInt32();
    const newest = new Int32Array(topology.objectCount).fill(-1);
    const contentNow = Int32Array.from(topology.objectExists);
    const existsNow = topology.objectExists.slice();
    const immutableNow = topology.objectImmutable.slice();
    let rejected = 0;
    for (const attempt of order) {
      const object = attempts.object.get(attempt);
      const action = attempts.action.get(attempt);
      const size = topology.objectSize[object] + OBJECT_OVERHEAD_BYTES;
      const server = Math.floor(
        random.connection.uniform(attempt, topology.objectNameLow[object], 1) * input.apiServers,
      );
      const kind = topology.objectKind[object];
      load.request(
        server,
        attempts.sent.get(attempt),
        WRITE,
        kind,
        topology.objectClass[object],
        size,
        cpuNs(input.apiServer.costs.write, size),
      );
      const refused =
        action === RECREATE ? false : existsNow[object] === 0 || (action === UPDATE && immutableNow[object] === 1);
      if (refused) {
        if (action === UPDATE) rejected++;
        continue;
      }
      // A write that changes nothing is not stored and sends no event.
      if (action === MARK_IMMUTABLE && immutableNow[object] === 1) continue;
      if (action === DELETE) existsNow[object] = 0;
      else if (action === RECREATE) existsNow[object] = 1;
      else if (action !== UPDATE) immutableNow[object] = 1;
      const changes = action === UPDATE || action === RECREATE;
      if (changes) contentNow[object]++;
      const revision = revisions.length;
      updates.push(changes ? updateRevision.length : -1);
      if (changes) updateRevision.push(revision);
      revisions.push(attempt);
      previous.push(newest[object]);
      content.push(contentNow[object]);
      state.push(existsNow[object] * 2 + immutableNow[object]);
      newest[object] = revision;
    }
    const order2 = revisions.view();
    this.object = Int32Array.from(order2, (attempt) => attempts.object.get(attempt));
    this.sentAt = Float64Array.from(order2, (attempt) => attempts.sent.get(attempt));
    this.committedAt = Float64Array.from(order2, (attempt) => attempts.commit.get(attempt));
    this.acknowledgedAt = Float64Array.from(order2, (attempt) => attempts.acknowledged.get(attempt));
    this.action = Int32Array.from(order2, (attempt) => attempts.action.get(attempt));
    this.previous = previous.view();
    this.content = content.view();
    this.exists = Uint8Array.from(state.view(), (bits) => bits >> 1);
    this.immutable = Uint8Array.from(state.view(), (bits) => bits & 1);
    this.update = updates.view();
    this.updateRevision = updateRevision.view();
    this.newest = newest;
    this.rejected = rejected;
    const byObject = groupBy(this.object, topology.objectCount);
    this.firstOfObject = byObject.start;
    this.ofObject = byObject.members;
    this.sequence = new Int32Array(this.object.length);
    for (let r = 0; r < this.sequence.length; r++)
      if (this.previous[r] >= 0) this.sequence[r] = this.sequence[this.previous[r]] + 1;
  }

  /** Committed writes. */
  get revisions(): number {
    return this.object.length;
  }

  /** Committed changes of content. */
  get updates(): number {
    return this.updateRevision.length;
  }

  actionOf(revision: number): (typeof ACTIONS)[number] {
    return ACTIONS[this.action[revision]];
  }

  /** The object's newest revision committed by `time` (inclusive); −1 for its state at the start. */
  revisionAt(object: number, time: number): number {
    const { committedAt, ofObject } = this;
    let low = this.firstOfObject[object];
    let high = this.firstOfObject[object + 1];
    const first = low;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (committedAt[ofObject[middle]] <= time) low = middle + 1;
      else high = middle;
    }
    return low === first ? -1 : ofObject[low - 1];
  }

  /** The revision of the object's first update after `revision`; −1 where there is none. */
  nextUpdate(revision: number): number {
    const object = this.object[revision];
    const end = this.firstOfObject[object + 1];
    for (let i = this.firstOfObject[object] + this.sequence[revision] + 1; i < end; i++) {
      if (this.update[this.ofObject[i]] >= 0) return this.ofObject[i];
    }
    return -1;
  }

  /** Content number at a revision, 0 where the object does not exist then. */
  contentAt(object: number, revision: number): number {
    if (revision < 0) return this.topology.objectExists[object];
    return this.exists[revision] === 1 ? this.content[revision] : 0;
  }

  /** True where the object is immutable at a revision. */
  immutableAt(object: number, revision: number): boolean {
    return (revision < 0 ? this.topology.objectImmutable[object] : this.immutable[revision]) === 1;
  }
}

/** All writes that the timeline sends, with their latencies. */
function send(topology: Topology, input: ModelInput, random: Randomness): Attempts {
  const service = new ShiftedExponential(input.apiServer.write.p50Us, input.apiServer.write.p99Us);
  const roundTrip = new ShiftedExponential(input.network.roundTrip.p50Us, input.network.roundTrip.p99Us);
  const attempts: Attempts = {
    sent: new GrowableFloat64(),
    commit: new GrowableFloat64(),
    acknowledged: new GrowableFloat64(),
    object: new GrowableInt32(),
    action: new GrowableInt32(),
  };
  const several = input.timeline.filter(isObjectAction).length > 1;
  const latest = new Map<string, number>();
  input.timeline.forEach((entry, index) => {
    if (!isObjectAction(entry)) return;
    const objects = topology.objectsOf(entry.target, entry.kind);
    occurrences(entry, index, input.durationUs, random).forEach((start, occurrence) => {
      const stream = index * 0x10000 + occurrence;
      inOrder(entry, objects, stream, topology, random).forEach((object, position) => {
        const at = start + (entry.ratePerS === null ? 0 : Math.round((position * 1e6) / entry.ratePerS));
        if (at >= input.durationUs) return;
        random.write.pair(topology.objectNameHigh[object], topology.objectNameLow[object], stream);
        const oneWay = Math.round(roundTrip.at(random.write.first()) / 2);
        // Whoever writes an object twice at one instant does it in the order of the timeline.
        const writes = `${object} ${at}`;
        const earlier = several ? (latest.get(writes) ?? -Infinity) : -Infinity;
        const commit = Math.max(earlier + 1, at + oneWay + service.at(random.write.second()));
        if (several) latest.set(writes, commit);
        attempts.sent.push(at);
        attempts.commit.push(commit);
        attempts.acknowledged.push(commit + oneWay);
        attempts.object.push(object);
        attempts.action.push(ACTIONS.indexOf(entry.action));
      });
    });
  });
  return attempts;
}

/** The objects of an entry in the order in which they are written. */
function inOrder(
  entry: ObjectAction,
  objects: Int32Array,
  stream: number,
  topology: Topology,
  random: Randomness,
): Int32Array {
  if (entry.order === 'given') return objects;
  const draw = (object: number): number =>
    random.timeline.uint32(topology.objectNameHigh[object], topology.objectNameLow[object], stream);
  return objects.slice().sort((a, b) => draw(a) - draw(b) || a - b);
}
