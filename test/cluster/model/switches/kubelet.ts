import { VERB } from '../../../../src/cluster/model/verbs.js';
import { simulate } from '../../../../src/cluster/run/simulate.js';
import { restoreExperiment } from '../../../../src/experiment/language/load-experiment.js';
import { change, inputOf, objectClass, type Scenario } from '../../scenario.js';
import { answersOf, byEntry, fromTheStart, measured, metricOf, observed } from './observed.js';
import type { Probe } from './probe.js';

const own = [objectClass('own', { scope: 'pod' })];
/** A server that nobody waits for, and that knows every pod at once. */
const ample = { capacity: 64, nodeAuthorizer: false } as const;

/** Seconds between two syncs of a pod, at most: 1.5 × syncFrequency, and the ticker; the read behind it takes up to 0.3 s. */
const LONGEST_INTERVAL_S = 90 + 1;
const READ_S = 0.3;

/** How long the watches of a cold start are open, on average, s: the run is over after 600 s. */
function openFor(scenario: Scenario): number {
  const record = simulate(fromTheStart(scenario), 1);
  return (metricOf(record, 'watches_open_mean') * 600) / (scenario.nodes ?? NaN);
}

/** Mean life of a watch in a steady cluster, s. */
function lifeOf(scenario: Scenario): number {
  const record = simulate(inputOf(scenario), 1);
  return metricOf(record, 'watches_open_mean') / metricOf(record, 'watch_per_s');
}

/** From a pod's first read of its Secret, which mounts it, to the next, of the sync after it was seen to run; mean, s. */
function secondReadAfter(scenario: Scenario): number {
  const pods = byEntry(answersOf(observed(fromTheStart(scenario))).filter(({ verb }) => verb === VERB.GET));
  return pods.reduce((sum, [first, second]) => sum + second.atS - first.atS, 0) / pods.length;
}

/** GETs of a Secret for each pod that starts. */
function readsPerStart(scenario: Scenario): number {
  const gets = answersOf(observed(fromTheStart(scenario))).filter(({ verb }) => verb === VERB.GET);
  return gets.length / byEntry(gets).length;
}

/** TokenRequests per pod of an experiment with nothing but what is mounted for service accounts. */
async function tokensPerPod({ release, behaviours }: Scenario): Promise<number> {
  const document = {
    apiVersion: 'secretsim/v1',
    kind: 'Experiment',
    metadata: { name: 'probe' },
    spec: {
      start: 'cold',
      warmup: '0s',
      duration: '1m',
      cluster: { kubernetesVersion: release, nodes: 5, podsPerNode: 4, behaviours: behaviours ?? {} },
      apiServer: { capacity: 16 },
    },
  };
  const { scenarios } = await restoreExperiment(document, 'probe');
  const record = simulate(scenarios[0].input, 1);
  return metricOf(record, 'token_requests') / metricOf(record, 'pods_started');
}

/**
 * 110 pods of one node that start together and read one Secret each, through a client with the release's limits. Writes
 * take so long that the pods' statuses, which go through the same client, are out of the way.
 */
const fullNode: Scenario = {
  start: 'cold',
  strategy: 'Get',
  nodes: 1,
  podsPerNode: 110,
  duration: 60,
  classes: own,
  apiServer: { write: { p50Us: 30e6, p99Us: 30e6 } },
};

export const KUBELET_PROBES: readonly Probe[] = [
  {
    of: 'cacheInvalidation',
    measures: 'the last of 200 pods under Cache with a TTL of 300 s, s',
    scenario: {
      strategy: 'Cache',
      ttl: 300,
      nodes: 200,
      classes: own,
      timeline: [change('update', 'own', 100)],
    },
    read: (scenario) => measured(scenario, 'delay_max_s'),
    laws: {
      podEvent: { says: '300 to 391, TTL and sync', from: 300, to: 300 + LONGEST_INTERVAL_S + READ_S },
      everySync: { says: 'at most 91, a sync', from: 0, to: LONGEST_INTERVAL_S + READ_S },
      firstReference: { says: '300 to 391, TTL and sync', from: 300, to: 300 + LONGEST_INTERVAL_S + READ_S },
    },
  },
  {
    of: 'idleStop',
    measures: 'how long the watch of an environment is open in 600 s, s',
    scenario: { start: 'cold', nodes: 50, duration: 600, classes: [objectClass('own', { scope: 'pod', as: 'env' })] },
    read: openFor,
    laws: {
      false: { says: 'to the end', from: 595, to: 600 },
      // 5 × syncFrequency, then the next sweep of one a minute.
      true: { says: '300 to 360', from: 300, to: 361 },
    },
  },
  {
    of: 'minWatchTimeout',
    measures: 'the mean life of a watch, s',
    scenario: { nodes: 500, duration: 5400, classes: own },
    read: lifeOf,
    // U[1, 2) times the timeout in whole seconds; 6,000 or 1,000 lives of a relative deviation of 0.19.
    laws: {
      300: { says: '1.5 × 300 less half a second', from: 449.5 * 0.97, to: 449.5 * 1.03 },
      1800: { says: '1.5 × 1,800 less half a second', from: 2699.5 * 0.97, to: 2699.5 * 1.03 },
    },
  },
  {
    of: 'pendingUpdate',
    measures: 'GETs of a Secret for a pod that starts',
    scenario: { start: 'cold', strategy: 'Get', nodes: 20, duration: 10, classes: own, apiServer: ample },
    read: readsPerStart,
    laws: {
      queued: { says: 'three: the mount, and a sync for each event of the PLEG', from: 3, to: 3 },
      replaced: { says: 'two: the mount, and one sync', from: 2, to: 2 },
    },
  },
  {
    of: 'plegOnDemandRelist',
    measures: 'from a pod’s first read to that after it was seen to run, mean, s',
    scenario: {
      start: 'cold',
      strategy: 'Get',
      nodes: 200,
      duration: 10,
      classes: own,
      apiServer: ample,
    },
    read: secondReadAfter,
    // 0.1 s to the poll at 0.3 s that finds the volume mounted, and 0.1 s to the read; between them the relist.
    laws: {
      false: { says: '0.2, and half a second for the relist', from: 0.6, to: 0.82 },
      true: { says: '0.2', from: 0.15, to: 0.27 },
    },
  },
  {
    of: 'serviceAccountMaterial',
    measures: 'TokenRequests per started pod',
    scenario: {},
    read: tokensPerPod,
    laws: {
      tokenSecret: { says: 'none', from: 0, to: 0 },
      rootCAConfigMap: { says: 'one', from: 1, to: 1 },
    },
  },
  {
    of: 'kubeAPIQPS',
    measures: 'how long the last of 110 pods takes to start, s',
    scenario: { ...fullNode, kubelet: { kubeAPIBurst: 10 } },
    read: (scenario) => measured(scenario, 'pod_start_max_s'),
    laws: {
      5: { says: '100 tokens at 5 a second', from: 20, to: 22 },
      50: { says: '100 tokens at 50 a second', from: 2, to: 4 },
    },
  },
  {
    of: 'kubeAPIBurst',
    measures: 'how long the last of 110 pods takes to start, s',
    scenario: { ...fullNode, kubelet: { kubeAPIQPS: 5 } },
    read: (scenario) => measured(scenario, 'pod_start_max_s'),
    laws: {
      10: { says: '100 tokens at 5 a second', from: 20, to: 22 },
      100: { says: '10 tokens at 5 a second', from: 2, to: 4 },
    },
  },
];
