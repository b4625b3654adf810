import type { ModelInput } from '../cluster/model-input.js';
import { clusterSize } from './cluster-size.js';

/** Seconds to start a worker and to build a small cluster. */
const START_S = 0.5;
/** Seconds per consumer, whose syncs cost nothing that find nothing to do. */
const CONSUMER_S = 1.2e-6;
/** Seconds per consumer and sync under Cache and Get, where each sync may be a request that is counted. */
const CONSUMER_SYNC_S = 1.5e-8;
/** Seconds per consumer and simulated hour where requests queue, and each re-watch is an event. */
const CONSUMER_HOUR_QUEUED_S = 8e-6;
/** A pod syncs every U[1, 1 + factor) × syncFrequency. */
const MEAN_FACTOR = 0.5;
const HOUR_US = 3600e6;

/**
 * Roughly how many seconds a run takes on one core of 2026: fitted to results/cost-by-size.csv and to
 * experiments/sig-5000, an hour with one update. Many updates, and storms, take longer.
 */
export function estimateRunSeconds(input: ModelInput): number {
  const { consumers } = clusterSize(input.cluster);
  const { strategy, syncFrequencyUs, workerResyncIntervalJitterFactor } = input.kubelet;
  const simulatedUs = input.warmupUs + input.durationUs;
  const base = START_S + consumers * CONSUMER_S;
  const queued =
    input.apiServer.capacity === 'unlimited' ? 0 : (consumers * CONSUMER_HOUR_QUEUED_S * simulatedUs) / HOUR_US;
  if (strategy === 'Watch') return base + queued;
  const interval = syncFrequencyUs * (1 + MEAN_FACTOR * workerResyncIntervalJitterFactor);
  return base + queued + (consumers * CONSUMER_SYNC_S * simulatedUs) / interval;
}
