import { extendName, type NameHash, nameOf } from '../../sim/names.js';
import type { ObjectClass, SyntheticCluster } from '../model/model-input.js';
import { isStored, KIND, MODE, OBJECT_KINDS } from '../model/kinds.js';
import { classesOf } from '../model/target-names.js';
import { namedTarget, type TimelineAction } from '../model/timeline-actions.js';
import type { ClusterFacts, StoredObjects } from './node-source.js';
import { nameColumns, setName } from './population.js';
import { liesInVolume, type SecretExposure } from './secret-exposure.js';
import { belongsTo, type ShareBound, shareBound } from './shares.js';
import type { SyntheticLayout } from './synthetic-layout.js';

/** A class of objects of a cluster that is made from counts. */
export interface SectionClass {
  readonly spec: ObjectClass;
  readonly tag: NameHash;
  /** Number of its first object in the whole cluster, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** Number of its first object among those that are stored; −1: none is. */
  readonly firstStored: number;
  /** Pods that use it, and objects that are immutable. */
  readonly users: ShareBound;
  readonly immutable: ShareBound;
}

/** The classes, one after another; stored are those that the timeline names. */
export function sectionClasses(
  { classes }: SyntheticCluster,
  layout: SyntheticLayout,
  seed: string,
  timeline: readonly TimelineAction[],
): readonly SectionClass[] {
  const named = new Set(
    timeline.flatMap((entry) => {
      const target = namedTarget(entry);
      return target === null ? [] : classesOf(classes, target.target, target.kind);
    }),
  );
  let [first, stored] = [0, 0];
  return classes.map((spec): SectionClass => {
    const tag = nameOf(spec.name);
    const count = layout.scopes(spec.scope) * spec.count;
    const made = {
      spec,
      tag,
      first,
      count,
      firstStored: named.has(spec) ? stored : -1,
      users: shareBound(layout.pods, spec.podFraction, seed, ['users', spec.name], (pod) => layout.podName(pod)),
      immutable: shareBound(count, spec.immutableShare, seed, ['immutable', spec.name], (i) =>
        objectName(layout, spec, tag, i),
      ),
    };
    first += count;
    if (named.has(spec)) stored += count;
    return made;
  });
}

/** How many consumers come before those of each node in the whole cluster, and of all nodes. */
export function consumersBefore(layout: SyntheticLayout, classes: readonly SectionClass[]): Float64Array {
  const [all, some] = [true, false].map((whole) => classes.filter(({ users }) => (users.below === Infinity) === whole));
  const ofAll = all.reduce((sum, { spec }) => sum + spec.count, 0);
  const before = new Float64Array(layout.nodes + 1).fill(layout.podsPerNode * ofAll, 1);
  for (const { spec, users } of some) {
    for (let pod = 0; pod < layout.pods; pod++) {
      layout.find(pod);
      if (!belongsTo(users, layout.foundHigh, layout.foundLow)) continue;
      before[layout.nodeOf(pod) + 1] += spec.count;
    }
  }
  for (let node = 0; node < layout.nodes; node++) before[node + 1] += before[node];
  return before;
}

/** The name of object number `i` of a class. */
function objectName(layout: SyntheticLayout, { scope, count }: ObjectClass, tag: NameHash, i: number): NameHash {
  return extendName(layout.scopeName(scope, tag, Math.floor(i / count)), i % count);
}

/** The objects of the classes that a timeline names, as those know them who write them. */
export function storedObjects(classes: readonly SectionClass[], layout: SyntheticLayout): StoredObjects {
  const named = classes.filter(({ firstStored }) => firstStored >= 0);
  const objectCount = named.reduce((sum, { count }) => sum + count, 0);
  const names = nameColumns(objectCount);
  const objectNumber = new Int32Array(objectCount);
  const objectClass = new Int32Array(objectCount);
  const objectImmutable = new Uint8Array(objectCount);
  for (const each of named) {
    const { spec, tag, first, count, firstStored, immutable } = each;
    objectClass.fill(classes.indexOf(each), firstStored, firstStored + count);
    for (let i = 0; i < count; i++) {
      const name = objectName(layout, spec, tag, i);
      setName(names, firstStored + i, name);
      objectNumber[firstStored + i] = first + i;
      objectImmutable[firstStored + i] = belongsTo(immutable, name.high, name.low) ? 1 : 0;
    }
  }
  return {
    objectCount,
    objectNumber,
    objectClass,
    objectKind: Uint8Array.from(objectClass, (each) => KIND[classes[each].spec.kind]),
    objectSize: Float64Array.from(objectClass, (each) => classes[each].spec.sizeBytes),
    objectImmutable,
    objectExists: new Uint8Array(objectCount).fill(1),
    objectNameHigh: names.high,
    objectNameLow: names.low,
    classNames: classes.map(({ spec }) => spec.name),
    lifecycle: null,
    objectsOf: (target, kind) => objectsOf(named, target, kind),
    objectName(object) {
      const { spec, firstStored } = classes[objectClass[object]];
      const i = object - firstStored;
      return labelOf(layout, spec, Math.floor(i / spec.count), i % spec.count);
    },
  };
}

