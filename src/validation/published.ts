import { cluster, metric, PURE, PURE_KUBELET, secret, spreadUpdates, type TheoryCase } from './closed-forms.js';
import type { Expectation } from './expectations.js';

const GIB = 2 ** 30;
const HOURS_5 = 18_000;

const CACHE = { configMapAndSecretChangeDetectionStrategy: 'Cache' } as const;

/** V3, above 2,000 nodes the TTL controller annotates 300 s: with the 1 s ticker, and the volume loops' latency off. */
const ttl300: TheoryCase = {
  spec: {
    ...PURE,
    cluster: cluster(2001, 1, '1.30'),
    objects: [secret('pod')],
    kubelet: { ...CACHE, ...PURE_KUBELET, syncTickerPeriod: '1s' },
    duration: '6000s',
    ...spreadUpdates('pod', 1000),
  },
  replications: 4,
  expectations: (
    [
      ['mean', 'delay_mean_s', 168.8, 0.05],
      ['p50', 'delay_p50_s', 167.8, 0.05],
      ['p90', 'delay_p90_s', 302, 0.5],
      ['p99', 'delay_p99_s', 358, 0.5],
    ] as const
  ).map(([name, column, value, rounding]) => ({
    name: `Cache above 2,000 nodes (TTL 300 s): delay, ${name}, s`,
    formula: `${value} s`,
    source: 'A.9 V3, derived from ttl_controller.go and pod_workers.go',
    expected: [value - rounding, value + rounding] as const,
    of: metric(column),
  })),
};

/** V4 */
const shortTtl = ([0, 15, 30] as const).map((ttl): TheoryCase => ({
  spec: {
    ...PURE,
    cluster: cluster(250, 1, '1.30'),
    objects: [secret('pod')],
    kubelet: { ...CACHE, ...PURE_KUBELET, nodeTTL: `${ttl}s` },
    duration: '4000s',
    ...spreadUpdates('pod', 400),
  },
  replications: 8,
  expectations: [
    {
      name: `Cache, TTL ${ttl} s, one reader: delay, mean, s`,
      formula: "Watch's delays: 38.0 s",
      source: 'A.9 V4: a sync takes longer than the TTL',
      expected: [37.95, 38.05],
      of: metric('delay_mean_s'),
    },
    {
      name: `Cache, TTL ${ttl} s, one reader: time per GET, s`,
      formula: '75 s',
      source: 'A.9 V4',
      expected: [74.95, 75.05],
      of: (observation) => 250 / metric('get_per_s')(observation),
    },
  ],
}));

const tenReaders: TheoryCase = {
  spec: {
    cluster: cluster(100, 10, '1.30'),
    objects: [secret('node')],
    kubelet: { ...CACHE, nodeTTL: '60s' },
    duration: '4000s',
    ...spreadUpdates('node', 400),
  },
  replications: 8,
  expectations: (
    [
      ['mean', 'delay_mean_s', [63.5, 64.5]],
      ['p99', 'delay_p99_s', [128.5, 129.5]],
      ['maximum', 'delay_max_s', [140, 152]],
    ] as const
  ).map(([name, column, expected]) => ({
    name: `Cache, TTL 60 s, ten readers of an entry: delay, ${name}, s`,
    formula: name === 'maximum' ? 'about 146 s' : `${name === 'mean' ? 64 : 129} s`,
    source: 'A.9 V4',
    expected,
    of: metric(column),
  })),
};

/** V5 */
const getLoad = (
  [
    [0, 2500],
    [0.5, 2000],
  ] as const
).map(([jitter, rate]): TheoryCase => ({
  spec: {
    ...PURE,
    cluster: cluster(5000, 30, '1.21'),
    objects: [secret('pod')],
    kubelet: { ...CACHE, ...PURE_KUBELET, nodeTTL: '60s', workerResyncIntervalJitterFactor: jitter },
    duration: '300s',
  },
  replications: 2,
  expectations: [
    {
      name: `5,000 × 30 pods, TTL 1 min, jitter factor ${jitter}: GET/s`,
      formula: `${rate} GET/s`,
      source: 'kubernetes PR 40796 (V5)',
      expected: [rate - 5, rate + 5],
      of: metric('get_per_s'),
    },
  ],
}));

/** V6 */
const openshift: TheoryCase = {
  spec: {
    cluster: cluster(250, 22, '1.21'),
    objects: [secret('pod', 3)],
    kubelet: { ...CACHE, nodeTTL: '15s' },
    duration: '1200s',
  },
  replications: 4,
  expectations: [
    {
      name: '16,500 mounts on 250 nodes: GET/s',
      formula: '220 GET/s of 10 to 20 thousand mounts',
      source: 'kubernetes issue 49684 (V6)',
      expected: [215, 225],
      of: metric('get_per_s'),
    },
  ],
};

