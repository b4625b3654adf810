import type { Latency } from './latency.js';

/** Those that bring what a store outside of the cluster holds to the pods; the position is the numeric code. */
export const SYNCERS = ['externalSecrets', 'vaultSecrets', 'secretsStore', 'certManager', 'trustManager'] as const;
export type Syncer = (typeof SYNCERS)[number];

/** Those that a timeline can restart. */
export const RESTARTABLE = ['externalSecrets', 'vaultSecrets', 'certManager', 'trustManager', 'reloader'] as const;
export type Restartable = (typeof RESTARTABLE)[number];

/** The store outside of the cluster: a vault, a key management service, an authority that issues certificates. */
export interface StoreInput {
  /** From a call until its answer. */
  readonly latency: Latency;
  /** Calls that it answers per second, and at once; those beyond are answered 429. null: all. */
  readonly rateLimit: { readonly ratePerS: number; readonly burst: number } | null;
}

/** What an operator is in charge of: a target as the timeline has them. */
interface InCharge {
  readonly objects: string;
}

/** External Secrets Operator. */
export interface ExternalSecretsInput extends InCharge {
  readonly refreshIntervalUs: number;
  /** `--concurrent`. */
  readonly concurrent: number;
  /** `--client-qps` and `--client-burst`. */
  readonly qps: number;
  readonly burst: number;
  /** Objects were created in so many groups, each at one instant. */
  readonly groups: number;
}

/** Vault Secrets Operator. */
export interface VaultSecretsInput extends InCharge {
  /** 0: none is set. */
  readonly refreshAfterUs: number;
  readonly concurrent: number;
  readonly instantUpdates: boolean;
}

/** Secrets Store CSI driver, in charge of the objects of its kind. */
export interface SecretsStoreInput {
  /** `--enable-secret-rotation`. */
  readonly rotates: boolean;
  /** From 1.6 on: kubelets publish volumes again at each sync. Before, a reconciler of its own does it. */
  readonly republishes: boolean;
  /** `--rotation-poll-interval`. */
  readonly pollUs: number;
}

/** cert-manager. */
export interface CertManagerInput extends InCharge {
  readonly qps: number;
  readonly burst: number;
  /** `--concurrent-workers`. */
  readonly concurrent: number;
}

/** trust-manager, in charge of the copies of a bundle. */
export interface TrustManagerInput extends InCharge {
  /** The Secret of the cluster that they are copies of, as a target; absent: they change at a source of their own. */
  readonly source?: string;
}

/** What stands around the kubelets of a cluster: where credentials come from, and who brings them. */
export interface OperatorsInput {
  readonly store: StoreInput;
  /** Informers of all Secrets and all ConfigMaps that they have; among the cluster's (`clusterWatchers`). */
  readonly informers: { readonly secrets: number; readonly configMaps: number };
  readonly externalSecrets?: ExternalSecretsInput;
  readonly vaultSecrets?: VaultSecretsInput;
  readonly secretsStore?: SecretsStoreInput;
  readonly certManager?: CertManagerInput;
  readonly trustManager?: TrustManagerInput;
  /** Reloader; which Deployments it restarts is with the timeline's entries. Limits of each of its API groups' clients. */
  readonly reloader?: { readonly qps: number; readonly burst: number };
  /** `KubeletEnsureSecretPulledImages` (≥1.35): a check at the registry. Absent: not asked for. */
  readonly pulledImages?: { readonly registry: Latency };
}
