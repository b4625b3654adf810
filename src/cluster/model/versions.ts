import { SECOND_US } from '../../sim/units.js';
import { minorsBetween } from './releases.js';
import { valueAt } from './switches/switch.js';
import { type Behaviours, DEFAULTS, SWITCH_NAMES, SWITCHES } from './switches/switches.js';

export { atLeast, minorsBetween, NEWEST_RELEASE, OLDEST_RELEASE, type Release, RELEASES } from './releases.js';
export type { Behaviours } from './switches/switches.js';

/**
 * The switches of a cluster whose API servers run `server` and whose kubelets run `kubelet`.
 * Throws a RangeError for an unknown release.
 */
export function behavioursOf(server: string, kubelet: string): Behaviours {
  const both = minorsBetween(kubelet, server) < 0 ? server : kubelet;
  const releases = { server, kubelet, both };
  const values = SWITCH_NAMES.map((name) => {
    const { of, by } = SWITCHES[name];
    return [name, valueAt<string | boolean | number>(by, releases[of])] as const;
  });
  return Object.fromEntries(values) as Behaviours;
}

/** Default `kubeAPIQPS` and `kubeAPIBurst` of a kubelet. */
export function kubeletClientLimits(kubelet: string): { readonly qps: number; readonly burst: number } {
  const { kubeAPIQPS, kubeAPIBurst } = DEFAULTS;
  return { qps: valueAt(kubeAPIQPS.by, kubelet), burst: valueAt(kubeAPIBurst.by, kubelet) };
}

/** Default `--watch-progress-notify-interval` of the etcd of API servers, µs. */
export function progressIntervalUs(server: string): number {
  return valueAt(DEFAULTS.watchProgressNotifyInterval.by, server) * SECOND_US;
}
