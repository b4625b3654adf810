import { extendName, nameOf } from '../../sim/names.js';
import type { Change } from './lifecycle-changes.js';
import { AT_START } from './lifecycle-plan.js';
import type { ObjectClass, Scope, SyntheticCluster } from '../model/model-input.js';
import { BUNDLE_SELECTIONS, KIND } from '../model/kinds.js';
import { ObjectFamilies } from './object-families.js';
import { chosenShare } from './shares.js';
import { joinedBefore, type SyntheticRoster } from './synthetic-roster.js';
import { nameColumns, setName } from './population.js';

/** Where the objects of a class stand among all objects, and who uses them. */
export interface ClassRange {
  readonly spec: ObjectClass;
  readonly first: number;
  /** Objects of the whole run, without those that replace others. */
  readonly count: number;
  /** True where the replica's pods use the class. */
  readonly users: (replica: number) => boolean;
  /** Change with which each of those who have objects of their own joins; null: shared by all, or by a namespace. */
  readonly joins: Int32Array | null;
}

/** The classes of a cluster with their objects, one class after another. */
export function classRanges(cluster: SyntheticCluster, seed: string, roster: SyntheticRoster): ClassRange[] {
  const { replicaNames } = roster;
  const scopes: Readonly<Record<Scope, { readonly count: number; readonly joins: Int32Array | null }>> = {
    cluster: { count: 1, joins: null },
    namespace: { count: cluster.namespaces, joins: null },
    deployment: { count: roster.deploymentCount, joins: roster.deploymentJoins },
    node: { count: roster.nodeCount, joins: roster.nodeJoins },
    pod: { count: roster.replicaCount, joins: roster.replicaJoins },
  };
  let first = 0;
  return cluster.classes.map((spec) => {
    const { count, joins } = scopes[spec.scope];
    const users = chosenShare(roster.replicasAtStart, spec.podFraction, seed, ['users', spec.name], (replica) => ({
      high: replicaNames.high[replica],
      low: replicaNames.low[replica],
    }));
    const range = { spec, first, count: count * spec.count, users, joins };
    first += range.count;
    return range;
  });
}

/** Objects of a class that are there before a change, without those that replace others. */
export function objectsBefore({ spec, count, joins }: ClassRange, change: number): number {
  return joins === null ? count : joinedBefore(joins, change) * spec.count;
}

/** The generations of objects that the timeline's `replace` entries make. */
export function replaceByNewNames(
  ranges: readonly ClassRange[],
  changes: readonly Change[],
  replacedBy: (change: Change) => readonly ClassRange[],
): ObjectFamilies {
  const objects = ranges.reduce((sum, { count }) => sum + count, 0);
  const families = new ObjectFamilies(objects, changes.length);
  changes.forEach((change, index) => {
    for (const range of replacedBy(change)) families.replace(index, range.first, objectsBefore(range, index));
  });
  return families;
}

/** The columns of the objects. */
export function objectColumns(
  ranges: readonly ClassRange[],
  families: ObjectFamilies,
  roster: SyntheticRoster,
  seed: string,
) {
  const { replicaNames } = roster;
  const { objectCount } = families;
  const names = nameColumns(objectCount);
  const objectClass = new Int32Array(objectCount);
  const objectKind = new Uint8Array(objectCount);
  const objectSize = new Float64Array(objectCount);
  const objectImmutable = new Uint8Array(objectCount);
  const objectSelectedBy = new Uint8Array(objectCount);
  const objectTrigger = new Int32Array(objectCount);
  const objectExists = new Uint8Array(objectCount);
  const objectArrives = new Uint8Array(objectCount);
  let triggers = 0;
  ranges.forEach((range, index) => {
    const { spec, first, count } = range;
    objectClass.fill(index, first, first + count);
    objectKind.fill(KIND[spec.kind], first, first + count);
    objectSize.fill(spec.sizeBytes, first, first + count);
    objectSelectedBy.fill(BUNDLE_SELECTIONS.indexOf(spec.selectedBy ?? 'name'), first, first + count);
    objectExists.fill(1, first, first + count);
    const tag = nameOf(spec.name);
    // Objects of the same class are called alike in all namespaces; those of a deployment, node or pod after it.
    const namesakes = spec.scope === 'cluster' || spec.scope === 'namespace';
    for (let i = 0; i < count; i++) {
      const shared = Math.floor(i / spec.count);
      const base =
        spec.scope === 'pod'
          ? { high: replicaNames.high[shared] ^ tag.high, low: replicaNames.low[shared] ^ tag.low }
          : extendName(tag, shared);
      setName(names, first + i, extendName(base, i % spec.count));
      objectTrigger[first + i] = triggers + (namesakes ? i % spec.count : i);
    }
    triggers += namesakes ? spec.count : count;
    const atStart = objectsBefore(range, AT_START + 1);
    const immutable = chosenShare(atStart, spec.immutableShare, seed, ['immutable', spec.name], (i) => ({
      high: names.high[first + i],
      low: names.low[first + i],
    }));
    for (let i = 0; i < count; i++) objectImmutable[first + i] = immutable(i) ? 1 : 0;
  });
  const originals = objectCount - families.original.length;
  families.name(names);
  return {
    objectClass: families.extend(objectClass),
    objectKind: families.extend(objectKind),
    objectSize: families.extend(objectSize),
    objectImmutable: families.extend(objectImmutable),
    objectSelectedBy: families.extend(objectSelectedBy),
    objectTrigger: families.extendTriggers(objectTrigger),
    objectExists,
    objectArrives: objectArrives.fill(1, originals),
    objectNameHigh: names.high,
    objectNameLow: names.low,
  };
}
