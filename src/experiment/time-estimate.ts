import type { ModelInput } from '../cluster/model-input.js';
import { clusterSize } from './cluster-size.js';

/** Seconds to start a worker and to build a small cluster. */
const START_S = 0.5;
/** Seconds per consumer under Watch, where a sync costs nothing that finds nothing to do. */
const CONSUMER_S = 2e-6;
/** Seconds per consumer and sync under Cache and Get, where each sync may be a request. */
const CONSUMER_SYNC_S = 1.4e-7;
/** A pod syncs every U[1, 1 + factor) × syncFrequency. */
const MEAN_FACTOR = 0.5;

/**
 * Roughly how many seconds a run takes on one core of 2026: fitted to 500 and 5,000 nodes × 30 pods over an
 * hour with one update. Many updates take longer.
 */
export function estimateRunSeconds(input: ModelInput): number {
  const { consumers } = clusterSize(input.cluster);
  const { strategy, syncFrequencyUs, workerResyncIntervalJitterFactor } = input.kubelet;
  const base = START_S + consumers * CONSUMER_S;
  if (strategy === 'Watch') return base;
  const interval = syncFrequencyUs * (1 + MEAN_FACTOR * workerResyncIntervalJitterFactor);
  return base + (consumers * CONSUMER_SYNC_S * (input.warmupUs + input.durationUs)) / interval;
}
