import type { BundleSelection, ConsumptionMode, ObjectKind } from './kinds.js';

/** A node of an imported cluster. */
export interface TopologyNode {
  readonly name: string;
  /** Value of the annotation `node.alpha.kubernetes.io/ttl` in seconds, where the node has one. */
  readonly ttlSeconds?: number;
  /** The pool that it belongs to, as a label of its platform tells. */
  readonly pool?: string;
}

/**
 * What pods mount: a Secret, a ConfigMap, or what has a manager of its own. Its values are never kept: only how large they
 * are together.
 */
export interface TopologyObject {
  /** Empty for a ClusterTrustBundle, which is in no namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly kind: ObjectKind;
  /** Bytes of all keys and values (Secrets: after base64 decoding). */
  readonly size: number;
  /** `type` of a Secret, for example `kubernetes.io/tls`. */
  readonly type?: string;
  readonly immutable?: true;
  /** How pods select a ClusterTrustBundle; default: by `name`. */
  readonly selectedBy?: BundleSelection;
  /** Referenced by a pod, but absent from the cluster. */
  readonly missing?: true;
  /** The program beside Kubernetes that writes it again, or the kind of its owner: `external-secrets`, `Argo-CD`, `Kafka`. */
  readonly managedBy?: string;
  /** How often that looks for new content, or renews it, seconds; absent where that is not known, or never. */
  readonly refreshSeconds?: number;
}

/** How a timeline names an object: `namespace/name`, or the name of what is in no namespace. */
export function timelineName({ namespace, name }: Pick<TopologyObject, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/**
 * One use of an object by a pod. Uses with the same `volume` number are sources of one volume, in
 * order; a `subPath` use of a volume that is also mounted whole repeats the number. `env` and
 * `imagePullSecret` uses have no volume.
 */
export interface TopologyUse {
  /** Index into `objects`. */
  readonly object: number;
  readonly as: ConsumptionMode;
  readonly volume?: number;
  /** The pod starts without the object; of an imagePullSecret: its image can be pulled without. */
  readonly optional?: true;
}

/** A pod that is bound to a node and not finished. */
export interface TopologyPod {
  readonly namespace: string;
  readonly name: string;
  /** Index into `nodes`. */
  readonly node: number;
  /** `namespace/name` of what owns it, so that replicas can be compared; absent for a lone pod. */
  readonly workload?: string;
  /** `Deployment`, `StatefulSet`, `DaemonSet` …: the kind of the workload; absent where it is not known. */
  readonly ownerKind?: string;
  /** Waits for a required object that does not exist: its containers never started. */
  readonly pending?: true;
  /** Where pods start cold: seconds from the start of the run until its kubelet is told of it. Default 0. */
  readonly startsAfterSeconds?: number;
  readonly uses: readonly TopologyUse[];
}

/** A DaemonSet or StatefulSet whose `updateStrategy` is not the default: how its pods get another template. */
export interface TopologyWorkload {
  /** `namespace/name`, as its pods have it. */
  readonly workload: string;
  readonly ownerKind: string;
  /** Pods that may be missing meanwhile: a number, or `10%` of those that it has, rounded up. Default: 1. */
  readonly maxUnavailable?: number | string;
  /** They keep theirs until somebody deletes them. */
  readonly onDelete?: true;
}

/** The topology file that `import` writes: who mounts what where, with real names and without values. */
export interface TopologyFile {
  readonly apiVersion: 'secretsim/v1';
  readonly kind: 'Topology';
  readonly nodes: readonly TopologyNode[];
  readonly objects: readonly TopologyObject[];
  readonly pods: readonly TopologyPod[];
  readonly workloads?: readonly TopologyWorkload[];
}
