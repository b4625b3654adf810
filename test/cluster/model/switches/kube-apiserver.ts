import { VERB } from '../../../../src/cluster/model/verbs.js';
import { STATUS } from '../../../../src/cluster/kube-apiserver/requests.js';
import type { EncryptionConfig, ModelInput } from '../../../../src/cluster/model/model-input.js';
import { simulate } from '../../../../src/cluster/run/simulate.js';
import { inputOf, objectClass, type Scenario } from '../../scenario.js';
import { crash, once, roll } from '../../timeline-actions.js';
import { answersOf, byEntry, fromTheStart, measured, metricOf, observed } from './observed.js';
import { unreadyRejections } from './outages.js';
import type { Probe } from './probe.js';

const COSTS = inputOf({}).apiServer.costs;
const own = [objectClass('own', { scope: 'pod' })];
/** A server that nobody waits for, and that knows every pod at once. */
const ample = { capacity: 64, nodeAuthorizer: false } as const;

const kmsV1 = (callMs: number): EncryptionConfig => ({
  provider: 'kmsV1',
  kmsCall: { p50Us: callMs * 1e3, p99Us: callMs * 1e3 },
  cacheSize: 1000,
});

/** Connections per kubelet. */
function connections(scenario: Scenario): number {
  return metricOf(simulate(inputOf(scenario), 1), 'kubelet_connections') / (scenario.nodes ?? NaN);
}

/** Bookmarks per open watch and minute. */
function bookmarks(scenario: Scenario): number {
  const record = simulate(inputOf(scenario), 1);
  return (metricOf(record, 'bookmarks_per_s') * 60) / metricOf(record, 'watches_open_mean');
}

/** CPU per WATCH of a cold start, ms. */
function watchMs(scenario: Scenario): number {
  const record = simulate(fromTheStart(scenario), 1);
  return (metricOf(record, 'apiserver_cpu_cores') / metricOf(record, 'watch_per_s')) * 1e3;
}

/** Requests answered 429 per watch that a crash has ended. */
function rejections(scenario: Scenario): number {
  const record = simulate(inputOf(scenario), 1);
  return metricOf(record, 'rejected_429') / metricOf(record, 'watches_lost');
}

/** When the last request was answered 429, s from the crash at 60 s. */
function lastRejection(scenario: Scenario): number {
  const rejected = answersOf(observed(inputOf(scenario))).filter(({ status }) => status === STATUS.TOO_MANY_REQUESTS);
  return rejected[rejected.length - 1].atS - CRASH_S;
}

const CRASH_S = 60;
/** Down, listening, and start-up work until requests are served and the caches begin to fill, s. */
const SERVES_S = 1 + 0.1 + 2.6 + 0.9;

/** The only server crashes, and fills its cache of 400 Secrets; its clients come back each second until it is full. */
const filling: Scenario = {
  nodes: 400,
  apiServers: 1,
  duration: 200,
  classes: own,
  timeline: [crash(CRASH_S, 'all', 1)],
};

/** When the last of clients who come once a second is rejected by a cache that is full after `fillS`. */
const untilFull = (fillS: number): { from: number; to: number } => ({
  from: SERVES_S + fillS - 1.01,
  to: SERVES_S + fillS + 0.05,
});

/** A cluster whose etcd tells servers of its progress as seldom as it does by itself. */
const seldomTold = (input: ModelInput): ModelInput => ({
  ...input,
  etcd: { ...input.etcd, watchProgressNotifyIntervalUs: 600e6 },
});

/**
 * One of two servers crashes when its clients have just got the initial state from etcd: the other one's watch cache is
 * not as far as that until etcd says so. When the last of them has the state again, s.
 */
function statesAgain(scenario: Scenario): number {
  const input = seldomTold(fromTheStart(scenario));
  const network = { ...input.network, connectionLoss: { p50Us: 100e3, p99Us: 100e3 } };
  const states = answersOf(observed({ ...input, network })).filter(({ verb }) => verb === VERB.WATCH);
  return states[states.length - 1].atS;
}

