import { largestOf } from '../../sim/totals.js';
import { SECOND_US } from '../../sim/units.js';
import type { KubeletConfig, RunInput } from '../model/model-input.js';
import type { OperatorsInput } from '../model/operators-input.js';
import { CACHE_TTL_US } from '../kubelet/cluster-trust-bundle-manager.js';
import { strategyNamed } from '../kubelet/secret-manager/strategies.js';
import type { Etcd } from '../etcd/etcd.js';
import type { ClusterFacts } from '../population/node-source.js';
import { nodeTtls, TTL_SECONDS_MAX } from '../kube-controller-manager/ttl-controller.js';

/** Longest wait for the retry of a failed volume, part of the automatic drain. */
const LONGEST_RETRY_US = 130 * SECOND_US;
/** The longest that an operator waits after failures (1000 s), and that its queue may take besides (assumption). */
const LONGEST_BACK_OFF_US = 2000 * SECOND_US;
/** Rollouts that have begun may take so long (assumption). */
const ROLLOUTS_US = 3600 * SECOND_US;
/** Sync intervals that the automatic drain and the run-up of the caches allow for. */
const INTERVALS = 3;

/** How long a sync interval is at the most, its wait for the ticker included, µs. */
function longestIntervalUs({ syncFrequencyUs, workerResyncIntervalJitterFactor }: KubeletConfig): number {
  return syncFrequencyUs * (1 + workerResyncIntervalJitterFactor) + SECOND_US;
}

/** The longest that a cached object may be kept, µs. `longest`: on any node. */
export function longestTtlUs({ kubelet }: Pick<RunInput, 'kubelet'>, longest: number): number {
  return Math.max(longest, TTL_SECONDS_MAX * SECOND_US, kubelet.whatIf.adaptiveTtl?.maxUs ?? 0);
}

/**
 * How long before the warm-up a run in the steady state begins, so that caches and clocks forget how they began, µs. Under
 * Watch clocks and watches are stationary from the first instant on, and a run might begin at zero, for a tenth less CPU.
 * It begins as early as under Cache all the same, for then a pod's clock is the same under both: the difference of their
 * mean delays, replication by replication, has a fiftieth of the spread (0.008 instead of 0.41 s, 100 nodes).
 */
export function runUpUs({ kubelet, start }: RunInput, ttlUs: number, meets: boolean): number {
  if (start !== 'steady') return 0;
  // Get keeps nothing, so its events before the warm-up need not be simulated.
  return meets && strategyNamed(kubelet.strategy).keeps === 'nothing'
    ? 0
    : ttlUs + INTERVALS * longestIntervalUs(kubelet);
}

/** How long operators may take to bring a change, part of the automatic drain, µs: their interval, and the longest wait after failures. */
function operatorsUs({ externalSecrets, vaultSecrets, secretsStore, reloader }: OperatorsInput): number {
  const intervals = [externalSecrets?.refreshIntervalUs, vaultSecrets?.refreshAfterUs, secretsStore?.pollUs];
  const longest = intervals.reduce<number>((most, us = 0) => Math.max(most, us), 0);
  return longest + LONGEST_BACK_OFF_US + (reloader === undefined ? 0 : ROLLOUTS_US);
}

/** How long after the measured period pending updates may still arrive, where nobody says it, µs. */
export function automaticDrainUs({ kubelet, clusterTrustBundles, operators }: RunInput, ttlUs: number): number {
  return (
    (clusterTrustBundles === true ? CACHE_TTL_US : 0) +
    (operators === undefined ? 0 : operatorsUs(operators)) +
    (strategyNamed(kubelet.strategy).keeps === 'forTtl' ? ttlUs : 0) +
    INTERVALS * longestIntervalUs(kubelet) +
    LONGEST_RETRY_US
  );
}

/** When a run begins, and when it ends at the latest, µs. */
export interface RunSpan {
  readonly start: number;
  readonly limit: number;
}

/** `coupled`: kubelets meet at the API servers. */
export function runSpan(input: RunInput, etcd: Etcd, facts: ClusterFacts, coupled: boolean): RunSpan {
  const longestTtl = longestTtlUs(input, largestOf(nodeTtls(input, facts, facts.nodesAtStart)));
  const drain = input.drainUs === 'auto' ? automaticDrainUs(input, longestTtl) : input.drainUs;
  return {
    start: -input.warmupUs - runUpUs(input, longestTtl, coupled),
    // Whatever the drain, what was sent in the measured period has to commit, so that its consumers are due.
    limit: Math.max(etcd.lastCommit + 1, input.durationUs + drain),
  };
}
