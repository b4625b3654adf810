import { KIND, type ObjectKind } from '../model/kinds.js';
import type { OperatorsInput, Syncer } from '../model/operators-input.js';
import type { StoredObjects } from '../population/node-source.js';

/** The kind of object that each of them writes, but for the CSI driver, which writes none. */
const WRITTEN = [
  ['externalSecrets', 'Secret'],
  ['vaultSecrets', 'Secret'],
  ['certManager', 'Secret'],
  ['trustManager', 'ConfigMap'],
] as const satisfies readonly (readonly [Syncer, ObjectKind])[];

/** Who is in charge of each object; objects that nobody is in charge of are missing. */
export function syncersOf(
  stored: Pick<StoredObjects, 'objectKind' | 'objectsOf'>,
  operators: OperatorsInput | undefined,
): ReadonlyMap<number, Syncer> {
  const syncers = new Map<number, Syncer>();
  if (operators === undefined) return syncers;
  for (const [syncer, kind] of WRITTEN) {
    const objects = operators[syncer]?.objects;
    if (objects === undefined) continue;
    for (const object of stored.objectsOf(objects, kind)) syncers.set(object, syncer);
  }
  stored.objectKind.forEach((kind, object) => {
    if (kind === KIND.SecretProviderClass) syncers.set(object, 'secretsStore');
  });
  return syncers;
}