/** How object `i` of those is called that one of a scope has of a class, `namespace/name`. */
export function labelOf(layout: SyntheticLayout, spec: ObjectClass, shared: number, i: number): string {
  return layout.scopeLabel(spec.scope, shared, spec.count === 1 ? spec.name : `${spec.name}-${i}`);
}

/** The stored objects of a target. */
function objectsOf(named: readonly SectionClass[], target: string, kind: string | null): Int32Array {
  const specs = named.map(({ spec }) => spec);
  const meant = new Set(classesOf(specs, target, kind));
  return Int32Array.from(
    named.flatMap(({ spec, count, firstStored }) =>
      meant.has(spec) ? Array.from({ length: count }, (_, i) => firstStored + i) : [],
    ),
  );
}

/** The facts about a cluster that is only counted. */
export function factsOfCounts(layout: SyntheticLayout, classes: readonly SectionClass[]): ClusterFacts {
  const { nodes, pods, deployments } = layout;
  return {
    nodeCount: nodes,
    nodesAtStart: nodes,
    consumerCount: classes.reduce((sum, { spec }) => sum + Math.round(spec.podFraction * pods) * spec.count, 0),
    deploymentCount: deployments,
    nodeTtlSeconds: null,
    objectsOfKind: OBJECT_KINDS.map((kind) =>
      classes.reduce((sum, { spec, count }) => (spec.kind === kind ? sum + count : sum), 0),
    ),
    objectBytes: classes.reduce(
      (sum, { spec, count }) => sum + (isStored(KIND[spec.kind]) ? count * spec.sizeBytes : 0),
      0,
    ),
  };
}

/** Where the Secrets of a cluster lie that is only counted. */
export function exposureOfCounts(layout: SyntheticLayout, classes: readonly SectionClass[]): SecretExposure {
  const all = classes.filter(({ spec }) => spec.kind === 'Secret').map((each) => exposureOfClass(layout, each));
  return {
    volumeBytes: all.reduce((sum, { volumeBytes }) => sum + volumeBytes, 0),
    secrets: all.reduce((sum, { secrets }) => sum + secrets, 0),
    readers: all.reduce((sum, { readers }) => sum + readers, 0),
  };
}

function exposureOfClass(layout: SyntheticLayout, { spec, users }: SectionClass): SecretExposure {
  const bytesPerUse = liesInVolume(MODE[spec.as]) ? spec.count * spec.sizeBytes : 0;
  const own = spec.scope === 'pod';
  if (own && users.below === Infinity) {
    const objects = layout.pods * spec.count;
    return { volumeBytes: layout.pods * bytesPerUse, secrets: objects, readers: objects };
  }
  // The last node on which the objects of each scope were met: pods come node by node.
  const metAt = new Int32Array(own ? 0 : layout.scopes(spec.scope)).fill(-1);
  let [uses, scopes, meetings] = [0, 0, 0];
  for (let pod = 0; pod < layout.pods; pod++) {
    if (users.below !== Infinity) {
      layout.find(pod);
      if (!belongsTo(users, layout.foundHigh, layout.foundLow)) continue;
    }
    uses++;
    if (own) continue;
    const shared = layout.sharedBy(spec.scope, pod);
    const node = layout.nodeOf(pod);
    if (metAt[shared] < 0) scopes++;
    if (metAt[shared] !== node) meetings++;
    metAt[shared] = node;
  }
  return {
    volumeBytes: uses * bytesPerUse,
    secrets: (own ? uses : scopes) * spec.count,
    readers: (own ? uses : meetings) * spec.count,
  };
}
