import type { ObjectHistory } from '../import/object-history.js';

/** A program that writes objects again: what its annotations begin with, and what it calls itself in managedFields. */
interface Rewriter {
  readonly name: string;
  readonly annotation?: RegExp;
  readonly manager?: RegExp;
  readonly when: string;
}

/** Each as its own documentation and source name its annotations and field managers. */
const REWRITERS: readonly Rewriter[] = [
  {
    name: 'cert-manager',
    annotation: /^cert-manager\.io\//,
    manager: /^cert-manager/,
    when: 'renews certificates',
  },
  {
    name: 'trust-manager',
    annotation: /^trust\.cert-manager\.io\//,
    manager: /^trust-manager/,
    when: 'follows its sources',
  },
  {
    name: 'external-secrets',
    annotation: /^(?:reconcile\.)?external-secrets\.io\//,
    manager: /^(?:external-secrets|externalsecrets\.external-secrets\.io)/,
    when: 'follows its store',
  },
  {
    name: 'sealed-secrets',
    annotation: /^sealedsecrets\.bitnami\.com\//,
    manager: /^sealed-secrets/,
    when: 'follows its SealedSecret',
  },
  {
    name: 'vault-secrets-operator',
    annotation: /^secrets\.hashicorp\.com\//,
    manager: /^vault-secrets-operator/,
    when: 'follows Vault',
  },
  {
    name: 'reflector',
    annotation: /^reflector\.v1\.k8s\.emberstack\.com\//,
    when: 'mirrors another object',
  },
  {
    name: 'kubernetes-replicator',
    annotation: /^replicator\.v1\.mittwald\.de\//,
    manager: /^replicator/,
    when: 'copies another object',
  },
  {
    name: 'OpenShift',
    annotation: /^(?:service\.(?:alpha|beta)|auth)\.openshift\.io\//,
    manager: /^service-ca-operator/,
    when: 'renews certificates',
  },
  {
    name: 'Helm',
    annotation: /^meta\.helm\.sh\//,
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
export function rewriterOf({ annotations, writers }: ObjectHistory): string | null {
  const found = REWRITERS.find(
    ({ annotation, manager }) =>
      annotations.some((key) => annotation?.test(key)) || writers?.some((writer) => manager?.test(writer.manager)),
  );
  return found === undefined ? null : `${found.name} ${found.when}`;
}
