import { UniformInterval } from '../../sim/distributions.js';
import type { KubeletConfig } from '../model/model-input.js';

/** The law of the time from the end of a pod's sync until it is due again, µs. */
export function syncIntervals({ syncFrequencyUs, workerResyncIntervalJitterFactor }: KubeletConfig): UniformInterval {
  return new UniformInterval(syncFrequencyUs, syncFrequencyUs * (1 + workerResyncIntervalJitterFactor));
}

/**
 * From the start of a pod's sync to that of the next, without what it reads, at the least and at the most, µs. `aligned`:
 * syncs start with the sync loop's tick, so that intervals are rounded up to whole ticks; else they may just miss one.
 */
export function syncIntervalRange(
  kubelet: KubeletConfig,
  aligned: boolean,
): { readonly shortest: number; readonly longest: number } {
  const { syncTickerPeriodUs: tick, syncPodDurationUs } = kubelet;
  const law = syncIntervals(kubelet);
  const shortest = syncPodDurationUs + law.shortest;
  // A draw is below 1, and cut to whole microseconds.
  const longest = syncPodDurationUs + Math.max(law.shortest, law.longest - 1);
  if (tick === 0) return { shortest, longest };
  if (!aligned) return { shortest, longest: longest + tick };
  return { shortest: Math.ceil(shortest / tick) * tick, longest: Math.ceil(longest / tick) * tick };
}
