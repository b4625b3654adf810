import type { CostTable } from './costs.js';
import type { BundleSelection, ConsumptionMode, ObjectKind } from './kinds.js';
import type { Latency } from './latency.js';
import type { OperatorsInput } from './operators-input.js';
import type { TimelineAction } from './timeline-actions.js';
import type { Behaviours } from './versions.js';
import type { TopologyFile } from './topology-file.js';

export type { Latency } from './latency.js';

/** Who shares one object of a class. */
export const SCOPES = ['cluster', 'namespace', 'deployment', 'node', 'pod'] as const;
export type Scope = (typeof SCOPES)[number];

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
  /** Pods start without the object; of an imagePullSecret: their image is public. */
  readonly optional: boolean;
  /** Of ClusterTrustBundles; absent elsewhere. */
  readonly selectedBy?: BundleSelection;
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

/** KubeletConfiguration's fields and the kubelet's constants. Durations in microseconds; 0 switches a loop off. */
export interface KubeletConfig {
  /** `configMapAndSecretChangeDetectionStrategy`: a name of `kubelet/secret-manager/strategies.ts`. */
  readonly strategy: string;
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
  /** From SIGTERM until a pod's containers have stopped and its volumes are unmounted. */
  readonly podTerminationUs: number;
  readonly whatIf: WhatIf;
}

/** Behaviours that Kubernetes never merged; all off is what every release does. */
export interface WhatIf {
  /** A watch event syncs the pods that read its object at once (PR 104309, closed). */
  readonly syncOnWatchEvent: boolean;
  /** One watch per node and kind of object instead of one per object. */
  readonly watchPerNode: boolean;
  /**
   * Cache: an entry lives for factor × the age of its object when it was fetched, between two bounds (the Alex protocol:
   * Gwertzman and Seltzer, "World-Wide Web Cache Consistency", USENIX 1996). null: the TTL of the node.
   */
  readonly adaptiveTtl: { readonly factor: number; readonly minUs: number; readonly maxUs: number } | null;
  /** Objects that a node's pods use only as env or subPath are listed, but not watched. */
  readonly watchOnlyWhatUpdates: boolean;
}

export interface ApiServerConfig {
  /** Cores of one server, shared by its requests; `unlimited`: requests have latency and never queue. */
  readonly capacity: 'unlimited' | number;
  /** CPU of a request relative to the machine of the cost table. */
  readonly cpuScale: number;
  readonly getFromCache: Latency;
  readonly getQuorum: Latency;
  readonly list: Latency;
  readonly watch: Latency;
  readonly write: Latency;
  /** From the event's arrival in the watch cache until it is sent to a watcher. */
  readonly dispatch: Latency;
  readonly costs: CostTable;
  /** `--max-requests-inflight` and `--max-mutating-requests-inflight`; their sum is the server's concurrency limit. */
  readonly maxRequestsInflight: number;
  readonly maxMutatingRequestsInflight: number;
  /** `--authorization-mode=Node`: kubelets may read what a pod of theirs references, as far as the server knows. */
  readonly nodeAuthorizer: boolean;
  /**
   * From a kubelet's first request about a new pod, or about what it references, until the graph of the node authorizer
   * knows the pod; 0: it does already. Absent: the pod's event reaches both as any event does (`dispatch`).
   */
  readonly authorizerLag?: Latency;
  /** `--request-timeout`, µs. */
  readonly requestTimeoutUs: number;
  /** `--goaway-chance`: share of the requests whose connection is sent away, 0 … 0.02. */
  readonly goawayChance: number;
  /** What a load balancer goes by: that a server is ready (`/readyz`), or that it accepts connections. */
  readonly loadBalancer: 'readyz' | 'tcp';
  readonly startup: ServerStartup;
  /** SIGTERM to the end of the process with open watches, µs. */
  readonly shutdownUs: number;
  /** How long its kernel took with a process that was killed; absent: what the process holds says it (`killed-process.ts`). */
  readonly killed?: MeasuredKill;
  /** Flags that say how a server ends; absent: none is set. */
  readonly gracefulShutdown?: GracefulShutdown;
  readonly encryption: EncryptionConfig;
  /** What the machine of each server has; absent: nobody asks whether it is enough. */
  readonly machine?: ServerMachine;
}

/** What was measured of the end of a process by `kill -9`, from that on, µs. */
export interface MeasuredKill {
  /** Its first connection is closed; absent: that is not known, as below. */
  readonly closesUs?: number;
  /** It has ended. */
  readonly goneUs?: number;
}

/** How an API server ends that is told to. */
export interface GracefulShutdown {
  /** `--shutdown-delay-duration`, µs. */
  readonly delayUs: number;
  /** `--shutdown-send-retry-after`. */
  readonly sendRetryAfter: boolean;
  /** `--shutdown-watch-termination-grace-period`, µs; 0: watches break when the process ends. */
  readonly watchGraceUs: number;
}

