import { STATUS } from '../../../../src/cluster/kube-apiserver/requests.js';
import { simulate } from '../../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../../scenario.js';
import { crash, restartKubelets } from '../../timeline-actions.js';
import { answersOf, byEntry, largest, metricOf, observed } from './observed.js';
import type { Probe } from './probe.js';

const S = 1e6;
const own = [objectClass('own', { scope: 'pod' })];
/** A server that nobody waits for, and that knows every pod at once. */
const ample = { capacity: 64, nodeAuthorizer: false } as const;

/** Seats of the level of nodes' requests, of 600: 30 of 205 shares, with node-high 30 of 245. */
const SEATS = { shared: 88, alone: 74 };

/**
 * Watches of half the nodes move from a server that crashes to the other, where opening one takes 5 s. No watch ends of
 * itself meanwhile.
 */
const quiet = { minWatchTimeout: 86_400 } as const;
const storm: Scenario = {
  nodes: 600,
  apiServers: 2,
  duration: 120,
  classes: own,
  timeline: [crash(60, 1, 100)],
  behaviours: quiet,
  apiServer: { ...ample, watch: { p50Us: 5 * S, p99Us: 5 * S } },
};

/** Watches that moved, less those that waited in queues. */
function notQueued(scenario: Scenario): number {
  const record = simulate(inputOf(scenario), 1);
  return metricOf(record, 'watches_lost') - metricOf(record, 'queued_max');
}

const mostSeats = (scenario: Scenario): number => largest(simulate(inputOf(scenario), 1), 'seats');

/** From an answer 429 to the next answer about the same object, median, s. */
function pauseAfterRejection(scenario: Scenario): number {
  const pauses = byEntry(answersOf(observed(inputOf(scenario)))).flatMap((answers) =>
    answers
      .slice(1)
      .flatMap(({ atS }, i) => (answers[i].status === STATUS.TOO_MANY_REQUESTS ? [atS - answers[i].atS] : [])),
  );
  return pauses.sort((a, b) => a - b)[Math.floor(pauses.length / 2)];
}

/** What of a kubelet and of a server decides about seats, and when rejected clients come back. */
export const FLOW_CONTROL_PROBES: readonly Probe[] = [
  {
    of: 'watchSeats',
    measures: 'of 300 WATCHes at once, those that need not wait in a queue',
    scenario: storm,
    read: notQueued,
    laws: {
      exempt: { says: 'all, 300 ± 50', from: 250, to: 350 },
      initialization: { says: 'as many as the level has seats', from: SEATS.alone, to: SEATS.shared },
    },
  },
  {
    of: 'nodeHighLevel',
    measures: 'seats of the level of nodes’ requests',
    scenario: { ...storm, behaviours: { watchSeats: 'initialization' } },
    read: mostSeats,
    laws: {
      false: { says: 'ceil(600 × 30 ÷ 205)', from: SEATS.shared, to: SEATS.shared },
      true: { says: 'ceil(600 × 30 ÷ 245)', from: SEATS.alone, to: SEATS.alone },
    },
  },
  {
    of: 'borrowing',
    measures: 'seats of the level of nodes’ requests in a storm that outlasts the 10 s between two adjustments',
    scenario: storm,
    read: mostSeats,
    laws: {
      false: { says: 'its own 74', from: SEATS.alone, to: SEATS.alone },
      // Lendable: 25 % of 98, 50 % of 98, 90 % of 245, 50 % of 49.
      true: { says: 'its own and up to 320 of the others', from: SEATS.alone + 20, to: SEATS.alone + 320 },
    },
  },
  {
    of: 'retryAfter',
    measures: 'from a 429 to the next answer, median, s',
    scenario: {
      nodes: 1,
      podsPerNode: 700,
      apiServers: 1,
      duration: 120,
      classes: own,
      timeline: [restartKubelets(20)],
      kubelet: { kubeAPIQPS: 1e6, kubeAPIBurst: 1e6 },
      // Of one flow, 6 × 50 requests may wait; the others are rejected at once.
      apiServer: {
        ...ample,
        list: { p50Us: S, p99Us: S },
        maxRequestsInflight: 2,
        maxMutatingRequestsInflight: 1,
      },
    },
    read: pauseAfterRejection,
    laws: {
      constant: { says: '1, and a round trip', from: 1, to: 1.1 },
      adaptive: { says: 'at least 2, for each second rejects more than 3', from: 2, to: 33 },
    },
  },
  {
    of: 'listSeatsByObjects',
    measures: 'seats of the LIST of a node’s 250 Secrets (one watch per node)',
    scenario: {
      nodes: 1,
      podsPerNode: 250,
      apiServers: 1,
      duration: 120,
      classes: own,
      timeline: [crash(60, 'all', 1)],
      apiServer: ample,
      kubelet: {
        whatIf: { syncOnWatchEvent: false, watchPerNode: true, adaptiveTtl: null, watchOnlyWhatUpdates: false },
      },
    },
    read: mostSeats,
    laws: {
      false: { says: 'one', from: 1, to: 1 },
      true: { says: 'ceil(250 ÷ 100)', from: 3, to: 3 },
    },
  },
  {
    of: 'listSeatsBySize',
    measures: 'seats of the LIST of a Secret of 250 kB',
    scenario: {
      nodes: 1,
      apiServers: 1,
      duration: 120,
      classes: [objectClass('own', { scope: 'pod', sizeBytes: 250_000 })],
      timeline: [restartKubelets(20)],
      apiServer: ample,
    },
    read: mostSeats,
    laws: {
      false: { says: 'one', from: 1, to: 1 },
      true: { says: 'ceil(250 ÷ 100)', from: 3, to: 3 },
    },
  },
  {
    of: 'writeSeatsByWatchers',
    measures: 'seats of the write of a Secret with 400 watchers',
    scenario: {
      nodes: 400,
      apiServers: 1,
      duration: 120,
      timeline: [change('update', 'shared', 60)],
      behaviours: quiet,
      apiServer: ample,
    },
    read: mostSeats,
    laws: {
      false: { says: 'one', from: 1, to: 1 },
      true: { says: 'ten, the most, of ceil(400 ÷ 10)', from: 10, to: 10 },
    },
  },
];
