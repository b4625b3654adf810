import type { Codes } from './codes.js';

/** How a pod consumes an object. */
export const CONSUMPTION_MODES = ['volume', 'projected', 'subPath', 'env', 'imagePullSecret'] as const;
export type ConsumptionMode = (typeof CONSUMPTION_MODES)[number];
/** Their codes in typed arrays. */
export const MODE = {
  volume: 0,
  projected: 1,
  subPath: 2,
  env: 3,
  imagePullSecret: 4,
} as const satisfies Codes<typeof CONSUMPTION_MODES>;

/**
 * The kinds of object: two that the kubelet reads one by one, those that it has by an informer, and what the Secrets Store
 * CSI driver mounts, which no API server holds.
 */
export const OBJECT_KINDS = [
  'Secret',
  'ConfigMap',
  'ClusterTrustBundle',
  'PodCertificateRequest',
  'SecretProviderClass',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];
/** Their codes in typed arrays. */
export const KIND = {
  Secret: 0,
  ConfigMap: 1,
  ClusterTrustBundle: 2,
  PodCertificateRequest: 3,
  SecretProviderClass: 4,
} as const satisfies Codes<typeof OBJECT_KINDS>;

/** True for kinds that a kubelet does not read one by one, whatever its change detection strategy: informers bring them, or a driver. */
export function hasOwnManager(kind: number): boolean {
  return kind >= KIND.ClusterTrustBundle;
}

/** True for kinds that API servers hold. */
export function isStored(kind: number): boolean {
  return kind !== KIND.SecretProviderClass;
}

/** Their resources, by the codes of the kinds. */
export const RESOURCES = [
  'secrets',
  'configmaps',
  'clustertrustbundles',
  'podcertificaterequests',
  'secretproviderclasses',
] as const;

/**
 * How a projected volume selects a ClusterTrustBundle: by the `name` of one without a signer, by the name of one that has
 * a signer, or by `signerName` and labels.
 */
export const BUNDLE_SELECTIONS = ['name', 'nameOfSigned', 'signerName'] as const;
export type BundleSelection = (typeof BUNDLE_SELECTIONS)[number];
