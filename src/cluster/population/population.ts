import { OWN_MEMORY } from '../../sim/memory.js';
import type { NameHash } from '../../sim/names.js';
import type { LifecyclePlan } from './lifecycle-plan.js';
import type { PodOwner } from './pod-owner.js';

/** Bits of `consumerFlags`. */
export const READS = 1; // is read at every sync (volumes, and imagePullSecrets)
export const UPDATABLE = 2; // new content reaches the pod without a restart
export const DUE = 4; // counts in the accounting of updates: once per pod, object and mode
export const OPTIONAL = 8;
export const HEAD = 16; // first source of a volume
export const CONTINUES = 32; // the next consumer is a source of the same volume
export const CREDENTIALS = 64; // the pod's image cannot be pulled without it

/**
 * Who mounts what where, in typed arrays. Pods are numbered by node, consumers by pod, and cache
 * entries (node × object) by node, so everything that belongs to a node is one range of each array. Every node has an
 * entry for each ClusterTrustBundle, for a kubelet's informer has them all, and one of a PodCertificateRequest, if only for
 * the informer. What the Secrets Store CSI driver mounts has an entry for each volume.
 */
export interface Population {
  /** Number of the first consumer in the whole cluster: 0 but in a section of it. */
  readonly firstConsumer: number;
  readonly nodeCount: number;
  readonly podCount: number;
  readonly objectCount: number;
  readonly consumerCount: number;
  readonly entryCount: number;

  /** Pods of node n: nodePodStart[n] … nodePodStart[n + 1]. */
  readonly nodePodStart: Int32Array;
  readonly nodeEntryStart: Int32Array;
  readonly nodeNameHigh: Int32Array;
  readonly nodeNameLow: Int32Array;
  /** Annotation `node.alpha.kubernetes.io/ttl` in seconds, NaN where a node has none; null: not known, synthetic. */
  readonly nodeTtlSeconds: Float64Array | null;
  /** 1 where the node joins during the run. */
  readonly nodeArrives: Uint8Array;

  readonly podNode: Int32Array;
  readonly podNameHigh: Int32Array;
  readonly podNameLow: Int32Array;
  /** Deployment (or other workload) of a pod; −1 for a lone pod. */
  readonly podDeployment: Int32Array;
  readonly deploymentCount: number;
  /** 1 where the pod has never started because a required object is missing. */
  readonly podPending: Uint8Array;
  /** In a cold start, µs from the start until the pod's kubelet is told of it; null: 0 for all. */
  readonly podStartsAfter: Float64Array | null;
  /** 1 where the pod is not there at the start: it comes with its node, or in place of another pod, or never. */
  readonly podArrives: Uint8Array;
  readonly podConsumerStart: Int32Array;

  readonly consumerPod: Int32Array;
  readonly consumerObject: Int32Array;
  readonly consumerEntry: Int32Array;
  /** Index into CONSUMPTION_MODES. */
  readonly consumerMode: Uint8Array;
  readonly consumerFlags: Uint8Array;
  /** Position among the consumers of the same object. */
  readonly consumerRank: Int32Array;
  /** Sources of the volume with the most of them. */
  readonly longestVolume: number;

  readonly entryNode: Int32Array;
  readonly entryObject: Int32Array;
  /** Consumers of entry e: entryConsumers[entryConsumerStart[e] … entryConsumerStart[e + 1]]. */
  readonly entryConsumerStart: Int32Array;
  readonly entryConsumers: Int32Array;
  /** Consumers that read the entry at every sync; where there is none, its watch idles. */
  readonly entryReaders: Int32Array;
  /** Entries of object o: objectEntries[objectEntryStart[o] … objectEntryStart[o + 1]]. */
  readonly objectEntryStart: Int32Array;
  readonly objectEntries: Int32Array;
  readonly objectConsumerCount: Int32Array;

  readonly objectClass: Int32Array;
  /** Index into OBJECT_KINDS. */
  readonly objectKind: Uint8Array;
  readonly objectSize: Float64Array;
  readonly objectImmutable: Uint8Array;
  /** Index into BUNDLE_SELECTIONS, of ClusterTrustBundles. */
  readonly objectSelectedBy: Uint8Array;
  /** 0: referenced, but absent when the simulation starts. */
  readonly objectExists: Uint8Array;
  /** 1 where the object is created during the run, in place of another under a new name; it does not exist before. */
  readonly objectArrives: Uint8Array;
  /**
   * Objects of the same kind and name, in whatever namespace, have the same number: the trigger index of the watch
   * cache is over metadata.name alone (`pkg/registry/core/{secret,configmap}` NameTriggerFunc).
   */
  readonly objectTrigger: Int32Array;
  readonly objectNameHigh: Int32Array;
  readonly objectNameLow: Int32Array;
  /** Number of each object among those that are stored (`StoredObjects`), −1: it is not; null: its own number. */
  readonly objectStored: Int32Array | null;

  readonly classNames: readonly string[];
  /** Who comes, who leaves and who takes whose place; null: nobody does. */
  readonly lifecycle: LifecyclePlan | null;
  /**
   * Objects of a timeline target: a class name, or `namespace/name` with an optional kind. Empty if there is none.
   * `atUs`: as they are called at that time of the timeline, whatever its jitter; default: at the start.
   */
  readonly objectsOf: (target: string, kind: string | null, atUs?: number) => Int32Array;
  readonly nodeName: (node: number) => string;
  /** `namespace/name`. */
  readonly podName: (pod: number) => string;
  readonly podOwner: (pod: number) => PodOwner;
  /** The pool of a node; null where it is of none. */
  readonly nodePool: (node: number) => string | null;
  /** `namespace/name`. */
  readonly objectName: (object: number) => string;
}

/** Typed columns for the names of `count` entities. */
export function nameColumns(
  count: number,
  memory = OWN_MEMORY,
): { readonly high: Int32Array; readonly low: Int32Array } {
  return { high: memory.int32(count), low: memory.int32(count) };
}

/** Stores a name at an index of two columns. */
export function setName(columns: { high: Int32Array; low: Int32Array }, index: number, name: NameHash): void {
  columns.high[index] = name.high;
  columns.low[index] = name.low;
}

/**
 * Counting sort: the indices of `keys` grouped by key (0 … groups − 1), in order. Members of group g
 * stand from start[g] to start[g + 1].
 */
export function groupBy(
  keys: Int32Array,
  groups: number,
): { readonly start: Int32Array; readonly members: Int32Array } {
  const start = groupStarts(keys, groups);
  const next = start.slice(0, groups);
  const members = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) members[next[keys[i]]++] = i;
  return { start, members };
}

/** Where the members of each group begin that `groupBy` finds, and behind the last one where they end. */
export function groupStarts(keys: Int32Array, groups: number): Int32Array {
  const start = new Int32Array(groups + 1);
  for (const key of keys) start[key + 1]++;
  for (let group = 0; group < groups; group++) start[group + 1] += start[group];
  return start;
}

/** Where numbers are not negative: mostly few of a column are. */
export function placesHeld(numbers: Int32Array): readonly number[] {
  const places: number[] = [];
  for (let i = 0; i < numbers.length; i++) if (numbers[i] >= 0) places.push(i);
  return places;
}
