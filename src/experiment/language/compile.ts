import type {
  ApiServerConfig,
  ImportedCluster,
  KubeletConfig,
  ModelInput,
  ObjectClass,
  PipelineInput,
  PodCertificateConfig,
  SyntheticCluster,
  WhatIf,
} from '../../cluster/model/model-input.js';
import type { TopologyFile } from '../../cluster/model/topology-file.js';
import type { ObjectKind } from '../../cluster/model/kinds.js';
import {
  behavioursOf,
  kubeletClientLimits,
  progressIntervalUs,
  type Behaviours,
} from '../../cluster/model/versions.js';
import { givenBehaviours } from './behaviours-schema.js';
import { durationUs, formatDuration } from './values/durations.js';
import { shareOf } from './values/percent.js';
import { MEAN, parseStatistic } from './values/statistic.js';
import type { Precision } from './precision.js';
import { sizeBytes } from './values/quantities.js';
import { CLUSTER_COUNTS } from './cluster-counts.js';
import type { ExperimentSpec } from './schema.js';
import { compileCosts, compileStartup } from './compile-costs.js';
import { compileClusterWatchers, compileLatency, compileOperators } from './compile-operators.js';
import { drivenTopology } from './driver-volumes.js';
import { podCertificateSchema } from './pod-certificate-schema.js';
import { serverLimits } from './server-limits.js';
import { serviceAccountClass } from './service-account-material.js';
import { compileTimeline } from './compile-timeline.js';

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
    output: {
      ...spec.output,
      loadBin: spec.output.loadBin ?? formatDuration(defaultLoadBinUs(durationUs(spec.duration))),
    },
  };
}

function defaultLoadBinUs(duration: number): number {
  return Math.max(LOAD_BIN_US, Math.ceil(duration / LOAD_BINS));
}

/** The version switches of a spec: those of its releases, then those overridden by name. */
export function compileBehaviours({ cluster }: ExperimentSpec): Behaviours {
  const { kubernetesVersion, kubeletVersion = kubernetesVersion } = cluster;
  return { ...behavioursOf(kubernetesVersion, kubeletVersion), ...givenBehaviours(cluster.behaviours) };
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
    optional: each.as === 'imagePullSecret' && each.image !== undefined ? each.image === 'public' : each.optional,
    ...(each.selectedBy && { selectedBy: each.selectedBy }),
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
  if (topology !== null) return { type: 'imported', file: drivenTopology(spec, topology) };
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

function compileWhatIf({ adaptiveTTL, ...switches }: ExperimentSpec['kubelet']['whatIf']): WhatIf {
  if (adaptiveTTL === 'off') return { ...switches, adaptiveTtl: null };
  const { factor, min, max } = adaptiveTTL;
  return { ...switches, adaptiveTtl: { factor, minUs: durationUs(min), maxUs: durationUs(max) } };
}

/** How long pods terminate: assumption, an application that obeys SIGTERM. */
const POD_TERMINATION = '1s';

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
    podTerminationUs: durationUs(kubelet.podTermination ?? POD_TERMINATION),
    whatIf: compileWhatIf(kubelet.whatIf),
  };
}

function compileEtcd({ etcd, cluster }: ExperimentSpec): ModelInput['etcd'] {
  const { watch, watchProgressNotifyInterval: interval } = etcd;
  return {
    watch: compileLatency(watch),
    watchProgressNotifyIntervalUs:
      interval === undefined ? progressIntervalUs(cluster.kubernetesVersion) : durationUs(interval),
  };
}

function compileApiServer(spec: ExperimentSpec): ApiServerConfig {
  const { apiServer } = spec;
  const { encryption } = apiServer;
  return {
    capacity: apiServer.capacity,
    cpuScale: apiServer.cpuScale,
    getFromCache: compileLatency(apiServer.getFromCache),
    getQuorum: compileLatency(apiServer.getQuorum),
    list: compileLatency(apiServer.list),
    watch: compileLatency(apiServer.watch),
    write: compileLatency(apiServer.write),
    dispatch: compileLatency(apiServer.dispatch),
    costs: compileCosts(spec),
    maxRequestsInflight: apiServer.maxRequestsInflight,
    maxMutatingRequestsInflight: apiServer.maxMutatingRequestsInflight,
    nodeAuthorizer: apiServer.nodeAuthorizer,
    requestTimeoutUs: durationUs(apiServer.requestTimeout),
    goawayChance: apiServer.goawayChance,
    loadBalancer: apiServer.loadBalancer ?? 'readyz',
    startup: compileStartup(spec),
    shutdownUs: durationUs(apiServer.shutdown),
    encryption: {
      provider: encryption.provider,
      kmsCall: compileLatency(encryption.kmsCall),
      cacheSize: encryption.cacheSize,
    },
    ...compileMachine(apiServer),
    ...compileGracefulShutdown(apiServer),
  };
}