/** The machine of an API server: what it needs is judged by it, but never waits for it. */
export interface ServerMachine {
  /** Infinity: whatever is needed. */
  readonly cores: number;
  /** Memory for Secrets, ConfigMaps and their watches, bytes; Infinity: whatever is needed. */
  readonly memoryBytes: number;
  /** A server that needs more memory is killed, and its kubelet starts it again. */
  readonly crashes: boolean;
}

/** A server process from its start until it serves. */
export interface ServerStartup {
  /** From the start of the process until connections are accepted, µs. */
  readonly listenUs: number;
  /** Waits for etcd and disks on the way to serving, µs. */
  readonly waitUs: number;
  /** CPU from there until requests are served, µs on the machine of the cost table; runs on one core. */
  readonly serveCpuUs: number;
  /** CPU after that until `/readyz` is ok, µs. */
  readonly readyCpuUs: number;
}

/** Encryption of Secrets at rest. */
export interface EncryptionConfig {
  readonly provider: 'none' | 'local' | 'kmsV1' | 'kmsV2';
  /** One call of the key management service. */
  readonly kmsCall: Latency;
  /** `cachesize` of KMS v1: data encryption keys that a server keeps. */
  readonly cacheSize: number;
}

/** Stages before and behind the kubelet, µs; 0 where there is none. */
export interface PipelineInput {
  /** Poll of the source of the credentials: the change waits U[0, this). */
  readonly refreshIntervalUs: number;
  /** Each application looks at its files this often: they wait U[0, this), each pod for itself. */
  readonly reloadIntervalUs: number;
  /** From there until the application works with them. */
  readonly reloadDelayUs: number;
}

/** How many requests a client of the API servers may send: per second, and at once. */
export interface ClientLimits {
  readonly qps: number;
  readonly burst: number;
}

/** Certificates of pods. */
export interface PodCertificateConfig {
  /** From the issue of a certificate until its signer wants it to be refreshed (`beginRefreshAt`), µs. */
  readonly refreshAfterUs: number;
  /** From the creation of a request until its kubelet has what was issued. */
  readonly signer: Latency;
}

/** What a run needs once its cluster has been built. */
export interface RunInput {
  readonly seed: string;
  readonly start: 'steady' | 'cold';
  readonly warmupUs: number;
  readonly durationUs: number;
  /** Longest time after the duration in which pending updates may still arrive; `auto`: until they have or cannot. */
  readonly drainUs: 'auto' | number;
  readonly loadBinUs: number;
  /** Samples kept per run: none, all, or that many (an evenly spread subset). */
  readonly samples: 'none' | 'all' | number;
  /** Delays, in whole milliseconds, that are counted where they are exceeded; absent: none. */
  readonly exceedancesUs?: readonly number[];
  /** Tells how long to keep an old credential valid; absent: not asked for. */
  readonly rotation?: { readonly pipeline: PipelineInput | null };
  /** Keeps the delays by namespace, owner and node pool; absent: not asked for. */
  readonly groups?: true;
  readonly apiServers: number;
  readonly behaviours: Behaviours;
  readonly kubelet: KubeletConfig;
  /** Controllers that watch all objects of a kind; absent: none does. */
  readonly clusterWatchers?: { readonly secrets: number; readonly configMaps: number };
  /** Pods mount ClusterTrustBundles, which each kubelet has by an informer; absent: none does. */
  readonly clusterTrustBundles?: true;
  /** Pods mount certificates that their kubelet asks for; absent: none does. */
  readonly podCertificates?: PodCertificateConfig;
  /** Stores outside of the cluster, and those that bring what these hold; absent: there are none. */
  readonly operators?: OperatorsInput;
  readonly network: {
    readonly roundTrip: Latency;
    /** From when a server that was killed has closed a connection, and the client's kernel knows it, until the client does. */
    readonly connectionLoss: Latency;
    /**
     * All nodes' clients are one process on one core, as in the laboratory's storms, which takes so many times the CPU of
     * `CLIENT_CPU_US`; absent: each has a core.
     */
    readonly clientsOnOneCore?: number;
  };
  readonly etcd: {
    readonly watch: Latency;
    /** `--watch-progress-notify-interval`, µs. */
    readonly watchProgressNotifyIntervalUs: number;
  };
  readonly apiServer: ApiServerConfig;
  /** Of each controller of kube-controller-manager, and of kube-scheduler. */
  readonly controllerManager: ClientLimits;
  readonly scheduler: ClientLimits;
  readonly timeline: readonly TimelineAction[];
}

/** Everything that one scenario's runs need; plain data, so that it can be sent to a worker and hashed. */
export interface ModelInput extends RunInput {
  readonly cluster: SyntheticCluster | ImportedCluster;
}
