import { NEWEST_RELEASE, OLDEST_RELEASE, type Release } from '../cluster/model/releases.js';
import { SWITCH_NAMES, SWITCHES } from '../cluster/model/switches/switches.js';
import { type Behaviours, behavioursOf } from '../cluster/model/versions.js';
import { durationUs } from '../experiment/language/values/durations.js';
import type { GroupData, RoundsData, StartData } from './group-data.js';
import type { Group, Laboratory } from './laboratory.js';
import type { Alterations } from './laboratory-cluster.js';
import { dataOf, groupCases, type MeasuredGroup, ReferenceRuns } from './real-cluster.js';
import type { Case } from './replications.js';

/** Replications of each wrong model. */
export const WRONG_REPLICATIONS = 20;

/** What a node's TTL is where it has no annotation (`pkg/kubelet/util/manager` GetObjectTTLFromNodeFunc), s. */
const UNSET_TTL = '60s';

/** A model that is wrong on purpose: it differs from what the group had. */
interface WrongModel {
  readonly name: string;
  readonly changes: Alterations;
}

/** Wrong clocks of a group's syncs. */
function wrongClocks({ syncFrequency }: Group): WrongModel[] {
  return [
    { name: 'no jitter of the sync interval', changes: { kubelet: { workerResyncIntervalJitterFactor: 0 } } },
    { name: 'syncFrequency 10 % longer', changes: { kubelet: { syncFrequency: times(syncFrequency, 1.1) } } },
  ];
}

/** Wrong caches of a group under Cache. */
function wrongCaches({ nodeTTL }: Group, { cacheInvalidation }: Behaviours): WrongModel[] {
  const ttl = nodeTTL === 'unset' ? UNSET_TTL : nodeTTL;
  const other = cacheInvalidation === 'firstReference' ? 'podEvent' : 'firstReference';
  return [
    { name: 'half the TTL', changes: { kubelet: { nodeTTL: times(ttl, 0.5) } } },
    { name: 'twice the TTL', changes: { kubelet: { nodeTTL: times(ttl, 2) } } },
    {
      name: 'no shared cache: every sync reads',
      changes: { kubelet: { configMapAndSecretChangeDetectionStrategy: 'Get' } },
    },
    { name: 'the cache of another release', changes: { behaviours: { cacheInvalidation: other } } },
  ];
}

/** Wrong watches of a group under Watch; one of them is the behaviours of another release as a whole. */
function wrongWatches(release: Release): WrongModel[] {
  const { minWatchTimeout } = behavioursOf(release, release);
  const others = [OLDEST_RELEASE, NEWEST_RELEASE].filter((other) => differsAtNodes(release, other));
  return [
    {
      name: 'cache instead of watches',
      changes: { kubelet: { configMapAndSecretChangeDetectionStrategy: 'Cache' } },
    },
    {
      name: 'the watches of another release',
      changes: { behaviours: { minWatchTimeout: minWatchTimeout === 300 ? '30m' : '5m' } },
    },
    { name: 'immutable objects stay watched', changes: { behaviours: { immutableStop: false } } },
    ...others.map((other) => ({ name: `behaviours of ${other}`, changes: { release: other } })),
  ];
}

/** True where groups can tell two releases apart: more than how a server starts is different. */
function differsAtNodes(release: Release, other: Release): boolean {
  const [own, theirs] = [behavioursOf(release, release), behavioursOf(other, other)];
  return SWITCH_NAMES.some((name) => own[name] !== theirs[name] && SWITCHES[name].of !== 'server');
}

/** A duration, so many times. */
const times = (duration: string, factor: number): string => `${Math.round(durationUs(duration) * factor)}us`;

/** What the validation makes of a model. */
export interface PowerRow {
  readonly laboratory: Laboratory;
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
  readonly measured: MeasuredGroup;
  readonly cases: readonly [Case<StartData>, Case<RoundsData>];
}

/**
 * Every wrong model of a laboratory's groups: of clocks on the first group of each strategy and period, the others on
 * the first group of their strategy.
 */
export function powerCases(laboratory: Laboratory): PowerCase[] {
  const { groups, release } = laboratory;
  const firstOf = (key: (group: Group) => string): readonly Group[] =>
    groups.filter((group, index) => groups.findIndex((other) => key(other) === key(group)) === index);
  const strategyOf = (group: Group): string => group.configMapAndSecretChangeDetectionStrategy;
  const on = (group: Group, wrong: readonly WrongModel[]): PowerCase[] =>
    wrong.map(({ name, changes }) => {
      const measured = { laboratory, group };
      return { model: name, measured, cases: groupCases(measured, WRONG_REPLICATIONS, changes) };
    });
  return [
    ...firstOf((group) => `${strategyOf(group)} ${group.syncFrequency}`).flatMap((group) =>
      on(group, wrongClocks(group)),
    ),
    ...firstOf(strategyOf).flatMap((group) => {
      if (strategyOf(group) === 'Cache') return on(group, wrongCaches(group, behavioursOf(release, release)));
      return strategyOf(group) === 'Watch' ? on(group, wrongWatches(release)) : [];
    }),
  ];
}

/** How often the right model is rejected: each replication against the others. */
export function falseAlarms({ laboratory, group }: MeasuredGroup, reference: ReferenceRuns): PowerRow {
  const rejected = reference.runs.filter((run, index) => reference.rejects(run, index)).length;
  const replications = reference.runs.length;
  return {
    laboratory,
    model: 'the right one',
    group: group.group,
    measurementRejects: null,
    rejected: rejected / replications,
    replications,
  };
}

/** How often a wrong model is rejected, and whether the measurement rejects it. */
export function rejectionPower(
  { model, measured }: PowerCase,
  runs: readonly GroupData[],
  right: ReferenceRuns,
): PowerRow {
  const rejected = runs.filter((run) => right.rejects(run)).length;
  return {
    laboratory: measured.laboratory,
    model,
    group: measured.group.group,
    measurementRejects: new ReferenceRuns(runs).rejects(dataOf(measured)),
    rejected: rejected / runs.length,
    replications: runs.length,
  };
}
