import { atLeast, type Release } from '../../cluster/model/releases.js';
import type { ExperimentSpec } from './schema.js';
import type { TimelineEntry } from './timeline-schema.js';

/** `--encryption-provider-config-automatic-reload` (`server/options/etcd.go`, v0.26.0). */
const RELOAD_SINCE: Release = '1.26';
/** Gate StorageVersionMigrator: alpha 1.30, beta 1.35, GA 1.37 (KEP-4192). */
const MIGRATION_SINCE: Release = '1.30';

/** What is wrong with a rotation of the encryption key in a cluster: fields of it, and why. */
export function keyRotationProblems(
  rotation: NonNullable<TimelineEntry['rotateEncryptionKey']>,
  { kubernetesVersion, apiServers }: Pick<ExperimentSpec['cluster'], 'kubernetesVersion' | 'apiServers'>,
): readonly (readonly [field: string, message: string])[] {
  const { restarts, mode, firstRound, rewrite } = rotation;
  const problems: [string, string][] = [];
  if (mode === 'reload' && !restarts) {
    problems.push(['restarts', 'false leaves out all rounds, so that there is nothing to reload: leave out either']);
  }
  if (mode === 'reload' && !atLeast(kubernetesVersion, RELOAD_SINCE)) {
    const since = `API servers reload from ${RELOAD_SINCE} on, these are of ${kubernetesVersion}: write mode: restart`;
    problems.push(['mode', since]);
  }
  if (firstRound === false && apiServers > 1) {
    const unknown = `with ${apiServers} API servers (spec.cluster.apiServers) some could not read what others write`;
    problems.push(['firstRound', `${unknown}: only one server may leave it out`]);
  }
  if (rewrite === 'storageVersionMigration' && !atLeast(kubernetesVersion, MIGRATION_SINCE)) {
    const since = `the controller is there from ${MIGRATION_SINCE} on, the API servers are of ${kubernetesVersion}`;
    problems.push(['rewrite', `${since}: write rewrite: kubectl`]);
  }
  return problems;
}
