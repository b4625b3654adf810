import type { Release } from '../releases.js';

/** A change of Kubernetes that somebody might look for here, and that the model does not have. */
export interface UnmodelledChange {
  readonly name: string;
  readonly release: Release;
  readonly says: string;
  /** What it would do, and why it is left out. */
  readonly effect: string;
  readonly source: string;
}

/** What changed beside Secrets and ConfigMaps, or has not been measured. */
export const NOT_MODELLED: readonly UnmodelledChange[] = [
  {
    name: 'KMS v1 off',
    release: '1.29',
    says: 'The provider kms v1 has to be allowed by a feature gate; KMS v2 is stable',
    effect: 'The experiment says which provider there is.',
    source: 'gate KMSv1, KEP-3299',
  },
  {
    name: 'ListFromCacheSnapshot',
    release: '1.34',
    says: 'LISTs of controllers are answered from snapshots of the watch cache',
    effect: 'None for kubelets, whose LISTs read one object.',
    source: 'gate ListFromCacheSnapshot, KEP-4988',
  },
  {
    name: 'KubeletEnsureSecretPulledImages',
    release: '1.35',
    says: 'An image that is on the node is verified with the registry for pods with other pull secrets',
    effect: 'Pods wait for the registry; pulls of images are not modelled.',
    source: 'KEP-2535',
  },
  {
    name: 'WatchListCompression',
    release: '1.37',
    says: 'Streams that WatchList opened are compressed where the client accepts gzip',
    effect:
      'Fewer bytes: bytes_sent_per_s is the uncompressed size. An event of 64 KiB to such a stream takes 0.59 ms of CPU, measured, and is counted with the 0.15 of other streams; after 5 to 10 min a WATCH at a version follows, which is not compressed. The initial state is in the cost of a WatchList.',
    source: 'endpoints/handlers/watch.go, gate WatchListCompression',
  },
];
