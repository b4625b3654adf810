import { quantileSorted } from 'd3-array';
import { SECOND_US } from '../sim/units.js';
import type { RunMetrics } from '../cluster/model/run-record.js';
import type { SpecInput } from '../experiment/language/schema.js';
import type { Expectation } from './expectations.js';
import type { Observed } from './observation.js';
import { power } from '../sim/portable-math.js';

/** A scenario, and the figures that it is run for. */
export interface TheoryCase {
  readonly spec: SpecInput;
  readonly replications: number;
  readonly samples?: 'all';
  readonly expectations: readonly Expectation[];
}

/** No latencies, no ticker, no volume loops: only the sync interval and the caches, as closed forms assume. */
export const PURE = {
  network: { roundTrip: '0s', connectionLoss: '0s' },
  etcd: { watch: '0s' },
  apiServer: {
    getFromCache: '0s',
    getQuorum: '0s',
    list: '0s',
    watch: '0s',
    write: '0s',
    dispatch: '0s',
  },
} as const satisfies SpecInput;
export const PURE_KUBELET = {
  syncTickerPeriod: '0s',
  populatorLoopSleepPeriod: '0s',
  reconcilerLoopSleepPeriod: '0s',
  syncPodDuration: '0s',
  volumeWriteDuration: '0s',
} as const satisfies SpecInput['kubelet'];

/** One Secret of a scope. */
export const secret = (scope: 'cluster' | 'node' | 'pod', count = 1) =>
  ({ name: scope, kind: 'Secret', scope, count, size: '1Ki' }) as const;

const NODES_ONLY = { serviceAccountMaterial: 'none', deploymentReplicas: 5, namespaces: 3 } as const;
/** A cluster without service-account material. */
export const cluster = (nodes: number, podsPerNode = 1, release: '1.20' | '1.21' | '1.30' | '1.31' | '1.33' = '1.33') =>
  ({ ...NODES_ONLY, nodes, podsPerNode, kubernetesVersion: release }) as const;

/** Updates of all objects of a scope, at independent times: one in each period, at a uniform time of its first 90 %. */
export const spreadUpdates = (scope: 'node' | 'pod', periodS: number) => ({
  timeline: [{ every: `${periodS}s`, from: '0s', jitter: `${periodS * 0.9}s`, update: scope }],
});

/** Any metric of `runs.csv`. */
export const metric =
  (name: keyof RunMetrics) =>
  ({ metrics }: Observed<'metrics'>): number =>
    metrics[name] ?? NaN;

const delays = ({ samples }: Observed<'samples'>): number[] =>
  Array.from(samples?.projectedAtUs ?? [], (at, i) => (at - (samples?.writtenAtUs[i] ?? NaN)) / SECOND_US).sort(
    (a, b) => a - b,
  );

const shareAbove = (values: readonly number[], limit: number): number =>
  values.filter((value) => value > limit).length / values.length;

const CODE = 'pkg/kubelet/pod_workers.go: wait.Jitter(resyncInterval, 0.5)';

/** F of the residual life of U[60, 90): x/75 up to 60 s, then 1 − (90 − x)²/4500. */
function residualQuantile(level: number): number {
  return level <= 0.8 ? 75 * level : 90 - Math.sqrt(4500 * (1 - level));
}

const residual: TheoryCase = {
  spec: {
    ...PURE,
    kubelet: PURE_KUBELET,
    cluster: cluster(200),
    objects: [secret('pod')],
    duration: '4000s',
    ...spreadUpdates('pod', 400),
  },
  replications: 20,
  samples: 'all',
  expectations: [
    {
      name: 'Watch: delay, mean, s',
      formula: 'residual life of T ~ U[60, 90): E[T²] / (2 E[T])',
      source: CODE,
      expected: 38,
      of: metric('delay_mean_s'),
    },
    ...[0.5, 0.9, 0.95, 0.99].map((level): Expectation => ({
      name: `Watch: delay, p${level * 100}, s`,
      formula: level <= 0.8 ? 'F(x) = x/75 for x ≤ 60' : 'F(x) = 1 − (90 − x)²/4500 for x ≥ 60',
      source: CODE,
      expected: residualQuantile(level),
      of: (observation) => quantileSorted(delays(observation), level) ?? NaN,
    })),
    {
      name: 'Watch: delays above 60 s, share',
      formula: '1 − F(60) = 1/5',
      source: CODE,
      expected: 0.2,
      of: (observation) => shareAbove(delays(observation), 60),
    },
    {
      name: 'Watch: delay, maximum, s',
      formula: 'below 90',
      source: CODE,
      expected: [88, 90],
      of: metric('delay_max_s'),
    },
  ],
};