/** Of the first answers to WATCHes once the only server serves again, the share of 410, where etcd tells it nothing unasked. */
function goneShare(scenario: Scenario): number {
  const answers = answersOf(observed(seldomTold(inputOf(scenario)))).filter(
    ({ verb, status, atS }) => verb === VERB.WATCH && (status === STATUS.OK || status === STATUS.GONE) && atS > 100,
  );
  const first = byEntry(answers).map(([{ status }]) => status);
  return first.filter((status) => status === STATUS.GONE).length / first.length;
}

/** Three servers, of which the first is filling its ConfigMaps, for 40 s, when the second crashes. */
const rolling: Scenario = {
  nodes: 300,
  apiServers: 3,
  duration: 200,
  classes: [objectClass('own', { scope: 'pod', kind: 'ConfigMap' })],
  timeline: [once(60, { action: 'restartApiServer', servers: 2, staggerUs: 20e6, downtimeUs: 1e6, mode: 'crash' })],
  apiServer: { ...ample, costs: { ...COSTS, cacheFillPerObject: (40 / 300) * 1e9 } },
};

/** Share of the WATCHes that are reset as the only server is killed, of nodes that know it at once. */
function resets(scenario: Scenario): number {
  const input = inputOf(scenario);
  const network = { ...input.network, connectionLoss: { p50Us: 200, p99Us: 200 } };
  const record = simulate({ ...input, network }, 1);
  return metricOf(record, 'requests_lost') / metricOf(record, 'watches_lost');
}

