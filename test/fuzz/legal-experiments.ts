import fc from 'fast-check';
import { SCOPES } from '../../src/cluster/model/model-input.js';
import { BUNDLE_SELECTIONS, CONSUMPTION_MODES } from '../../src/cluster/model/kinds.js';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import type { TopologyFile } from '../../src/cluster/model/topology-file.js';
import { atLeast, RELEASES } from '../../src/cluster/model/releases.js';
import { timelines } from './legal-timelines.js';
import { topologies } from './legal-topologies.js';

/** An experiment as a user may write it, and the topology file that it names, where it names one. */
export interface Case {
  readonly document: object;
  readonly topology: TopologyFile | null;
}

/** Seconds as a duration, whole or not. */
const seconds = (...choice: readonly number[]): fc.Arbitrary<string> =>
  fc.constantFrom(...choice).map((s) => `${Math.round(s * 1e6)}us`);

/** Fields of which each may be left out. */
const some = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] });

/** Mostly ordinary, at times extreme: from no time at all to the longest that the schema takes. */
const LATENCIES_US = [0, 1, 700, 3000, 40_000, 2_000_000, 45_000_000, 600_000_000, 3_600_000_000];
const ORDINARY = 5;
const latency = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.nat({ max: ORDINARY - 1 }) },
      { weight: 1, arbitrary: fc.nat({ max: LATENCIES_US.length - 1 }) },
    ),
    fc.constantFrom(1, 3, 6.6),
    fc.boolean(),
  )
  .map(([index, ratio, constant]) => {
    const p50 = LATENCIES_US[index];
    const p99 = Math.min(LATENCIES_US[LATENCIES_US.length - 1], Math.floor(p50 * ratio));
    return constant ? `${p50}us` : { p50: `${p50}us`, p99: `${p99}us` };
  });

const costUs = fc.constantFrom(0, 1e-6, 0.5, 700, 1000, 100_000, 60_000_000);
const costLine = fc.tuple(costUs, costUs).map(([a, b]) => ({ at1KiB: Math.min(a, b), at64KiB: Math.max(a, b) }));

const costs = some({
  cpuUs: some({
    getFromCache: costLine,
    getQuorum: costLine,
    list: costLine,
    write: costLine,
    event: costLine,
    watch: costUs,
    watchScanPerObject: fc.constantFrom(0, 0.5, 2),
    watchGone: costUs,
    filteredEvent: costUs,
    bookmark: costUs,
    rejected: costUs,
    tokenRequest: costUs,
    connection: costUs,
    nodeBackgroundPerSecond: costUs,
    decrypt: costUs,
    cacheFillPerObject: costUs,
  }),
  watchMemoryBytes: fc.constantFrom(0, 1, 2 ** 30),
  cachedObjectMemoryRatio: fc.constantFrom(0, 1000),
});

/** Mostly nobody asks what a server has; where it is little, servers may be killed for it again and again. */
const machine = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record({
      memory: fc.constantFrom('unlimited', 0, '100Ki', '1Mi', '10Mi', '64Gi'),
      outOfMemory: fc.constantFrom('verdict', 'crash'),
    }),
  },
);

const apiServerAlone = some({
  capacity: fc.constantFrom<'unlimited' | number>('unlimited', 'unlimited', 0.05, 0.5, 2, 1024),
  cpuScale: fc.constantFrom(0.001, 0.35, 1, 1000),
  getFromCache: latency,
  getQuorum: latency,
  list: latency,
  watch: latency,
  write: latency,
  dispatch: latency,
  costs,
  maxRequestsInflight: fc.constantFrom(1, 3, 400, 1_000_000),
  maxMutatingRequestsInflight: fc.constantFrom(0, 1, 200),
  requestTimeout: seconds(1, 60, 86_400),
  nodeAuthorizer: fc.boolean(),
  goawayChance: fc.constantFrom(0, 0.02),
  startup: some({
    listen: seconds(0, 0.1, 3600),
    wait: seconds(0, 1),
    serveCpu: seconds(0, 2),
    readyCpu: seconds(0, 2),
  }),
  shutdown: seconds(0, 5, 62, 3600),
  shutdownDelayDuration: seconds(0, 10, 3600),
  shutdownSendRetryAfter: fc.boolean(),
  encryption: some({
    provider: fc.constantFrom('none', 'local', 'kmsV1', 'kmsV2'),
    kmsCall: latency,
    cacheSize: fc.constantFrom(1, 3, 1000),
  }),
});

const apiServer = fc.tuple(apiServerAlone, machine).map(([server, itsMachine]) => ({ ...server, ...itsMachine }));

