import { strategyNamed } from '../../cluster/kubelet/secret-manager/strategies.js';
import { SECOND_US } from '../../sim/units.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../../cluster/model/costs.js';
import { DEFAULT_TTL_SECONDS, ttlSecondsFor } from '../../cluster/kube-controller-manager/ttl-controller.js';
import { isCoupled } from '../../cluster/model/coupling.js';
import type { ModelInput } from '../../cluster/model/model-input.js';
import { longestTtlUs, runUpUs } from '../../cluster/run/run-span.js';
import { lifecycleSize } from './cluster-size.js';
import { retrySeconds } from './retry-work.js';
import { type ClusterReads, clusterReads } from './cluster-reads.js';
import { changeWork } from './change-work.js';
import { operatorSeconds } from './operator-work.js';

/** Seconds to start a worker and to build a small cluster. */
const START_S = 0.5;
/** Seconds per consumer, whose syncs cost nothing that find nothing to do. */
const CONSUMER_S = 1.2e-6;
/** Seconds per read of a consumer under Cache and Get where reads are counted, and where each of them is an event. */
const COUNTED_READ_S = 1.5e-8;
const READ_S = 4e-7;
/** Where requests queue: seconds per sync of a pod under Cache and Get, per GET, and per WATCH that follows another. */
const SYNC_S = 1e-6;
const GET_S = 4e-6;
/** The same where servers have cores, on which the frames of its answer are written. */
const CORE_GET_S = 8e-6;
const WATCH_S = 5e-6;
/** Seconds per API server and adjustment of its priority levels. */
const BORROWING_S = 1e-7;
const BORROWING_PERIOD_US = 10 * SECOND_US;
/** A pod syncs every U[1, 1 + factor) × syncFrequency, and a WATCH lasts U[1, 2) × minWatchTimeout. */
const MEAN = 0.5;

/**
 * Roughly how many seconds a run takes on one core of 2026: within a factor of three, also where requests queue,
 * servers are overloaded or away, and requests are sent again and again. Fitted to results/cost-by-size.csv, to experiments/sig-5000,
 * and to clusters of 40 to 1,000 nodes at a fortieth of a core to more than they need.
 */
export function estimateRunSeconds(input: ModelInput): number {
  const reads = clusterReads(input.cluster);
  const { consumers } = lifecycleSize(input.cluster, input.timeline, input.durationUs);
  const meets = isCoupled(input);
  const steady = meets ? queuedSeconds(input, reads) : walkedSeconds(input, reads);
  const again = meets ? retrySeconds(input, reads, longestTtl(input, reads)) : 0;
  return START_S + consumers * CONSUMER_S + steady + changeWork(input, reads, meets) + again;
}

/** Nodes are simulated one by one, and requests are answered at once: watches cost next to nothing. */
function walkedSeconds(input: ModelInput, reads: ClusterReads): number {
  const { strategy, kubeAPIQPS } = input.kubelet;
  const { keeps } = strategyNamed(strategy);
  if (keeps === 'copy') return 0;
  const measured = input.warmupUs + input.durationUs;
  const span = keeps === 'forTtl' ? measured + runUp(input, reads, false) : measured;
  const perSecond = (SECOND_US * reads.consumers) / intervalUs(input);
  const wanted = requestsPerSecond(input, reads);
  const counted = !dropsAtSyncs(input) && reads.pullSecrets === 0 && wanted < MEAN * kubeAPIQPS * reads.nodes;
  return (span / SECOND_US) * perSecond * (counted ? COUNTED_READ_S : READ_S);
}

/** All is one queue of events, and each request is some of them. */
function queuedSeconds(input: ModelInput, reads: ClusterReads): number {
  const { apiServers, behaviours, kubelet, warmupUs, durationUs } = input;
  const measured = warmupUs + durationUs;
  const span = measured + runUp(input, reads, true);
  const borrowing = behaviours.borrowing ? (apiServers * BORROWING_S * span) / BORROWING_PERIOD_US : 0;
  const driver = operatorSeconds(input, reads, span, intervalUs(input));
  if (strategyNamed(kubelet.strategy).keeps === 'copy') {
    const watches = (reads.entries * measured) / ((1 + MEAN) * behaviours.minWatchTimeout * SECOND_US);
    return borrowing + driver + watches * WATCH_S;
  }
  const gets = Math.min(
    requestsPerSecond(input, reads),
    kubelet.kubeAPIQPS * reads.nodes,
    servedPerSecond(input, reads.meanBytes),
  );
  const syncs = (SECOND_US * reads.pods) / intervalUs(input);
  const getS = input.apiServer.capacity === 'unlimited' ? GET_S : CORE_GET_S;
  return borrowing + driver + (span / SECOND_US) * (gets * getS + syncs * SYNC_S);
}

function runUp(input: ModelInput, reads: ClusterReads, meets: boolean): number {
  return runUpUs(input, longestTtl(input, reads), meets);
}

/** The longest that any node keeps a cached object, µs. */
function longestTtl(input: ModelInput, { ttlSecondsMax }: ClusterReads): number {
  const { nodeTtl } = input.kubelet;
  const longest = typeof nodeTtl === 'number' ? nodeTtl : Math.max(DEFAULT_TTL_SECONDS, ttlSecondsMax) * SECOND_US;
  return longestTtlUs(input, longest);
}

/** From a pod's sync to its next, on average, µs. */
function intervalUs({ kubelet }: ModelInput): number {
  const { syncFrequencyUs, workerResyncIntervalJitterFactor, syncTickerPeriodUs, syncPodDurationUs } = kubelet;
  const drawn = syncFrequencyUs * (1 + MEAN * workerResyncIntervalJitterFactor);
  return drawn + syncPodDurationUs + MEAN * syncTickerPeriodUs;
}

/** True where every sync drops what the Cache strategy holds. */
function dropsAtSyncs({ behaviours, kubelet }: ModelInput): boolean {
  return strategyNamed(kubelet.strategy).keeps === 'forTtl' && behaviours.cacheInvalidation === 'everySync';
}

/** GETs that the kubelets want to send per second. */
function requestsPerSecond(input: ModelInput, reads: ClusterReads): number {
  const interval = intervalUs(input);
  if (strategyNamed(input.kubelet.strategy).keeps === 'nothing' || dropsAtSyncs(input))
    return (SECOND_US * reads.consumers) / interval;
  const { nodeTtl } = input.kubelet;
  const table = ttlSecondsFor(reads.nodes, input.behaviours.ttlBoundaries) * SECOND_US;
  const ttl = nodeTtl === 'auto' ? table : nodeTtl === 'unset' ? DEFAULT_TTL_SECONDS * SECOND_US : nodeTtl;
  // An entry that has expired is fetched by the first of its readers.
  return (SECOND_US * reads.entries) / (ttl + interval / (reads.consumers / Math.max(1, reads.entries)));
}

/** GETs that the cores of the servers can answer per second. */
function servedPerSecond({ apiServer, apiServers }: ModelInput, bytes: number): number {
  if (apiServer.capacity === 'unlimited') return Infinity;
  const ns = cpuNs(apiServer.costs.getQuorum, bytes + OBJECT_OVERHEAD_BYTES) * apiServer.cpuScale;
  return (1e9 * apiServers * apiServer.capacity) / Math.max(1, ns);
}