export const KUBE_APISERVER_PROBES: readonly Probe[] = [
  {
    of: 'certificateReload',
    measures: 'share of the WATCHes that are reset by the kernel of a server that is killed',
    scenario: { nodes: 10, podsPerNode: 5, apiServers: 1, duration: 120, classes: own, timeline: [crash(CRASH_S)] },
    read: resets,
    laws: {
      // Ten connections are closed in 0.15 ms: less than a round trip.
      polls: { says: 'none', from: 0, to: 0 },
      inotify: { says: 'all', from: 1, to: 1 },
    },
  },
  {
    of: 'http2MaxStreams',
    measures: 'connections of a kubelet with 240 watches',
    scenario: { nodes: 4, podsPerNode: 240, classes: own },
    read: connections,
    laws: {
      250: { says: 'one', from: 1, to: 1 },
      100: { says: 'three', from: 3, to: 3 },
    },
  },
  {
    of: 'efficientWatchResumption',
    measures: 'bookmarks per watch and minute where nothing is written',
    scenario: { nodes: 100, duration: 1800, classes: own },
    read: bookmarks,
    laws: {
      false: { says: 'none', from: 0, to: 0 },
      // The last one of a watch comes 2 s before its end.
      true: { says: 'one', from: 0.9, to: 1.1 },
    },
  },
  {
    of: 'watchInit',
    measures: 'CPU per WATCH with initial events, of 500 objects, ms',
    scenario: {
      start: 'cold',
      nodes: 10,
      podsPerNode: 50,
      duration: 60,
      classes: own,
      behaviours: { initialSync: 'watchList' },
      apiServer: {
        ...ample,
        costs: { ...COSTS, nodeBackground: 0, bookmark: 0, watchList: { at1KiB: 1e6, at64KiB: 1e6 } },
      },
    },
    read: watchMs,
    laws: {
      scan: { says: '1 and 500 × 0.002', from: 2.01, to: 2.03 },
      key: { says: '1', from: 0.99, to: 1.01 },
    },
  },
  {
    of: 'cacheNotReady',
    measures: 'requests answered 429, per watch, while a watch cache is filled for 10 s',
    scenario: { ...filling, apiServer: { ...ample, encryption: kmsV1(25) } },
    read: rejections,
    laws: {
      block: { says: 'none', from: 0, to: 0 },
      tooManyRequests: { says: 'about one a second', from: 7, to: 12 },
    },
  },
  {
    of: 'unreadyRetryAfter',
    measures: 'requests answered 429, per watch, while a watch cache is filled for 50 s',
    scenario: { ...filling, apiServer: { ...ample, encryption: kmsV1(125) } },
    read: rejections,
    laws: { constant: unreadyRejections('constant', 50), growing: unreadyRejections('growing', 50) },
  },
  {
    of: 'progressOnDemand',
    measures: 'initial state of watches that a crash at 0.6 s has ended, from another server, s',
    scenario: {
      start: 'cold',
      nodes: 100,
      apiServers: 2,
      duration: 20,
      classes: own,
      timeline: [crash(0.6, 1, 100)],
      behaviours: { initialSync: 'watchList' },
      apiServer: ample,
    },
    read: statesAgain,
    laws: {
      // The back-off of 0.8 to 1.6 s, 3 s until the answer 504, and the next back-off before etcd is asked.
      false: { says: 'after 3 s of waiting and another back-off', from: 0.7 + 0.8 + 3, to: 0.7 + 1.6 + 3 + 3.2 + 0.2 },
      // A very short watch is an error: the back-off of 0.8 to 1.6 s, and at most one period of requests for progress.
      true: { says: 'after the back-off', from: 0.7 + 0.8, to: 0.7 + 1.6 + 0.1 + 0.1 },
    },
  },
  {
    of: 'sizeEstimates',
    measures: 'share of the watches that are answered 410 when their only server has ended and begun anew',
    scenario: {
      nodes: 50,
      podsPerNode: 4,
      apiServers: 1,
      duration: 300,
      classes: own,
      timeline: [roll(100, 0)],
      apiServer: ample,
    },
    read: goneShare,
    laws: {
      false: { says: 'all, for no bookmark told them of the last write', from: 1, to: 1 },
      true: { says: 'those whose bookmark came before the server counted its keys', from: 0.05, to: 0.95 },
    },
  },
  {
    of: 'concurrentDecode',
    measures: 'the last 429 after a crash, with 400 calls of 55 ms to KMS v1, s',
    scenario: {
      ...filling,
      behaviours: { unreadyRetryAfter: 'constant', etcdRangeStream: false },
      apiServer: { ...ample, encryption: kmsV1(55) },
    },
    read: lastRejection,
    laws: {
      false: { says: '22 s after serving', ...untilFull(22) },
      true: { says: '2.2 s after serving', ...untilFull(2.2) },
    },
  },
  {
    of: 'etcdRangeStream',
    measures: 'the last 429 after a crash, with 400 objects of 50 ms, s',
    scenario: {
      ...filling,
      behaviours: { unreadyRetryAfter: 'constant', concurrentDecode: false },
      apiServer: { ...ample, costs: { ...COSTS, nodeBackground: 0, cacheFillPerObject: 50e6 } },
    },
    read: lastRejection,
    laws: {
      false: { says: '20 s after serving', ...untilFull(20) },
      // 0.56 of the work is not decoding, and a stream leaves 0.66 of that.
      true: { says: '16.2 s after serving', ...untilFull(20 * (1 - 0.56 * 0.34)) },
    },
  },
  {
    of: 'readyWaitsForCaches',
    measures: '429s per watch that goes to another server while one of these fills its ConfigMaps',
    scenario: rolling,
    read: rejections,
    laws: {
      // Half of the second server's clients, a quarter of all who lost their watch, for 20 s, each 3 to 10 s.
      false: { says: 'some', from: 0.25 * 2, to: 0.25 * 8 },
      true: { says: 'none', from: 0, to: 0 },
    },
  },
  {
    of: 'encryptionConfigPoll',
    measures: 'calls of the KMS within 2 s of a new encryption configuration, seven servers',
    scenario: {
      nodes: 4,
      apiServers: 7,
      duration: 12,
      drain: 0,
      classes: own,
      apiServer: { encryption: { ...kmsV1(1), provider: 'kmsV2' } },
      timeline: [once(10, { action: 'rotateEncryptionKey', ratePerS: 5, restarts: true, reload: true })],
    },
    read: (scenario) => measured(scenario, 'kms_calls'),
    laws: {
      0: { says: 'two of two providers from each', from: 7 * 4, to: 7 * 4 },
      // Each of seven looks within these 2 s with 1 in 30: three or more of them do in one of a thousand runs.
      60: { says: 'from those whose poll falls into them', from: 0, to: 2 * 4 },
    },
  },
];
