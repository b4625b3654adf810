import type {
  ApiServerConfig,
  KubeletConfig,
  Latency,
  ModelInput,
  ObjectClass,
  PodCertificateConfig,
} from '../../src/cluster/model/model-input.js';
import type { ObjectAction, TimelineAction } from '../../src/cluster/model/timeline-actions.js';
import type { Strategy } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import type { OperatorsInput } from '../../src/cluster/model/operators-input.js';
import { measuredFor } from '../../src/cluster/model/measured-costs.js';
import {
  type Behaviours,
  behavioursOf,
  kubeletClientLimits,
  progressIntervalUs,
} from '../../src/cluster/model/versions.js';

const S = 1e6;
const NONE: Latency = { p50Us: 0, p99Us: 0 };
const CERTIFICATES: PodCertificateConfig = { refreshAfterUs: 16 * 3600 * S, signer: { p50Us: 200e3, p99Us: S } };

/** What a test says about its cluster; everything else has a plain default. */
export interface Scenario {
  readonly release?: string;
  readonly seed?: string;
  readonly start?: 'steady' | 'cold';
  readonly nodes?: number;
  readonly podsPerNode?: number;
  readonly replicas?: number;
  readonly namespaces?: number;
  readonly apiServers?: number;
  readonly strategy?: Strategy;
  /** Seconds. */
  readonly duration?: number;
  readonly syncFrequency?: number;
  readonly ttl?: number | 'auto' | 'unset';
  readonly drain?: number | 'auto';
  readonly classes?: readonly ObjectClass[];
  readonly timeline?: readonly TimelineAction[];
  readonly behaviours?: Partial<Behaviours>;
  readonly kubelet?: Partial<KubeletConfig>;
  readonly apiServer?: Partial<ApiServerConfig>;
  readonly etcd?: Partial<ModelInput['etcd']>;
  readonly samples?: 'none' | 'all' | number;
  readonly podCertificates?: PodCertificateConfig;
  readonly clusterWatchers?: ModelInput['clusterWatchers'];
  readonly operators?: OperatorsInput;
  /** No latencies, no ticker, no volume loops: only the sync interval and the caches, as closed forms assume. */
  readonly pure?: boolean;
}

/** A class of objects: by default one Secret per cluster, mounted as a volume by every pod. */
export function objectClass(name: string, options: Partial<ObjectClass> = {}): ObjectClass {
  return {
    name,
    kind: 'Secret',
    scope: 'cluster',
    count: 1,
    podFraction: 1,
    as: 'volume',
    sizeBytes: 1024,
    immutableShare: 0,
    optional: false,
    ...options,
  };
}

/** One change of a class's objects at a time in seconds; `options` in the model's own units. */
export function change(
  action: ObjectAction['action'],
  target: string,
  at: number,
  options: Partial<ObjectAction> = {},
): ObjectAction {
  return {
    action,
    target,
    kind: null,
    ratePerS: null,
    order: 'given',
    firstUs: Math.round(at * S),
    everyUs: null,
    untilUs: Infinity,
    jitterUs: 0,
    ...options,
  };
}

/** The model's input for a scenario. */
export function inputOf(scenario: Scenario): ModelInput {
  const release = scenario.release ?? '1.33';
  const pure = scenario.pure ?? false;
  const has = (kind: ObjectClass['kind']): boolean => scenario.classes?.some((each) => each.kind === kind) === true;
  const latency = (p50Us: number, p99Us: number): Latency => (pure ? NONE : { p50Us, p99Us });
  const limits = kubeletClientLimits(release);
  const apiServer: ApiServerConfig = {
    capacity: 'unlimited',
    cpuScale: 1,
    getFromCache: latency(680, 1500),
    getQuorum: latency(1500, 6700),
    list: latency(690, 2600),
    watch: latency(1000, 5000),
    write: latency(4200, 26000),
    dispatch: latency(2000, 10000),
    costs: measuredFor('1.20').costs,
    maxRequestsInflight: 400,
    maxMutatingRequestsInflight: 200,
    requestTimeoutUs: 60 * S,
    nodeAuthorizer: true,
    goawayChance: 0,
    loadBalancer: 'readyz',
    startup: { listenUs: 100_000, waitUs: 900_000, serveCpuUs: 2.6 * S, readyCpuUs: 1.4 * S },
    shutdownUs: 62 * S,
    encryption: { provider: 'none', kmsCall: latency(5000, 20000), cacheSize: 1000 },
    ...scenario.apiServer,
  };
  return {
    seed: scenario.seed ?? 'test',
    start: scenario.start ?? 'steady',
    warmupUs: 60 * S,
    durationUs: (scenario.duration ?? 600) * S,
    drainUs: typeof scenario.drain === 'number' ? scenario.drain * S : 'auto',
    loadBinUs: 10 * S,
    samples: scenario.samples ?? 'none',
    apiServers: scenario.apiServers ?? 2,
    controllerManager: { qps: 20, burst: 30 },
    scheduler: { qps: 50, burst: 100 },
    behaviours: { ...behavioursOf(release, release), ...scenario.behaviours },
    cluster: {
      type: 'synthetic',
      nodes: scenario.nodes ?? 10,
      podsPerNode: scenario.podsPerNode ?? 1,
      namespaces: scenario.namespaces ?? 3,
      deploymentReplicas: scenario.replicas ?? 5,
      classes: scenario.classes ?? [objectClass('shared')],
    },
    kubelet: {
      strategy: scenario.strategy ?? 'Watch',
      syncFrequencyUs: (scenario.syncFrequency ?? 60) * S,
      kubeAPIQPS: limits.qps,
      kubeAPIBurst: limits.burst,
      nodeTtl: typeof scenario.ttl === 'number' ? scenario.ttl * S : (scenario.ttl ?? 'auto'),
      workerResyncIntervalJitterFactor: 0.5,
      syncTickerPeriodUs: pure ? 0 : S,
      populatorLoopSleepPeriodUs: pure ? 0 : 100e3,
      reconcilerLoopSleepPeriodUs: pure ? 0 : 100e3,
      syncPodDurationUs: pure ? 0 : 5000,
      volumeWriteDurationUs: pure ? 0 : 1000,
      podTerminationUs: S,
      whatIf: { syncOnWatchEvent: false, watchPerNode: false, adaptiveTtl: null, watchOnlyWhatUpdates: false },
      ...scenario.kubelet,
    },
    network: { roundTrip: latency(500, 1500), connectionLoss: latency(600e3, 900e3) },
    etcd: { watch: latency(1000, 5000), watchProgressNotifyIntervalUs: progressIntervalUs(release), ...scenario.etcd },
    apiServer,
    timeline: scenario.timeline ?? [],
    ...(scenario.operators && {
      operators: scenario.operators,
      rotation: { pipeline: { refreshIntervalUs: 0, reloadIntervalUs: 0, reloadDelayUs: 0 } },
    }),
    ...(scenario.clusterWatchers && { clusterWatchers: scenario.clusterWatchers }),
    ...(has('ClusterTrustBundle') && { clusterTrustBundles: true }),
    ...(has('PodCertificateRequest') && { podCertificates: scenario.podCertificates ?? CERTIFICATES }),
  };
}
