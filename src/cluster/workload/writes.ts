import { SECOND_US } from '../../sim/units.js';
import type { DurationLaw } from '../../sim/distributions.js';
import { latencyLaw } from '../model/latency.js';
import { GrowableFloat64, GrowableInt32 } from '../../sim/growable.js';
import { changesOf } from '../population/lifecycle-plan.js';
import { type RunInput } from '../model/model-input.js';
import {
  isObjectAction,
  type ObjectAction,
  type ReplaceAction,
  type RotateEncryptionKeyAction,
} from '../model/timeline-actions.js';
import { KIND } from '../model/kinds.js';
import { occurrenceAddress } from '../model/random-addresses.js';
import type { Randomness } from '../model/randomness.js';
import type { Syncer } from '../model/operators-input.js';
import { migrationAllows, rewritingStartsAt } from './key-rotation.js';
import { occurrences } from '../model/occurrences.js';
import type { StoredObjects } from '../population/node-source.js';
import { syncersOf } from './syncers.js';

/** What a write does to its object; the position is the numeric code. */
export const WRITE_ACTIONS = ['update', 'delete', 'recreate', 'markImmutable', 'rewrite', 'create'] as const;
export const UPDATE = 0;
export const DELETE = 1;
export const RECREATE = 2;
export const MARK_IMMUTABLE = 3;
/** A replace without a change of content, which stores the object under the newest encryption key. */
export const REWRITE = 4;
/** A new object under a new name, in place of another one. */
export const CREATE_OBJECT = 5;

/** True for actions that give their object new content. */
export function changesContent(action: number): boolean {
  return action === UPDATE || action === RECREATE || action === CREATE_OBJECT;
}

/** Writes `from` to `middle` (exclusive), and those that wait for all of their answers: `middle` to `to`. */
export interface WriteBatch {
  readonly from: number;
  readonly middle: number;
  readonly to: number;
  /** From one of the later writes to the next, µs. */
  readonly spacingUs: number;
}

/** The writes that the timeline sends, in the order of the timeline, before it is known what becomes of them. */
export class Writes {
  readonly sent = new GrowableFloat64();
  readonly oneWay = new GrowableFloat64();
  /** Time in the API server and etcd, where nothing queues, µs. */
  readonly service = new GrowableFloat64();
  readonly object = new GrowableInt32();
  readonly action = new GrowableInt32();
  /** The object whose consumers are due for it: its own, or the one that it replaces. */
  readonly audience = new GrowableInt32();
  /** Address of the occurrence of the timeline that sends it (`occurrenceAddress`). */
  readonly occurrence = new GrowableFloat64();
  /** Writes that are sent when the one before them has been answered. */
  readonly chained = new Set<number>();
  /** Writes that are sent when all those of a range before them have been answered. */
  readonly batches: WriteBatch[] = [];
  /** Writes of what has changed at the store outside of the cluster: when it did, µs, the oldest change that they bring. */
  readonly changedAt = new Map<number, number>();
  /** Those of them that somebody brings who is in charge of their object: sent when that is. */
  readonly brought = new Set<number>();
  private readonly spans = new Map<number, number>();
  private readonly serviceLaw: DurationLaw;
  private readonly roundTrip: DurationLaw;
  /** True where two entries of the timeline may write one object at one instant. */
  private readonly meet: boolean;

