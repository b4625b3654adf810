import { SECOND_US } from '../sim/units.js';
import { strategyNamed } from '../cluster/kubelet/secret-manager/strategies.js';
import { DEFAULT_TTL_SECONDS } from '../cluster/kube-controller-manager/ttl-controller.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import { ShiftedExponential, UniformInterval } from '../sim/distributions.js';
import { power } from '../sim/portable-math.js';

/** Share of the rotations after whose overlap no pod is stale. */
export const OVERLAP_LEVEL = 0.999;

/**
 * For how long old and new key have to be valid together so that, in 99.9 % of rotations, no pod that sees updates is
 * left with the old one, whole seconds, rounded up. A closed form that errs on the side of waiting:
 *
 * - Nobody serves the old content any more from the commit + staleness on: the longest TTL of the nodes in question
 *   under Cache (unless its release drops entries at every sync), else how long an event or a GET takes at most.
 * - From there each pod waits for its next sync. Pods' clocks are independent, so the last of n is beyond x with
 *   probability 1 − F(x)ⁿ, where F is the residual life of the sync interval (Cox, Renewal Theory, 1962).
 * - Then come at most one tick of the sync loop, the sync before, both loops of the volume manager, and the write.
 *
 * Syncs that fail, kubelets that are down and lost watches are not in it.
 * @param pods consumers that see updates
 * @param ttlSeconds the TTL annotation of each node with such pods; undefined: none
 * @returns 0 where no pod sees updates
 */
export function overlapSeconds(input: ModelInput, pods: number, ttlSeconds: readonly (number | undefined)[]): number {
  if (pods === 0) return 0;
  const { kubelet } = input;
  const longest = kubelet.syncFrequencyUs * (1 + kubelet.workerResyncIntervalJitterFactor);
  const sync = new UniformInterval(kubelet.syncFrequencyUs, longest).residual(power(OVERLAP_LEVEL, 1 / pods));
  const loops =
    kubelet.syncPodDurationUs +
    kubelet.syncTickerPeriodUs +
    kubelet.populatorLoopSleepPeriodUs +
    kubelet.reconcilerLoopSleepPeriodUs +
    kubelet.volumeWriteDurationUs;
  return Math.ceil((stalenessUs(input, ttlSeconds) + sync + loops) / SECOND_US);
}

/** From the commit until no read of a kubelet returns the old content any more, at most, µs. */
function stalenessUs(input: ModelInput, ttlSeconds: readonly (number | undefined)[]): number {
  const { kubelet, behaviours, network, etcd, apiServer } = input;
  const longest = (latency: { readonly p50Us: number; readonly p99Us: number }): number =>
    new ShiftedExponential(latency.p50Us, latency.p99Us).longest;
  const seen = longest(etcd.watch) + longest(network.roundTrip);
  switch (strategyNamed(kubelet.strategy).keeps) {
    case 'copy':
      return seen + longest(apiServer.dispatch);
    case 'nothing':
      return longest(network.roundTrip) + longest(apiServer.getQuorum);
    case 'forTtl': {
      const ttl = Math.max(0, ...ttlSeconds.map((seconds) => seconds ?? DEFAULT_TTL_SECONDS));
      const kept = behaviours.cacheInvalidation === 'everySync' ? 0 : ttl * SECOND_US;
      return kept + seen + longest(apiServer.getFromCache);
    }
  }
}
