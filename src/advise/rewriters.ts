import type { ObjectHistory } from '../import/object-history.js';

/**
 * A program that writes objects again: what the keys of its annotations and labels begin with, and what it calls itself
 * in managedFields.
 */
interface Rewriter {
  readonly name: string;
  readonly key?: RegExp;
  readonly manager?: RegExp;
  readonly when: string;
}

/** Each as its own documentation and source name its annotations, labels and field managers. */
const REWRITERS: readonly Rewriter[] = [
  {
    name: 'cert-manager',
    key: /^(?:(?:controller\.)?cert-manager\.io|certmanager\.k8s\.io)\//,
    manager: /^cert-manager/,
    when: 'renews certificates',
  },
  {
    name: 'trust-manager',
    key: /^trust\.cert-manager\.io\//,
    manager: /^trust-manager/,
    when: 'follows its sources',
  },
  {
    name: 'external-secrets',
    key: /^(?:reconcile\.)?external-secrets\.io\//,
    manager: /^(?:external-secrets|externalsecrets\.external-secrets\.io)/,
    when: 'follows its store',
  },
  {
    name: 'sealed-secrets',
    key: /^sealedsecrets\.bitnami\.com\//,
    manager: /^sealed-secrets/,
    when: 'follows its SealedSecret',
  },
  {
    name: 'vault-secrets-operator',
    key: /^secrets\.hashicorp\.com\//,
    manager: /^vault-secrets-operator/,
    when: 'follows Vault',
  },
  {
    name: 'secrets-store-csi-driver',
    key: /^secrets-store\.csi\.k8s\.io\//,
    manager: /^secrets-store/,
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
    name: 'Helm',
    key: /^meta\.helm\.sh\//,
    manager: /^helm/i,
    when: 'writes it at the next upgrade',
  },
  {
    name: 'kube-controller-manager',
    manager: /^kube-controller-manager$/,
    when: 'writes it again',
  },
];

/** Which known program writes an object again, and when; null where none shows. */
export function rewriterOf({ annotations, labels, writers }: ObjectHistory): string | null {
  const found = REWRITERS.find(
    ({ key, manager }) =>
      [...annotations, ...labels].some((each) => key?.test(each)) ||
      writers?.some((writer) => manager?.test(writer.manager)),
  );
  return found === undefined ? null : `${found.name} ${found.when}`;
}