  constructor(
    private readonly stored: StoredObjects,
    input: RunInput,
    private readonly random: Randomness,
  ) {
    this.serviceLaw = latencyLaw(input.apiServer.write);
    this.roundTrip = latencyLaw(input.network.roundTrip);
    this.meet = input.timeline.filter(isObjectAction).length > 1;
    const inCharge = syncersOf(stored, input.operators);
    input.timeline.forEach((entry, index) => {
      if (entry.action === 'rotateEncryptionKey') this.rewrites(entry, index, input);
      if (entry.action === 'replace') this.replaces(entry, index, input);
      if (!isObjectAction(entry)) return;
      // Only replacements give a target other objects in the course of the run.
      const lasting = stored.lifecycle === null ? stored.objectsOf(entry.target, entry.kind) : null;
      occurrences(entry, index, input.durationUs, random).forEach((start, occurrence) => {
        const objects = lasting ?? stored.objectsOf(entry.target, entry.kind, start);
        const stream = occurrenceAddress(index, occurrence);
        inOrder(entry.order, objects, stream, stored, random).forEach((object, position) => {
          const at = start + (entry.ratePerS === null ? 0 : Math.round((position * SECOND_US) / entry.ratePerS));
          if (at >= input.durationUs) return;
          if (entry.action === 'rotateAtSource') this.changesAtSource(at, object, inCharge);
          this.add(at, object, actionOf(entry), stream, object);
        });
      });
    });
  }

  /** How long the entry with an index takes to send its writes, where it sends one after another, µs. */
  spanOf(entry: number): number {
    return this.spans.get(entry) ?? 0;
  }

  get count(): number {
    return this.sent.length;
  }

  /** Consumers that changes of content may concern, all together. `consumers`: of each object. */
  audiences(consumers: Int32Array): number {
    let sum = 0;
    for (let write = 0; write < this.count; write++) {
      if (changesContent(this.action.get(write))) sum += consumers[this.audience.get(write)];
    }
    return sum;
  }

  /** The next write is of what changes at its source at `at`. */
  private changesAtSource(at: number, object: number, inCharge: ReadonlyMap<number, Syncer>): void {
    this.changedAt.set(this.count, at);
    if (inCharge.has(object)) this.brought.add(this.count);
  }

  /** Adds a write of `object` at `at`; `stream` addresses its latencies, which `latencies` draws. */
  add(
    at: number,
    object: number,
    action: number,
    stream: number,
    audience: number,
    latencies = this.random.write,
  ): void {
    latencies.pair(this.stored.objectNameHigh[object], this.stored.objectNameLow[object], stream);
    this.sent.push(at);
    this.oneWay.push(Math.round(this.roundTrip.at(latencies.first()) / 2));
    this.service.push(this.serviceLaw.at(latencies.second()));
    this.object.push(object);
    this.action.push(action);
    this.audience.push(audience);
    this.occurrence.push(stream);
  }

  /** A new encryption key: each Secret is replaced by itself, at a rate, or one after another. */
  private rewrites(entry: RotateEncryptionKeyAction, index: number, input: RunInput): void {
    const { stored, random } = this;
    const secrets: number[] = [];
    for (let object = 0; object < stored.objectCount; object++) {
      if (stored.objectKind[object] === KIND.Secret && stored.objectExists[object] === 1) secrets.push(object);
    }
    occurrences(entry, index, input.durationUs, random).forEach((start, occurrence) => {
      const from = rewritingStartsAt(entry, start, input);
      const stream = occurrenceAddress(index, occurrence);
      if (entry.rewrite === 'storageVersionMigration') {
        this.spans.set(index, this.migrates(secrets, from, stream, input) - from);
        return;
      }
      secrets.forEach((object, position) => {
        const at = from + Math.round((position * SECOND_US) / entry.ratePerS);
        if (at < input.durationUs) this.add(at, object, REWRITE, stream, object);
      });
      this.spans.set(index, Math.round((secrets.length * SECOND_US) / entry.ratePerS));
    });
  }

  /**
   * A StorageVersionMigration that begins at `from`: one worker patches object after object, each when the one before it
   * has been answered (`pkg/controller/storageversionmigrator/storageversionmigrator.go` sync). Returns when the last one
   * is answered where nothing queues; with KMS v1 each waits for its key besides, for as long as is to be expected.
   */
  private migrates(secrets: readonly number[], from: number, stream: number, input: RunInput): number {
    const { provider, kmsCall } = input.apiServer.encryption;
    const keyUs = provider === 'kmsV1' ? latencyLaw(kmsCall).expected : 0;
    let answered = from;
    secrets.forEach((object, position) => {
      const at = Math.max(answered, migrationAllows(from, position, input.controllerManager));
      if (at >= input.durationUs) return;
      if (position > 0) this.chained.add(this.count);
      this.add(at, object, REWRITE, stream, object);
      const write = this.count - 1;
      answered = at + Math.round(2 * this.oneWay.get(write) + this.service.get(write));
    });
    return answered + Math.round(secrets.length * keyUs);
  }

