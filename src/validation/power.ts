import type { GroupData } from './group-data.js';
import type { Alterations, Group } from './laboratory.js';
import { groupCase, type ReferenceRuns } from './real-cluster.js';
import type { Case } from './replications.js';

/** Replications of each wrong model. */
export const WRONG_REPLICATIONS = 50;

/** A model that is wrong on purpose, and the groups that it is tried on. */
interface WrongModel {
  readonly name: string;
  readonly groups: readonly string[];
  readonly changes: Alterations;
}

const WRONG_MODELS: readonly WrongModel[] = [
  {
    name: 'no jitter of the sync interval',
    groups: ['a', 'b', 'd'],
    changes: { kubelet: { workerResyncIntervalJitterFactor: 0 } },
  },
  { name: 'syncFrequency 10 % longer', groups: ['a', 'b'], changes: { kubelet: { syncFrequency: '66s' } } },
  { name: 'syncFrequency 10 % longer', groups: ['d'], changes: { kubelet: { syncFrequency: '11s' } } },
  { name: 'half the TTL', groups: ['b'], changes: { kubelet: { nodeTTL: '30s' } } },
  { name: 'twice the TTL', groups: ['b'], changes: { kubelet: { nodeTTL: '120s' } } },
  {
    name: 'no shared cache: every sync reads',
    groups: ['b'],
    changes: { kubelet: { configMapAndSecretChangeDetectionStrategy: 'Get' } },
  },
  {
    name: 'cache instead of watches',
    groups: ['a'],
    changes: { kubelet: { configMapAndSecretChangeDetectionStrategy: 'Cache' } },
  },
  {
    name: 'status updates do not drop the cache (≥1.29)',
    groups: ['b'],
    changes: { behaviours: { cacheInvalidation: 'firstReference' } },
  },
  { name: 'watches of 30 to 60 min (≥1.31)', groups: ['a'], changes: { behaviours: { minWatchTimeout: '30m' } } },
  { name: 'immutable objects stay watched', groups: ['a'], changes: { behaviours: { immutableStop: false } } },
];

/** What the validation makes of a model. */
export interface PowerRow {
  readonly model: string;
  readonly group: string;
  /** True where the measurement rejects the model; null for the right one, which has a table of its own. */
  readonly measurementRejects: boolean | null;
  /** Share of the model's own replications that are rejected as a measurement of the right model. */
  readonly rejected: number;
  readonly replications: number;
}

/** A wrong model on a group, and its replications. */
export interface PowerCase {
  readonly model: string;
  readonly group: string;
  readonly run: Case<GroupData>;
}

/** Every wrong model on every group that it is tried on. */
export function powerCases(groups: readonly Group[]): PowerCase[] {
  return WRONG_MODELS.flatMap(({ name, groups: on, changes }) =>
    groups
      .filter(({ group }) => on.includes(group))
      .map((group) => ({ model: name, group: group.group, run: groupCase(group, WRONG_REPLICATIONS, changes) })),
  );
}

/** How often the right model is rejected: each replication against the others. */
export function falseAlarms(group: string, reference: ReferenceRuns): PowerRow {
  const rejected = reference.runs.filter((run, index) => reference.rejects(run, index)).length;
  const replications = reference.runs.length;
  return { model: 'the right one', group, measurementRejects: null, rejected: rejected / replications, replications };
}

/** How often a wrong model is rejected, and whether the measurement rejects it. */
export function rejectionPower(
  { model, group }: PowerCase,
  runs: readonly GroupData[],
  measurementRejects: boolean,
  right: ReferenceRuns,
): PowerRow {
  const rejected = runs.filter((run) => right.rejects(run)).length;
  return { model, group, measurementRejects, rejected: rejected / runs.length, replications: runs.length };
}
