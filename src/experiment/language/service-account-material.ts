import type { ObjectClass } from '../../cluster/model/model-input.js';
import type { Behaviours } from '../../cluster/model/versions.js';

const SHARED_BY_NAMESPACE = {
  scope: 'namespace',
  count: 1,
  podFraction: 1,
  immutableShare: 0,
  optional: false,
} as const;

/** Kubelet ≥1.21: the projected service-account volume holds the cluster's CA from this ConfigMap. Size: assumption. */
const ROOT_CA: ObjectClass = {
  ...SHARED_BY_NAMESPACE,
  name: 'kube-root-ca.crt',
  kind: 'ConfigMap',
  as: 'projected',
  sizeBytes: 1229,
};

/** Kubelet ≤1.20: every pod mounts its service account's token Secret. Size: assumption within the 2–10 KB reported. */
const DEFAULT_TOKEN: ObjectClass = {
  ...SHARED_BY_NAMESPACE,
  name: 'default-token',
  kind: 'Secret',
  as: 'volume',
  sizeBytes: 2560,
};

/** The classes that may be added to a synthetic cluster. */
export const SERVICE_ACCOUNT_CLASSES: readonly ObjectClass[] = [ROOT_CA, DEFAULT_TOKEN];

/** What every pod mounts for its service account, as these behaviours have it. */
export function serviceAccountClass({ serviceAccountMaterial }: Behaviours): ObjectClass {
  return serviceAccountMaterial === 'tokenSecret' ? DEFAULT_TOKEN : ROOT_CA;
}
