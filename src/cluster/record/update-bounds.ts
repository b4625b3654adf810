import type { Etcd } from '../etcd/etcd.js';
import type { Audiences } from '../kubelet/audience.js';
import { UpdateBounds } from '../kubelet/update-bound.js';
import { type Bound, widestBound } from '../model/bound.js';
import type { UpdateRecord } from '../model/run-record.js';
import type { RunInput } from '../model/model-input.js';

/** The updates of a run, each with its bound, and what holds for all of them that a pod can see. */
export interface BoundedUpdates {
  readonly updates: readonly UpdateRecord[];
  /** null: there is no update. */
  readonly bound: Bound | null;
}

/** Gives a run's updates, in order of commit, their bounds. */
export function withBounds(
  records: readonly Omit<UpdateRecord, 'boundS'>[],
  input: RunInput,
  etcd: Etcd,
  audiences: Audiences,
): BoundedUpdates {
  if (records.length === 0) return { updates: [], bound: null };
  const bounds = new UpdateBounds(input, etcd.stored, audiences);
  const all = records.map((record, update) => {
    const revision = etcd.updateRevision[update];
    const bound = bounds.of(etcd.updateAudience[update], etcd.committedAt[revision]);
    return { record: { ...record, boundS: bound.seconds }, bound };
  });
  const seen = all.filter(({ record }) => record.reached + record.pending > 0);
  return {
    updates: all.map(({ record }) => record),
    bound: widestBound((seen.length > 0 ? seen : all).map(({ bound }) => bound)),
  };
}
