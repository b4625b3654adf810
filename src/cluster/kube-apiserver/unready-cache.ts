import { SECOND_US } from '../../sim/units.js';
import type { Behaviours } from '../model/versions.js';
import type { ServerProcess } from './server-process.js';
import { exp } from '../../sim/portable-math.js';

/** `calculateRetryAfterForUnreadyCache` (`apiserver/pkg/storage/cacher/cacher.go`, ≥1.33): e^(0.06 × s), 1 … 30 s. */
const EXPONENT_PER_S = 0.06;
const MAX_S = 30;

/** Retry-After of a server whose watch cache has been filling for `fillsForUs`, whole seconds. */
export function unreadyRetryAfterS(law: Behaviours['unreadyRetryAfter'], fillsForUs: number): number {
  if (law === 'constant') return 1;
  return Math.min(MAX_S, Math.max(1, Math.floor(exp((EXPONENT_PER_S * fillsForUs) / SECOND_US))));
}

/**
 * When a server's own informer, whose watch cache is filled `now`, has listed all Secrets. Up to 1.30 it reads them from
 * etcd beside the watch cache (as long as that takes: assumption); later it is answered 429 until the cache is filled,
 * and waits as it is told.
 */
export function informerListsAt(
  { cacheNotReady, unreadyRetryAfter }: Pick<Behaviours, 'cacheNotReady' | 'unreadyRetryAfter'>,
  { servesSince, cacheFillsSince }: Pick<ServerProcess, 'servesSince' | 'cacheFillsSince'>,
  now: number,
): number {
  if (cacheNotReady === 'block') return now;
  let at = servesSince;
  while (at < now) at += unreadyRetryAfterS(unreadyRetryAfter, at - cacheFillsSince) * SECOND_US;
  return at;
}