  /** Objects that rotate by a new name, or by being deleted and created again. */
  private replaces(entry: ReplaceAction, index: number, input: RunInput): void {
    const { stored, random } = this;
    const { lifecycle } = stored;
    const changes = lifecycle === null ? [] : changesOf(lifecycle, index);
    occurrences(entry, index, input.durationUs, random).forEach((start, occurrence) => {
      const stream = occurrenceAddress(index, occurrence);
      const newName = entry.by === 'newName' && lifecycle !== null;
      const change = changes[occurrence];
      const old = newName
        ? lifecycle.replacedObject.slice(lifecycle.replacedStart[change], lifecycle.replacedStart[change + 1])
        : stored.objectsOf(entry.target, entry.kind, start);
      const successor = new Map<number, number>();
      if (newName)
        old.forEach((object, i) =>
          successor.set(object, lifecycle.replacementObject[lifecycle.replacedStart[change] + i]),
        );
      const ordered = inOrder(entry.order, old, stream, stored, random);
      const timeOf = (position: number): number =>
        start + (entry.ratePerS === null ? 0 : Math.round((position * SECOND_US) / entry.ratePerS));
      if (entry.by === 'recreateAll') {
        this.recreateAll(
          ordered.filter((_, position) => timeOf(position) < input.durationUs),
          timeOf,
          stream,
        );
        return;
      }
      ordered.forEach((object, position) => {
        const at = timeOf(position);
        if (at >= input.durationUs) return;
        const created = successor.get(object);
        if (created !== undefined) {
          this.add(at, created, CREATE_OBJECT, stream, object);
          return;
        }
        this.add(at, object, DELETE, stream, object);
        this.chained.add(this.count);
        this.add(at, object, RECREATE, stream, object, random.followingWrite);
      });
    });
  }

  /** Objects that are deleted one after another, and then created one after another. */
  private recreateAll(objects: Int32Array, timeOf: (position: number) => number, stream: number): void {
    const from = this.count;
    objects.forEach((object, position) => {
      this.add(timeOf(position), object, DELETE, stream, object);
    });
    const middle = this.count;
    objects.forEach((object, position) => {
      this.add(timeOf(position), object, RECREATE, stream, object, this.random.followingWrite);
    });
    this.batches.push({ from, middle, to: this.count, spacingUs: timeOf(1) - timeOf(0) });
  }

  /**
   * When each write commits if nothing queues, µs. Whoever writes an object twice at one instant does it
   * in the order of the timeline.
   */
  commitTimes(): Float64Array {
    const latest = new Map<string, number>();
    return Float64Array.from({ length: this.count }, (_, write) => {
      const at = this.sent.get(write);
      if (!this.meet) return at + this.oneWay.get(write) + this.service.get(write);
      const key = `${this.object.get(write)} ${at}`;
      const commit = Math.max(
        (latest.get(key) ?? -Infinity) + 1,
        at + this.oneWay.get(write) + this.service.get(write),
      );
      latest.set(key, commit);
      return commit;
    });
  }
}

function actionOf({ action }: ObjectAction): number {
  return action === 'rotateAtSource' ? UPDATE : WRITE_ACTIONS.indexOf(action);
}

/** The objects of an entry in the order in which they are written. */
export function inOrder(
  order: 'given' | 'random',
  objects: Int32Array,
  stream: number,
  names: Pick<StoredObjects, 'objectNameHigh' | 'objectNameLow'>,
  random: Randomness,
): Int32Array {
  if (order === 'given') return objects;
  const draw = (object: number): number =>
    random.timeline.uint32(names.objectNameHigh[object], names.objectNameLow[object], stream);
  return objects.slice().sort((a, b) => draw(a) - draw(b) || a - b);
}