/** What only newer servers have. */
const newerFlags = some({ shutdownWatchTerminationGracePeriod: seconds(0, 1, 60) });

const behaviours = some({
  cacheInvalidation: fc.constantFrom('podEvent', 'everySync', 'firstReference'),
  idleStop: fc.boolean(),
  immutableStop: fc.boolean(),
  pendingUpdate: fc.constantFrom('queued', 'replaced'),
  minWatchTimeout: fc.constantFrom('1s', '20s', '5m', '24h'),
  initialSync: fc.constantFrom('list', 'watchList'),
  http2MaxStreams: fc.constantFrom(1, 2, 100),
  efficientWatchResumption: fc.boolean(),
  flowControl: fc.constantFrom('maxInflight', 'priorityAndFairness'),
  watchSeats: fc.constantFrom('exempt', 'initialization'),
  cacheNotReady: fc.constantFrom('block', 'tooManyRequests'),
  watchRejected: fc.constantFrom('relist', 'rewatch'),
  watchInit: fc.constantFrom('scan', 'key'),
  streamsBlock: fc.boolean(),
});

/** The first servers whose kubelets may be three releases older; before, two. */
const WIDE_SKEW_FROM = RELEASES.indexOf('1.28');

/** Releases of the servers and of kubelets that may be as old. */
const releases = fc.tuple(fc.nat({ max: RELEASES.length - 1 }), fc.nat({ max: 3 })).map(([server, wanted]) => ({
  kubernetesVersion: RELEASES[server],
  kubeletVersion: RELEASES[Math.max(0, server - Math.min(wanted, server >= WIDE_SKEW_FROM ? 3 : 2))],
}));

/** From a node of one pod to what a limiter of 5 requests per second cannot serve. */
const counts = some({
  nodes: fc.constantFrom(1, 2, 3, 5),
  podsPerNode: fc.constantFrom(1, 2, 5, 10, 20),
  namespaces: fc.constantFrom(1, 3, 300),
  deploymentReplicas: fc.constantFrom(1, 3, 10, 1_000_000),
}).map((given) => ({ nodes: 2, podsPerNode: 3, namespaces: 2, deploymentReplicas: 3, ...given }));

const kubelet = some({
  syncFrequency: seconds(1, 1, 2, 5, 10, 60, 3600),
  configMapAndSecretChangeDetectionStrategy: fc.constantFrom(...STRATEGY_NAMES),
  kubeAPIQPS: fc.constantFrom(1, 2, 5, 50, 1_000_000),
  kubeAPIBurst: fc.constantFrom(1, 2, 10, 1_000_000),
  nodeTTL: fc.constantFrom('auto', 'unset', '0s', '1s', '15s', '24h'),
  workerResyncIntervalJitterFactor: fc.constantFrom(0, 0.5, 10),
  syncTickerPeriod: seconds(0, 0.001, 1, 60),
  populatorLoopSleepPeriod: seconds(0, 0.1, 0.5),
  reconcilerLoopSleepPeriod: seconds(0, 0.1, 0.5),
  syncPodDuration: seconds(0, 0.005, 60),
  volumeWriteDuration: seconds(0, 0.001, 60),
  podTermination: seconds(0, 1, 90),
  whatIf: some({
    syncOnWatchEvent: fc.boolean(),
    watchPerNode: fc.boolean(),
    watchOnlyWhatUpdates: fc.boolean(),
    adaptiveTTL: fc.constantFrom<'off' | object>('off', 'off', { factor: 0.2, min: '1s', max: '1m' }, { factor: 0 }),
  }),
});

/** Names that text formats, tables and file names may stumble over. */
const CLASS_NAMES = ['tls', 'own', '1', 'a.b', '-y', '=cmd', '"q"', '😀'];

/** A class of objects that kubelets read one by one. */
const readClass = fc
  .record({
    kind: fc.constantFrom('Secret' as const, 'ConfigMap' as const),
    scope: fc.constantFrom(...SCOPES),
    count: fc.constantFrom(1, 1, 2, 5),
    podFraction: fc.constantFrom(1, 0.5, 1e-9),
    as: fc.constantFrom(...CONSUMPTION_MODES),
    size: fc.constantFrom<number | string>(0, 1, '4Ki', '1Mi'),
    immutable: fc.constantFrom<boolean | number>(false, true, 0.5),
    optional: fc.boolean(),
    image: fc.constantFrom('private', 'public', undefined),
  })
  .map(({ as, kind, image, ...rest }) => ({
    as,
    kind: as === 'imagePullSecret' ? ('Secret' as const) : kind,
    ...(as === 'imagePullSecret' && image !== undefined && { image }),
    ...rest,
  }));

