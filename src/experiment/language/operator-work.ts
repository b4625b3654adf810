import type { ModelInput } from '../../cluster/model/model-input.js';
import { hasKind } from './compile.js';
import type { ClusterReads } from './cluster-reads.js';

/** Seconds per sync of a pod that is an event, and per volume that the CSI driver's own reconciler looks at. */
const SYNC_S = 1e-6;
const VOLUME_S = 1e-6;

/**
 * Roughly how many seconds the CSI driver adds to a run of `spanUs`: where syncs publish volumes, every sync of every pod is
 * an event. What other operators do is little beside what their writes set off.
 */
export function operatorSeconds(
  { operators, cluster }: ModelInput,
  { pods, consumers }: ClusterReads,
  spanUs: number,
  intervalUs: number,
): number {
  const driver = operators?.secretsStore;
  if (driver?.rotates !== true || !hasKind(cluster, 'SecretProviderClass')) return 0;
  return driver.republishes ? (pods * spanUs * SYNC_S) / intervalUs : (consumers * spanUs * VOLUME_S) / driver.pollUs;
}
