import { RowPool } from '../../sim/row-pool.js';

/** Kinds of read operation. */
export const VOLUME_READ = 0; // SetUpAt of the volume that begins with a consumer
export const PULL_SECRET_READ = 1; // imagePullSecrets of a running pod's sync
export const CREATE_READ = 2; // imagePullSecrets and environment of a starting pod
export const TOKEN_READ = 3; // SetUpAt of a volume whose token is being asked for

/** Reads that wait for an answer of an API server: which operation waits, and where it stands. */
export class Reads extends RowPool {
  readonly kind = this.column(Uint8Array);
  /** The volume's first consumer, or the pod. */
  readonly entity = this.column(Int32Array);
  /** The consumer whose object is being read. */
  readonly consumer = this.column(Int32Array);
  /** Failures in a row (volumes), the pod's epoch (syncs), or whether all was found so far (creation). */
  readonly state = this.column(Int32Array);
  /** Start of the sync that the read belongs to. */
  readonly syncStart = this.column(Float64Array);
  /** Since when it waits. */
  readonly since = this.column(Float64Array);
  /** The kubelet's incarnation that reads. */
  readonly incarnation = this.column(Int32Array);

  /** A new operation that waits since `since`; returns its row. The columns `state` and `syncStart` are the caller's. */
  open(kind: number, entity: number, consumer: number, since: number, incarnation: number): number {
    const read = this.take();
    this.kind[read] = kind;
    this.entity[read] = entity;
    this.consumer[read] = consumer;
    this.state[read] = 0;
    this.syncStart[read] = 0;
    this.since[read] = since;
    this.incarnation[read] = incarnation;
    return read;
  }
}
