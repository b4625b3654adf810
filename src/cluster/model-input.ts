import type { Behaviours } from './versions.js';
import type { TopologyFile } from './topology-file.js';

/** How a pod consumes an object; the order is the numeric code used in typed arrays. */
export const CONSUMPTION_MODES = ['volume', 'projected', 'subPath', 'env', 'imagePullSecret'] as const;
export type ConsumptionMode = (typeof CONSUMPTION_MODES)[number];

/** The two kinds of object; the order is the numeric code used in typed arrays. */
export const OBJECT_KINDS = ['Secret', 'ConfigMap'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Who shares one object of a class. */
export const SCOPES = ['cluster', 'namespace', 'deployment', 'node', 'pod'] as const;
export type Scope = (typeof SCOPES)[number];

/** `configMapAndSecretChangeDetectionStrategy` of a KubeletConfiguration. */
export const STRATEGIES = ['Watch', 'Cache', 'Get'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/**
 * A latency given by two of its quantiles, in microseconds. The model draws from the shifted
 * exponential law that has these quantiles; equal quantiles mean a constant.
 * The law needs p99 ≤ 6.64 × p50 (its shift cannot be negative).
 */
export interface Latency {
  readonly p50Us: number;
  readonly p99Us: number;
}

/** A class of objects of a synthetic cluster (`spec.objects[]`). */
export interface ObjectClass {
  readonly name: string;
  readonly kind: ObjectKind;
  readonly scope: Scope;
  /** Objects per scope. */
  readonly count: number;
  /** Share of the scope's pods that use the class, 0 … 1. */
  readonly podFraction: number;
  readonly as: ConsumptionMode;
  readonly sizeBytes: number;
  /** Share of the class's objects that are immutable, 0 … 1. */
  readonly immutableShare: number;
  readonly optional: boolean;
}

/** A cluster made from counts. */
export interface SyntheticCluster {
  readonly type: 'synthetic';
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly namespaces: number;
  readonly deploymentReplicas: number;
  readonly classes: readonly ObjectClass[];
}

/** A real cluster, as `import` wrote it. */
export interface ImportedCluster {
  readonly type: 'imported';
  readonly file: TopologyFile;
}

/** When a timeline entry happens: once at `firstUs`, or repeatedly. */
export interface Recurrence {
  /** From the start of the measured period. */
  readonly firstUs: number;
  /** Period of a repeated entry; null: once. */
  readonly everyUs: number | null;
  /** Last possible time of a repeated entry. */
  readonly untilUs: number;
  /** Each occurrence is moved later by U[0, jitterUs). */
  readonly jitterUs: number;
}

/** A change of objects: of one object, or of a class one object after another. */
export interface ObjectAction extends Recurrence {
  readonly action: 'update' | 'delete' | 'recreate' | 'markImmutable';
  /** A class name, or `namespace/name` in an imported cluster. */
  readonly target: string;
  /** Needed where a Secret and a ConfigMap share namespace and name. */
  readonly kind: ObjectKind | null;
  /** Objects per second; null: all at the same instant. */
  readonly ratePerS: number | null;
  readonly order: 'given' | 'random';
}

/** Pods touched by an annotation: an immediate sync that resets their timer. */
export interface PodAction extends Recurrence {
  readonly action: 'annotatePods';
  /** Share of the pods, 0 … 1. */
  readonly fraction: number;
}

export type TimelineAction = ObjectAction | PodAction;

/** KubeletConfiguration's fields and the kubelet's constants. Durations in microseconds; 0 switches a loop off. */
export interface KubeletConfig {
  readonly strategy: Strategy;
  readonly syncFrequencyUs: number;
  readonly kubeAPIQPS: number;
  readonly kubeAPIBurst: number;
  /** `auto`: the TTL controller's annotation; `unset`: no annotation, 60 s; else the TTL of every node. */
  readonly nodeTtl: 'auto' | 'unset' | number;
  readonly workerResyncIntervalJitterFactor: number;
  readonly syncTickerPeriodUs: number;
  readonly populatorLoopSleepPeriodUs: number;
  readonly reconcilerLoopSleepPeriodUs: number;
  /** From the start of a steady sync to its end, without reads of imagePullSecrets. */
  readonly syncPodDurationUs: number;
  /** AtomicWriter: payload written and `..data` swapped. */
  readonly volumeWriteDurationUs: number;
}

export interface ApiServerConfig {
  /** Flow control and CPU are not modelled yet: requests have latency and never queue. */
  readonly capacity: 'unlimited';
  /** CPU of a request relative to the machine of the cost table. */
  readonly cpuScale: number;
  readonly getFromCache: Latency;
  readonly getQuorum: Latency;
  readonly list: Latency;
  readonly watch: Latency;
  readonly write: Latency;
  /** From the event's arrival in the watch cache until it is sent to a watcher. */
  readonly dispatch: Latency;
}

/** Everything that one scenario's runs need; plain data, so that it can be sent to a worker and hashed. */
export interface ModelInput {
  readonly seed: string;
  readonly start: 'steady' | 'cold';
  readonly warmupUs: number;
  readonly durationUs: number;
  /** Longest time after the duration in which pending updates may still arrive; `auto`: until they have or cannot. */
  readonly drainUs: 'auto' | number;
  readonly loadBinUs: number;
  /** Samples kept per run: none, all, or that many (an evenly spread subset). */
  readonly samples: 'none' | 'all' | number;
  readonly apiServers: number;
  readonly behaviours: Behaviours;
  readonly cluster: SyntheticCluster | ImportedCluster;
  readonly kubelet: KubeletConfig;
  readonly network: { readonly roundTrip: Latency };
  readonly etcd: { readonly watch: Latency };
  readonly apiServer: ApiServerConfig;
  readonly timeline: readonly TimelineAction[];
}
