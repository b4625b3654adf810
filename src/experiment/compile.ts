import type {
  ImportedCluster,
  KubeletConfig,
  Latency,
  ModelInput,
  ObjectClass,
  SyntheticCluster,
} from '../cluster/model-input.js';
import type { TopologyFile } from '../cluster/topology-file.js';
import { MEASURED_COSTS } from '../cluster/costs.js';
import { behavioursOf, kubeletClientLimits, type Behaviours } from '../cluster/versions.js';
import { durationUs, formatDuration } from './durations.js';
import { sizeBytes } from './quantities.js';
import { CLUSTER_COUNTS } from './cluster-schema.js';
import type { ExperimentSpec, LatencySpec } from './schema.js';
import { serviceAccountClass } from './service-account-material.js';
import { compileTimeline } from './timeline.js';

/** `output.loadBin` up to one hour, and the number of bins beyond. */
const LOAD_BIN_US = 10_000_000;
const LOAD_BINS = 360;

/** Samples kept per run: none, all, or that many. */
export type Samples = ModelInput['samples'];

/** The spec with the defaults that depend on other fields, so that it says all that was simulated. */
export function resolveDefaults(spec: ExperimentSpec): ExperimentSpec {
  const { cluster, kubelet } = spec;
  const kubeletVersion = cluster.kubeletVersion ?? cluster.kubernetesVersion;
  const { qps, burst } = kubeletClientLimits(kubeletVersion);
  const counts = cluster.topology === undefined ? { ...CLUSTER_COUNTS } : {};
  return {
    ...spec,
    cluster: { ...counts, ...cluster, kubeletVersion },
    kubelet: { ...kubelet, kubeAPIQPS: kubelet.kubeAPIQPS ?? qps, kubeAPIBurst: kubelet.kubeAPIBurst ?? burst },
    output: { loadBin: spec.output.loadBin ?? formatDuration(defaultLoadBinUs(durationUs(spec.duration))) },
  };
}

function defaultLoadBinUs(duration: number): number {
  return Math.max(LOAD_BIN_US, Math.ceil(duration / LOAD_BINS));
}

/** The version switches of a spec: those of its releases, then those overridden by name. */
export function compileBehaviours({ cluster }: ExperimentSpec): Behaviours {
  const { kubernetesVersion, kubeletVersion = kubernetesVersion } = cluster;
  const { minWatchTimeout, ...switches } = cluster.behaviours;
  const given = Object.fromEntries(Object.entries(switches).filter(([, value]) => value !== undefined));
  const behaviours: Behaviours = { ...behavioursOf(kubernetesVersion, kubeletVersion), ...given };
  if (minWatchTimeout === undefined) return behaviours;
  const seconds = typeof minWatchTimeout === 'number' ? minWatchTimeout : durationUs(minWatchTimeout) / 1_000_000;
  return { ...behaviours, minWatchTimeout: seconds };
}

/** The classes of a synthetic cluster, service-account material included where the spec does not define it. */
function compileClasses(spec: ExperimentSpec): ObjectClass[] {
  const classes = spec.objects.map((each): ObjectClass => ({
    name: each.name,
    kind: each.kind,
    scope: each.scope,
    count: each.count,
    podFraction: each.podFraction,
    as: each.as,
    sizeBytes: sizeBytes(each.size),
    immutableShare: Number(each.immutable),
    optional: each.optional,
  }));
  if (spec.cluster.serviceAccountMaterial === 'none') return classes;
  const material = serviceAccountClass(compileBehaviours(spec));
  return classes.some(({ name }) => name === material.name) ? classes : [...classes, material];
}

/** The cluster of a spec: the topology where there is one, else made from counts. */
export function compileCluster(spec: ExperimentSpec, topology: TopologyFile): ImportedCluster;
export function compileCluster(spec: ExperimentSpec, topology: null): SyntheticCluster;
export function compileCluster(spec: ExperimentSpec, topology: TopologyFile | null): ImportedCluster | SyntheticCluster;
export function compileCluster(
  spec: ExperimentSpec,
  topology: TopologyFile | null,
): ImportedCluster | SyntheticCluster {
  if (topology !== null) return { type: 'imported', file: topology };
  const { cluster } = spec;
  return {
    type: 'synthetic',
    nodes: cluster.nodes ?? CLUSTER_COUNTS.nodes,
    podsPerNode: cluster.podsPerNode ?? CLUSTER_COUNTS.podsPerNode,
    namespaces: cluster.namespaces ?? CLUSTER_COUNTS.namespaces,
    deploymentReplicas: cluster.deploymentReplicas ?? CLUSTER_COUNTS.deploymentReplicas,
    classes: compileClasses(spec),
  };
}