const lastPods = [3, 10, 100, 1000, 10_000].map((pods): TheoryCase => ({
  spec: {
    ...PURE,
    kubelet: PURE_KUBELET,
    cluster: cluster(pods),
    objects: [secret('cluster')],
    duration: '100s',
    timeline: [{ at: '1s', update: 'cluster' }],
  },
  replications: pods === 10_000 ? 41 : 101,
  expectations: [
    {
      name: `Watch: the last of ${pods.toLocaleString('en-US')} pods, median, s`,
      formula: 'F(x)^n = 1/2, F the residual life of U[60, 90)',
      source: CODE,
      expected: residualQuantile(power(0.5, 1 / pods)),
      median: true,
      of: metric('last_pod_max_s'),
    },
  ],
}));

const TTL_CODE = 'pkg/kubelet/util/manager/cache_based_manager.go: objectStore.Get';
const ttl300Spec: SpecInput = {
  ...PURE,
  cluster: cluster(300, 1, '1.30'),
  objects: [secret('pod')],
  duration: '6000s',
  ...spreadUpdates('pod', 1000),
};
const ttl300Kubelet = { configMapAndSecretChangeDetectionStrategy: 'Cache', nodeTTL: '300s', ...PURE_KUBELET } as const;
/** C = T₁ + … + T_N, T ~ U[60, 90), N the first n with a sum of at least 300 s: by numerical convolution. */
const CYCLE = 'residual life of C = T₁ + … + T_N, T ~ U[60, 90), N = min{n: sum ≥ 300}';
const ttl300: TheoryCase = {
  spec: { ...ttl300Spec, kubelet: ttl300Kubelet },
  replications: 20,
  samples: 'all',
  expectations: [
    {
      name: 'Cache, TTL 300 s: time per GET, s',
      formula: 'E[C] = E[N] E[T] = 4.5 · 75 (Wald)',
      source: TTL_CODE,
      expected: 337.5,
      of: (observation) => 300 / metric('get_per_s')(observation),
    },
    {
      name: 'Cache, TTL 300 s: delay, mean, s',
      formula: `E[C²] / (2 E[C]): ${CYCLE}`,
      source: TTL_CODE,
      expected: 169.778,
      of: metric('delay_mean_s'),
    },
    // Shares above the law's quantiles: as estimates they have no bias, which sample quantiles in a thin tail have.
    ...(
      [
        [0.5, 168.75],
        [0.9, 303.92],
        [0.99, 358.535],
      ] as const
    ).map(([level, quantile]): Expectation => ({
      name: `Cache, TTL 300 s: delays above the ${level} quantile ${quantile} s, share`,
      formula: CYCLE,
      source: TTL_CODE,
      expected: 1 - level,
      of: (observation) => shareAbove(delays(observation), quantile),
    })),
  ],
};
const ttl60: TheoryCase = {
  spec: {
    ...ttl300Spec,
    kubelet: { ...ttl300Kubelet, nodeTTL: '60s' },
    duration: '4000s',
    ...spreadUpdates('pod', 400),
  },
  replications: 20,
  expectations: [
    {
      name: 'Cache, TTL 60 s, one reader: delay, mean, s',
      formula: 'every sync finds the entry expired: as under Watch',
      source: TTL_CODE,
      expected: 38,
      of: metric('delay_mean_s'),
    },
    {
      name: 'Cache, TTL 60 s, one reader: time per GET, s',
      formula: 'E[T]',
      source: TTL_CODE,
      expected: 75,
      of: (observation) => 300 / metric('get_per_s')(observation),
    },
  ],
};

const rewatch = (
  [
    ['1.30', 300],
    ['1.31', 1800],
  ] as const
).map(([release, timeout]): TheoryCase => ({
  spec: { cluster: cluster(1000, 30, release), objects: [secret('pod')], duration: '900s' },
  replications: 8,
  expectations: [
    {
      name: `Watch, ${release}: WATCHes per second for 30,000 watches`,
      formula: `30,000 / E[⌊${timeout} U[1, 2)⌋]`,
      source: 'client-go/tools/cache/reflector.go: minWatchTimeout',
      expected: 30_000 / (1.5 * timeout - 0.5),
      of: metric('watch_per_s'),
    },
  ],
}));

const get = (
  [
    ['0s', 75, 'off'],
    ['1s', 75.5, 'on'],
  ] as const
).map(([syncTickerPeriod, interval, word]): TheoryCase => ({
  spec: {
    ...PURE,
    cluster: cluster(500, 30),
    objects: [secret('pod')],
    kubelet: { ...PURE_KUBELET, configMapAndSecretChangeDetectionStrategy: 'Get', syncTickerPeriod },
    duration: '600s',
  },
  replications: 8,
  expectations: [
    {
      name: `Get: quorum GETs per second of 15,000 references, ticker ${word}`,
      formula: `15,000 / ${interval} s${word === 'on' ? ' (whole seconds, rounded up: 61 … 90)' : ''}`,
      source: 'pkg/kubelet/util/manager: simple manager',
      expected: 15_000 / interval,
      of: metric('quorum_reads_per_s'),
    },
  ],
}));

/** Figures that follow from the mechanism by calculation. */
export const CLOSED_FORMS: readonly TheoryCase[] = [residual, ...lastPods, ttl300, ttl60, ...rewatch, ...get];
