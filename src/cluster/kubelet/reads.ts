import { GrowableFloat64, GrowableInt32 } from '../../sim/growable.js';

/** Kinds of read operation. */
export const VOLUME_READ = 0; // SetUpAt of the volume that begins with a consumer
export const PULL_SECRET_READ = 1; // imagePullSecrets of a running pod's sync
export const CREATE_READ = 2; // imagePullSecrets and environment of a starting pod
export const TOKEN_READ = 3; // SetUpAt of a volume whose token is being asked for

/**
 * Reads that wait for an answer of an API server: which operation waits, and where it stands. Operations
 * are rows in growing arrays; rows are used again, and each row's generation tells an event that it
 * was meant for an earlier operation.
 */
export class Reads {
  readonly kind = new GrowableInt32();
  /** The volume's first consumer, or the pod. */
  readonly entity = new GrowableInt32();
  /** The consumer whose object is being read. */
  readonly consumer = new GrowableInt32();
  /** Failures in a row (volumes), the pod's epoch (syncs), or whether all was found so far (creation). */
  readonly state = new GrowableInt32();
  /** Start of the sync that the read belongs to. */
  readonly syncStart = new GrowableFloat64();
  /** Since when it waits. */
  readonly since = new GrowableFloat64();
  /** The kubelet's incarnation that reads. */
  readonly incarnation = new GrowableInt32();
  private readonly generations = new GrowableInt32();
  private readonly following = new GrowableInt32();
  private free = -1;
  /** Operations that wait. */
  waiting = 0;

  /** A new operation that waits since `since`; returns its row. The columns `state` and `syncStart` are the caller's. */
  open(kind: number, entity: number, consumer: number, since: number, incarnation: number): number {
    let read = this.free;
    if (read >= 0) {
      this.free = this.following.get(read);
    } else {
      read = this.kind.length;
      for (const column of [this.kind, this.entity, this.consumer, this.state, this.incarnation]) column.push(0);
      this.syncStart.push(0);
      this.since.push(0);
      this.generations.push(0);
      this.following.push(-1);
    }
    this.kind.set(read, kind);
    this.entity.set(read, entity);
    this.consumer.set(read, consumer);
    this.state.set(read, 0);
    this.syncStart.set(read, 0);
    this.since.set(read, since);
    this.incarnation.set(read, incarnation);
    this.waiting++;
    return read;
  }

  /** The operation does not wait any more; its row may be used again. */
  close(read: number): void {
    this.generations.set(read, (this.generations.get(read) + 1) & 0xfffffff);
    this.following.set(read, this.free);
    this.free = read;
    this.waiting--;
  }

  generation(read: number): number {
    return this.generations.get(read);
  }
}