function compileLatency(latency: LatencySpec): Latency {
  if (typeof latency === 'string') return { p50Us: durationUs(latency), p99Us: durationUs(latency) };
  return { p50Us: durationUs(latency.p50), p99Us: durationUs(latency.p99) };
}

function compileKubelet({ cluster, kubelet }: ExperimentSpec): KubeletConfig {
  const limits = kubeletClientLimits(cluster.kubeletVersion ?? cluster.kubernetesVersion);
  const { nodeTTL } = kubelet;
  return {
    strategy: kubelet.configMapAndSecretChangeDetectionStrategy,
    syncFrequencyUs: durationUs(kubelet.syncFrequency),
    kubeAPIQPS: kubelet.kubeAPIQPS ?? limits.qps,
    kubeAPIBurst: kubelet.kubeAPIBurst ?? limits.burst,
    nodeTtl: nodeTTL === 'auto' || nodeTTL === 'unset' ? nodeTTL : durationUs(nodeTTL),
    workerResyncIntervalJitterFactor: kubelet.workerResyncIntervalJitterFactor,
    syncTickerPeriodUs: durationUs(kubelet.syncTickerPeriod),
    populatorLoopSleepPeriodUs: durationUs(kubelet.populatorLoopSleepPeriod),
    reconcilerLoopSleepPeriodUs: durationUs(kubelet.reconcilerLoopSleepPeriod),
    syncPodDurationUs: durationUs(kubelet.syncPodDuration),
    volumeWriteDurationUs: durationUs(kubelet.volumeWriteDuration),
  };
}

/** What the model needs for one scenario. The spec has to be free of problems, and resolved. */
export function compileScenario(spec: ExperimentSpec, topology: TopologyFile | null, samples: Samples): ModelInput {
  const { apiServer } = spec;
  const duration = durationUs(spec.duration);
  return {
    seed: spec.seed,
    start: spec.start,
    warmupUs: durationUs(spec.warmup),
    durationUs: duration,
    drainUs: spec.drain === 'auto' ? 'auto' : durationUs(spec.drain),
    loadBinUs: spec.output.loadBin === undefined ? defaultLoadBinUs(duration) : durationUs(spec.output.loadBin),
    samples,
    apiServers: spec.cluster.apiServers,
    behaviours: compileBehaviours(spec),
    cluster: compileCluster(spec, topology),
    kubelet: compileKubelet(spec),
    network: {
      roundTrip: compileLatency(spec.network.roundTrip),
      connectionLoss: compileLatency(spec.network.connectionLoss),
    },
    etcd: { watch: compileLatency(spec.etcd.watch) },
    apiServer: {
      capacity: apiServer.capacity,
      cpuScale: apiServer.cpuScale,
      getFromCache: compileLatency(apiServer.getFromCache),
      getQuorum: compileLatency(apiServer.getQuorum),
      list: compileLatency(apiServer.list),
      watch: compileLatency(apiServer.watch),
      write: compileLatency(apiServer.write),
      dispatch: compileLatency(apiServer.dispatch),
      costs: MEASURED_COSTS,
      maxRequestsInflight: 400,
      maxMutatingRequestsInflight: 200,
      requestTimeoutUs: 60_000_000,
      nodeAuthorizer: true,
      goawayChance: 0,
      startup: { listenUs: 100_000, waitUs: 900_000, serveCpuUs: 2_600_000, readyCpuUs: 1_400_000 },
      shutdownUs: 62_000_000,
      encryption: { provider: 'none', kmsCall: { p50Us: 5_000, p99Us: 20_000 }, cacheSize: 1000 },
    },
    timeline: compileTimeline(spec),
  };
}
