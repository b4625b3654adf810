import { STATUS } from '../../../../src/cluster/kube-apiserver/requests.js';
import { VERB } from '../../../../src/cluster/model/verbs.js';
import { simulate } from '../../../../src/cluster/run/simulate.js';
import { inputOf, objectClass, type Scenario } from '../../scenario.js';
import { crash, restartKubelets } from '../../timeline-actions.js';
import { answersOf, byEntry, fromTheStart, metricOf, observed } from './observed.js';
import { outageOf, waitsAsWritten } from './outages.js';
import type { Law, Probe } from './probe.js';

const S = 1e6;
const own = [objectClass('own', { scope: 'pod' })];
/** A server that nobody waits for, and that knows every pod at once. */
const ample = { capacity: 64, nodeAuthorizer: false } as const;

/** LISTs per reflector of a cold start. */
function firstLists(scenario: Scenario): number {
  const record = simulate(fromTheStart(scenario), 1);
  return (metricOf(record, 'list_per_s') * (scenario.duration ?? NaN)) / (scenario.nodes ?? NaN);
}

/** From the answer 410 to a reflector's WATCH until its LIST is answered; mean, s. */
function listAfterGone(scenario: Scenario): number {
  const waits = byEntry(answersOf(observed(inputOf(scenario)))).flatMap((answers) => {
    const gone = answers.findIndex(({ status }) => status === STATUS.GONE);
    return gone < 0 ? [] : [answers[gone + 1].atS - answers[gone].atS];
  });
  return waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
}

/** WATCHes per reflector that found no server. */
function refusedTries(scenario: Scenario): number {
  const record = simulate(inputOf(scenario), 1);
  return metricOf(record, 'requests_refused') / metricOf(record, 'watches_lost');
}

/** LISTs per reflector that were answered 429. */
function rejectedLists(scenario: Scenario): number {
  const answers = answersOf(observed(inputOf(scenario)));
  const rejected = answers.filter(({ verb, status }) => verb === VERB.LIST && status === STATUS.TOO_MANY_REQUESTS);
  return rejected.length / (scenario.nodes ?? NaN);
}

/** LISTs after WATCHes that were lost with their connection, per such WATCH. */
function listsAfterLoss(scenario: Scenario): number {
  const lost = byEntry(answersOf(observed(inputOf(scenario)))).flatMap((answers) => {
    const loss = answers.findIndex(({ verb, status }) => verb === VERB.WATCH && status === STATUS.LOST);
    return loss < 0 ? [] : [answers.slice(loss + 1)];
  });
  const lists = lost.map(
    (answers) => answers.filter(({ verb, status }) => verb === VERB.LIST && status === STATUS.OK).length,
  );
  return lists.reduce((sum, count) => sum + count, 0) / lists.length;
}

/** No server for ten minutes, from the client's notice on: 10 min and 0.1 s until connections are accepted, less 0.6 to 0.9 s. */
const OUTAGE_S = 600 + 0.1 - 0.75;
const outage: Scenario = { nodes: 400, apiServers: 1, apiServer: ample, classes: own };

/** The tries of a reflector in the outage, as the sources have it, within four standard deviations of the mean of 400. */
function triesInOutage(law: 'shared' | 'restarting'): Law {
  const { mean, deviation } = outageOf(waitsAsWritten(law, 'probe'), OUTAGE_S, 2000).tries;
  const error = (4 * deviation) / Math.sqrt(400);
  return { says: mean.toFixed(1), from: mean - error, to: mean + error };
}

export const CLIENT_GO_PROBES: readonly Probe[] = [
  {
    of: 'initialSync',
    measures: 'LISTs per reflector of a cold start',
    scenario: { start: 'cold', nodes: 40, duration: 60, classes: own, apiServer: ample },
    read: firstLists,
    laws: {
      list: { says: 'one', from: 1, to: 1 },
      watchList: { says: 'none', from: 0, to: 0 },
    },
  },
  {
    of: 'reflectorBackOff',
    measures: 'from 410 after an outage of 5 min to the answer to the LIST, mean, s',
    scenario: { ...outage, nodes: 200, duration: 600, timeline: [crash(60, 'all', 300)] },
    read: listAfterGone,
    laws: {
      // Four standard deviations of the mean of 200 draws, and a few ms of latency.
      two: { says: '0.8 × U[1, 2), for LISTs have failed for the first time', from: 1.13, to: 1.3 },
      shared: { says: '30 × U[1, 2), for WATCHes have failed before', from: 42.5, to: 47.6 },
    },
  },
  {
    of: 'reflectorBackOff',
    measures: 'tries per reflector in an outage of 10 min',
    scenario: { ...outage, duration: 900, timeline: [crash(60, 'all', 600)] },
    read: refusedTries,
    laws: { shared: triesInOutage('shared'), restarting: triesInOutage('restarting') },
  },
  {
    of: 'watchRejected',
    measures: 'LISTs per reflector that are answered 429 while a watch cache is filled for 10 s',
    scenario: {
      nodes: 200,
      podsPerNode: 1,
      apiServers: 1,
      duration: 200,
      classes: own,
      timeline: [crash(60, 'all', 1)],
      behaviours: { cacheNotReady: 'tooManyRequests' },
      apiServer: {
        ...ample,
        encryption: { provider: 'kmsV1', kmsCall: { p50Us: 50e3, p99Us: 50e3 }, cacheSize: 1000 },
      },
    },
    read: rejectedLists,
    laws: {
      // Each is sent again by the client itself, once a second for ten times.
      relist: { says: 'one and more, in place of the WATCHes', from: 1, to: 11 },
      rewatch: { says: 'none, for the WATCHes are sent again', from: 0, to: 0 },
    },
  },
  {
    of: 'watchLost',
    measures: 'LISTs per WATCH that was lost with its connection',
    scenario: {
      nodes: 100,
      apiServers: 2,
      duration: 120,
      classes: own,
      // Kubelets are back 5 s after they stop, and their WATCHes take half a second: the crash comes into that.
      timeline: [restartKubelets(60), crash(65.3, 1, 10)],
      apiServer: { ...ample, watch: { p50Us: 0.5 * S, p99Us: 0.5 * S } },
    },
    read: listsAfterLoss,
    laws: {
      emptyWatch: { says: 'one, for a watch that ends at once is very short', from: 1, to: 1 },
      retry: { says: 'none', from: 0, to: 0 },
    },
  },
];