/** Flags that say how a server ends, where one is set. */
function compileGracefulShutdown(apiServer: ExperimentSpec['apiServer']): Pick<ApiServerConfig, 'gracefulShutdown'> {
  const delayUs = durationUs(apiServer.shutdownDelayDuration ?? '0s');
  const watchGraceUs = durationUs(apiServer.shutdownWatchTerminationGracePeriod ?? '0s');
  const sendRetryAfter = apiServer.shutdownSendRetryAfter === true;
  if (delayUs === 0 && watchGraceUs === 0 && !sendRetryAfter) return {};
  return { gracefulShutdown: { delayUs, sendRetryAfter, watchGraceUs } };
}

/** The machine of a server, where the experiment says what it has. */
function compileMachine(apiServer: ExperimentSpec['apiServer']): Pick<ApiServerConfig, 'machine'> {
  const { cores, memory, outOfMemory } = apiServer;
  if (cores === undefined && memory === undefined) return {};
  return { machine: { ...serverLimits(apiServer), crashes: outOfMemory === 'crash' } };
}

/** When a scenario has enough replications; null: after a fixed number. The spec has to be free of problems. */
export function compilePrecision({ precision, replications }: ExperimentSpec): Precision | null {
  if (precision === undefined) return null;
  const { metric, relative, min = replications, max } = precision;
  const statistic = parseStatistic(metric, () => MEAN);
  if (!statistic.ok) throw new TypeError(`${metric}: ${statistic.reason}`);
  return { ...statistic.value, subject: metric, relative: shareOf(relative), min, max };
}

/** The stages around the kubelet that act on nothing; null where nothing is around it. */
function compilePipeline({ pipeline, operators }: ExperimentSpec): PipelineInput | null {
  if (pipeline === undefined && operators === undefined) return null;
  const { source, application } = pipeline ?? {};
  const us = (duration: string | undefined): number => (duration === undefined ? 0 : durationUs(duration));
  return {
    refreshIntervalUs: us(source?.refreshInterval),
    reloadIntervalUs: us(application?.reloadInterval),
    reloadDelayUs: us(application?.reloadDelay),
  };
}

function compilePodCertificates({ podCertificates }: ExperimentSpec): PodCertificateConfig {
  const { refreshAfter, signer } = podCertificates ?? podCertificateSchema.parse({});
  return { refreshAfterUs: durationUs(refreshAfter), signer: compileLatency(signer) };
}

/** True where a cluster has objects of a kind. */
export function hasKind(cluster: ImportedCluster | SyntheticCluster, kind: ObjectKind): boolean {
  const objects = cluster.type === 'imported' ? cluster.file.objects : cluster.classes;
  return objects.some((each) => each.kind === kind);
}

/** What the model needs for one scenario. The spec has to be free of problems, and resolved. */
export function compileScenario(spec: ExperimentSpec, topology: TopologyFile | null, samples: Samples): ModelInput {
  const duration = durationUs(spec.duration);
  const cluster = compileCluster(spec, topology);
  const operators = compileOperators(spec);
  return {
    seed: spec.seed,
    start: spec.start,
    warmupUs: durationUs(spec.warmup),
    durationUs: duration,
    drainUs: spec.drain === 'auto' ? 'auto' : durationUs(spec.drain),
    loadBinUs: spec.output.loadBin === undefined ? defaultLoadBinUs(duration) : durationUs(spec.output.loadBin),
    samples,
    ...(spec.output.exceedances && { exceedancesUs: spec.output.exceedances.map(durationUs) }),
    ...((spec.pipeline ?? spec.operators ?? spec.output.rotation) && { rotation: { pipeline: compilePipeline(spec) } }),
    ...(spec.output.groups === true && { groups: true }),
    apiServers: spec.cluster.apiServers,
    behaviours: compileBehaviours(spec),
    cluster,
    kubelet: compileKubelet(spec),
    ...compileClusterWatchers(spec),
    ...(operators && { operators }),
    ...(hasKind(cluster, 'ClusterTrustBundle') && { clusterTrustBundles: true }),
    ...(hasKind(cluster, 'PodCertificateRequest') && {
      podCertificates: compilePodCertificates(spec),
    }),
    network: {
      roundTrip: compileLatency(spec.network.roundTrip),
      connectionLoss: compileLatency(spec.network.connectionLoss),
    },
    etcd: compileEtcd(spec),
    apiServer: compileApiServer(spec),
    controllerManager: { qps: spec.controllerManager.kubeAPIQPS, burst: spec.controllerManager.kubeAPIBurst },
    scheduler: { qps: spec.scheduler.kubeAPIQPS, burst: spec.scheduler.kubeAPIBurst },
    timeline: compileTimeline(spec),
  };
}