/** V7, at a tenth of the size: 500 nodes of 30 watches join in 5 h. */
const growing: TheoryCase = {
  spec: {
    cluster: cluster(1, 30, '1.30'),
    objects: [secret('pod')],
    kubelet: { kubeAPIQPS: 50, kubeAPIBurst: 100 },
    duration: `${HOURS_5}s`,
    timeline: [{ every: `${HOURS_5 / 500}s`, from: `${HOURS_5 / 500}s`, addNodes: 1 }],
  },
  replications: 2,
  expectations: [
    {
      name: 'initial events while 150,000 watches join in 5 h, two per WATCH opened again, million',
      formula: '6.0 million (and 6 to 10 million counted)',
      source: 'kubernetes issue 83016 (V7)',
      // A watch's first life is a whole one: 0.48 restarts fewer each than at the steady rate, 2.4 % here.
      expected: [0.97 * 6, 6.05],
      of: (observation) => {
        const opened = metric('watch_per_s')(observation) * HOURS_5;
        return (2 * (opened - metric('watches_open_max')(observation)) * 10) / 1e6;
      },
    },
  ],
};
const restarts: TheoryCase = {
  spec: { cluster: cluster(5000, 30, '1.30'), objects: [secret('pod')], duration: '900s' },
  replications: 2,
  expectations: [
    {
      name: 'WATCHes per second of 150,000 watches of 5 to 10 min',
      formula: '333/s',
      source: 'kubernetes issue 83016 (V7)',
      expected: [330, 336],
      of: metric('watch_per_s'),
    },
  ],
};

/** V8 */
const memory: TheoryCase = {
  spec: {
    cluster: { ...cluster(5000), apiServers: 1 },
    objects: [secret('cluster', 30)],
    duration: '30s',
  },
  replications: 1,
  expectations: [
    {
      name: 'memory of 150,000 watches, GiB',
      formula: '7.2 to 14.3 GiB (50 to 100 KiB each)',
      source: 'kubernetes issues 117777 and 90725 (V8)',
      expected: [7.2, 14.3],
      of: (observation) => metric('apiserver_memory_bytes')(observation) / GIB,
    },
  ],
};

/** V9 */
const streams = (
  [
    [true, 'before 1.12', 150, 'kubernetes issue 74412 (V9)', '150 watches wait'],
    [false, 'of today', 0, 'golang.org/x/net/http2: a further connection is opened', 'none waits'],
  ] as const
).map(([streamsBlock, clients, waiting, source, formula]): TheoryCase => ({
  spec: {
    start: 'cold',
    warmup: '0s',
    cluster: { ...cluster(1, 1, '1.20'), apiServers: 1, behaviours: { streamsBlock, http2MaxStreams: 250 } },
    objects: [{ name: 'settings', kind: 'ConfigMap', scope: 'pod', count: 400 }],
    apiServer: { capacity: 4 },
    duration: '300s',
  },
  replications: 1,
  expectations: [
    {
      name: `400 ConfigMaps on one node, 250 streams, clients built with Go ${clients}: watches that wait`,
      formula,
      source,
      expected: waiting,
      of: (observation) => 400 - metric('watches_open_max')(observation),
    },
  ],
}));

/** V14: one rolling restart of three servers, each stop spreading its watches over the two others. */
const skew: TheoryCase = {
  spec: {
    cluster: { ...cluster(105, 30), apiServers: 3 },
    objects: [secret('pod')],
    duration: '600s',
    timeline: [{ at: '60s', restartApiServer: { servers: 'all', stagger: '120s', downtime: '5s', mode: 'crash' } }],
  },
  replications: 20,
  expectations: [27.7, 4.7, 1.5].map((thousand, rank): Expectation => ({
    name: `watches at ${['the fullest', 'the second', 'the emptiest'][rank]} of three servers, share`,
    formula: `${thousand}k of 33.9k`,
    source: 'kubernetes issue 90725 (V14)',
    expected: [(thousand - 0.05) / 33.9, (thousand + 0.05) / 33.9],
    of: ({ watchesAtEnd }) =>
      [...watchesAtEnd].sort((a, b) => b - a)[rank] / watchesAtEnd.reduce((sum, open) => sum + open),
    explanation: 'the history of restarts of that cluster is unknown; this is one rolling restart',
  })),
};

/** Figures that others have published: section A.9 but for V1, V2 and V11, which are closed forms. */
export const PUBLISHED: readonly TheoryCase[] = [
  ttl300,
  ...shortTtl,
  tenReaders,
  ...getLoad,
  openshift,
  restarts,
  growing,
  memory,
  ...streams,
  skew,
];
