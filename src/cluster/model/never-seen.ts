import type { UpdateRecord } from './run-record.js';

/** Consumers that cannot see an update, for whatever reason. */
export function neverSeen(update: UpdateRecord): number {
  const { neverSubPath, neverEnv, neverImmutable, neverDeleted, neverLone = 0 } = update;
  return neverSubPath + neverEnv + neverImmutable + neverDeleted + neverLone;
}