/** A class of objects that kubelets have by an informer. */
const informedClass = fc.oneof(
  fc.record({
    kind: fc.constant('ClusterTrustBundle' as const),
    scope: fc.constant('cluster'),
    as: fc.constant('projected'),
    count: fc.constantFrom(1, 3),
    podFraction: fc.constantFrom(1, 0.5),
    selectedBy: fc.constantFrom(...BUNDLE_SELECTIONS),
    optional: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('PodCertificateRequest' as const),
    scope: fc.constant('pod'),
    as: fc.constant('projected'),
    podFraction: fc.constantFrom(1, 0.5),
  }),
);

const objects = fc
  .array(fc.oneof({ weight: 6, arbitrary: readClass }, { weight: 1, arbitrary: informedClass }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((classes) =>
    classes.map((each, index) => ({ name: CLASS_NAMES[(index * 3 + classes.length) % CLASS_NAMES.length], ...each })),
  );

/** The kubelet from which on pods can use a kind of object. */
const KUBELET_SINCE = {
  Secret: '1.20',
  ConfigMap: '1.20',
  ClusterTrustBundle: '1.33',
  PodCertificateRequest: '1.34',
} as const;

const DURATIONS_S = [1, 20, 60, 200];

const settings = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 5 }),
  start: fc.constantFrom('steady', 'cold'),
  warmup: seconds(0, 1, 60, 200),
  drain: fc.constantFrom('auto', '0s', '20s'),
  kubelet,
  network: some({ roundTrip: latency, connectionLoss: latency }),
  etcd: some({ watch: latency }),
  apiServer: fc.option(apiServer, { nil: {} }),
  newerFlags,
  output: some({
    loadBin: seconds(0.1, 7, 100_000),
    exceedances: fc.constant(['1ms', '60s']),
    lastPodQuantiles: fc.constant([0, 0.5, 1]),
  }),
  pipeline: fc.option(
    fc.record(
      {
        source: fc.record({ refreshInterval: seconds(0, 0.000001, 3600) }),
        application: fc.record({ reloadInterval: seconds(0, 30), reloadDelay: seconds(0, 1) }),
      },
      { requiredKeys: ['source'] },
    ),
  ),
});

const cluster = fc.record({
  releases,
  apiServers: fc.constantFrom(1, 2, 7),
  clusterWatchers: fc.constantFrom<number | object>(0, 0, 0, 3, { secrets: 12 }),
  serviceAccountMaterial: fc.constantFrom('auto', 'none'),
  behaviours: fc.option(behaviours, { nil: {} }),
});

/** What is in a cluster: made from counts, or a topology file. */
const populations = fc.oneof(
  { weight: 3, arbitrary: fc.record({ counts, objects, topology: fc.constant(null) }) },
  { weight: 1, arbitrary: fc.record({ counts: fc.constant(null), objects: fc.constant([]), topology: topologies }) },
);

/** Experiments that the schema accepts, but for some that clash with themselves (nodes leave that never came). */
export const experiments: fc.Arbitrary<Case> = fc
  .record({ settings, cluster, population: populations, durationS: fc.constantFrom(...DURATIONS_S) })
  .chain(
    ({
      settings: { pipeline, newerFlags: flags, ...spec },
      cluster: { releases: versions, ...rest },
      population,
      durationS,
    }) => {
      const { topology, counts: given } = population;
      const classes = population.objects.filter(({ kind }) => atLeast(versions.kubeletVersion, KUBELET_SINCE[kind]));
      const targets =
        topology === null
          ? classes
              .filter(({ kind }) => kind !== 'PodCertificateRequest')
              .map(({ name, kind }) => ({
                target: name,
                missing: false,
                kind: null,
                mutable: kind === 'ClusterTrustBundle',
              }))
          : topology.objects.map(({ namespace, name, missing, kind }) => ({
              target: `${namespace}/${name}`,
              missing: missing === true,
              kind,
              mutable: false,
            }));
      const servers = { apiServers: rest.apiServers, release: versions.kubernetesVersion };
      return timelines(targets, durationS, servers).map((timeline) => ({
        topology,
        document: {
          apiVersion: 'secretsim/v1',
          kind: 'Experiment',
          metadata: { name: 'fuzz' },
          spec: {
            ...spec,
            apiServer: { ...spec.apiServer, ...(atLeast(versions.kubernetesVersion, '1.27') && flags) },
            ...(pipeline !== null && { pipeline }),
            replications: 1,
            duration: `${durationS}s`,
            cluster: { ...versions, ...rest, ...(topology === null ? given : { topology: 'topology.json' }) },
            ...(topology === null && { objects: classes }),
            timeline,
          },
        },
      }));
    },
  );
