import type { ObjectHistory } from '../object-history.js';

/**
 * A program that writes objects again: what the keys of its annotations and labels begin with, what it calls itself in
 * managedFields, and which of its resources own what it writes.
 */
export interface KnownOwner {
  readonly name: string;
  readonly key?: RegExp;
  readonly manager?: RegExp;
  /** Kinds of ownerReferences. */
  readonly resources?: readonly string[];
  /** When it writes. */
  readonly when: string;
  /** It applies what is written down in git; a part of Kubernetes itself. */
  readonly role?: 'git' | 'kubernetes';
}

/**
 * Each as its own documentation and source name its annotations, labels and field managers. Argo CD and Flux come behind
 * operators: what they apply may be an object that another one fills.
 */
const KNOWN_OWNERS: readonly KnownOwner[] = [
  {
    name: 'cert-manager',
    key: /^(?:(?:controller\.)?cert-manager\.io|certmanager\.k8s\.io)\//,
    manager: /^cert-manager/,
    resources: ['Certificate', 'CertificateRequest'],
    when: 'renews certificates',
  },
  {
    name: 'trust-manager',
    key: /^trust\.cert-manager\.io\//,
    manager: /^trust-manager/,
    resources: ['Bundle'],
    when: 'follows its sources',
  },
  {
    name: 'external-secrets',
    key: /^(?:reconcile\.)?external-secrets\.io\//,
    manager: /^(?:external-secrets|externalsecrets\.external-secrets\.io)/,
    resources: ['ExternalSecret', 'ClusterExternalSecret'],
    when: 'follows its store',
  },
  {
    name: 'sealed-secrets',
    key: /^sealedsecrets\.bitnami\.com\//,
    manager: /^sealed-secrets/,
    resources: ['SealedSecret'],
    when: 'follows its SealedSecret',
  },
  {
    name: 'vault-secrets-operator',
    key: /^secrets\.hashicorp\.com\//,
    manager: /^vault-secrets-operator/,
    resources: ['VaultStaticSecret', 'VaultDynamicSecret', 'VaultPKISecret', 'HCPVaultSecretsApp'],
    when: 'follows Vault',
  },
  {
    name: 'secrets-store-csi-driver',
    key: /^secrets-store\.csi\.k8s\.io\//,
    manager: /^secrets-store/,
    resources: ['SecretProviderClass', 'SecretProviderClassPodStatus'],
    when: 'follows its provider',
  },
  {
    name: 'reflector',
    key: /^reflector\.v1\.k8s\.emberstack\.com\//,
    when: 'mirrors another object',
  },
  {
    name: 'kubernetes-replicator',
    key: /^replicator\.v1\.mittwald\.de\//,
    manager: /^replicator/,
    when: 'copies another object',
  },
  {
    name: 'OpenShift',
    key: /^(?:service\.(?:alpha|beta)|auth)\.openshift\.io\//,
    manager: /^service-ca-operator/,
    when: 'renews certificates',
  },
  {
    name: 'Flux',
    // `kustomize.toolkit.fluxcd.io/name`, `helm.toolkit.fluxcd.io/name`: labels of what it applies.
    key: /^(?:kustomize|helm)\.toolkit\.fluxcd\.io\//,
    manager: /^(?:kustomize|helm)-controller$/,
    when: 'applies it from git',
    role: 'git',
  },
  {
    name: 'Argo CD',
    // `argocd.argoproj.io/tracking-id` and the like; a label secret-type marks settings of its own, which people write.
    key: /^argocd\.argoproj\.io\/(?!secret-type)/,
    manager: /^argocd-(?:application-)?controller$/,
    when: 'applies it from git',
    role: 'git',
  },
  {
    name: 'Helm',
    key: /^meta\.helm\.sh\//,
    manager: /^helm/i,
    when: 'writes it at the next upgrade',
  },
  {
    name: 'kube-controller-manager',
    manager: /^kube-controller-manager$/,
    when: 'writes it again',
    role: 'kubernetes',
  },
];

/** The program of a name. */
export function ownerNamed(name: string): KnownOwner | undefined {
  return KNOWN_OWNERS.find((known) => known.name === name);
}

/** The program whose resource of this kind owns what it writes. */
export function ownerOfResource(kind: string): KnownOwner | undefined {
  return KNOWN_OWNERS.find(({ resources }) => resources?.includes(kind));
}

/** Which known program writes an object again, as its metadata tell; undefined where none shows. */
export function ownerInMetadata({ annotations, labels, writers, owners }: ObjectHistory): KnownOwner | undefined {
  const keys = [...annotations, ...labels];
  if (keys.length === 0 && owners.length === 0 && (writers === null || writers.length === 0)) return undefined;
  return KNOWN_OWNERS.find(
    ({ key, manager, resources }) =>
      keys.some((each) => key?.test(each)) ||
      owners.some((kind) => resources?.includes(kind)) ||
      writers?.some((writer) => manager?.test(writer.manager)),
  );
}
