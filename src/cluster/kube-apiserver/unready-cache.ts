import { SECOND_US } from '../../sim/units.js';
import type { Behaviours } from '../model/versions.js';
import { exp } from '../../sim/portable-math.js';

/** `calculateRetryAfterForUnreadyCache` (`apiserver/pkg/storage/cacher/cacher.go`, ≥1.33): e^(0.06 × s), 1 … 30 s. */
const EXPONENT_PER_S = 0.06;
const MAX_S = 30;

/** Retry-After of a server whose watch cache has been filling for `fillsForUs`, whole seconds. */
export function unreadyRetryAfterS(law: Behaviours['unreadyRetryAfter'], fillsForUs: number): number {
  if (law === 'constant') return 1;
  return Math.min(MAX_S, Math.max(1, Math.floor(exp((EXPONENT_PER_S * fillsForUs) / SECOND_US))));
}
