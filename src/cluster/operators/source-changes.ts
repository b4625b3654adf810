import type { Writes } from '../workload/writes.js';
import type { Bundle } from './bundle.js';

/** What has changed at the store outside of the cluster, object by object, and the write that brings each change. */
export class SourceChanges {
  /** Writes of an object's changes, in the order of time. */
  private readonly ofObject = new Map<number, number[]>();

  /** `bundle`: what is copied within the cluster; null: nothing is. */
  constructor(
    private readonly writes: Writes,
    private readonly bundle: Bundle | null,
  ) {
    for (const write of writes.brought) {
      const object = writes.object.get(write);
      const known = this.ofObject.get(object);
      if (known === undefined) this.ofObject.set(object, [write]);
      else known.push(write);
    }
    for (const changes of this.ofObject.values()) changes.sort((a, b) => this.timeOf(a) - this.timeOf(b) || a - b);
  }

  /** The writes of an object's changes, in the order of time. */
  of(object: number): readonly number[] {
    return this.ofObject.get(object) ?? [];
  }

  /** How often an object has changed by a time, inclusive; a copy: how often that which it is a copy of has been written. */
  count(object: number, at: number): number {
    if (this.bundle?.copies.has(object) === true) return Math.min(this.of(object).length, this.bundle.committedChanges);
    return this.of(object).filter((write) => this.timeOf(write) <= at).length;
  }

  /**
   * The write that brings an object from one version to a later one; it counts from the oldest change that it brings.
   * Versions are numbers of changes.
   */
  bring(object: number, from: number, to: number): number {
    const changes = this.of(object);
    const write = changes[to - 1];
    this.writes.changedAt.set(write, this.timeOf(changes[from]));
    return write;
  }

  /** When a change happened at the store. */
  timeOf(write: number): number {
    return this.writes.changedAt.get(write) ?? this.writes.sent.get(write);
  }
}
