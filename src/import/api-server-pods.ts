import { ROLE_LABELS, type Pod } from './kubernetes-schemas.js';

/** API servers of a cluster of which none is seen (assumption). */
export const API_SERVERS = 3;

const NAME = 'kube-apiserver';

/** Where a cluster's own API servers run: a management cluster has those of other clusters in other namespaces. */
const ROLES: Readonly<Record<string, string>> = {
  'kube-system': NAME,
  // Beside them run guards, installers and pruners, which have other labels.
  'openshift-kube-apiserver': 'openshift-kube-apiserver',
};

/**
 * Whether a pod is an API server of the cluster that it runs in: by its label in the namespaces of control planes
 * (kubeadm, RKE2 and Talos: `component`; kops and bootkube: `k8s-app`; OpenShift: `app`), or as a static pod, of which
 * the kubelet makes the name.
 */
export function isApiServer({ metadata, spec }: Pod): boolean {
  const { name, namespace, labels, annotations, ownerReferences } = metadata;
  const role = Object.hasOwn(ROLES, namespace) ? ROLES[namespace] : undefined;
  if (role !== undefined && ROLE_LABELS.some((label) => labels[label] === role)) return true;
  const isStatic = annotations.isMirror || ownerReferences.some(({ kind }) => kind === 'Node');
  return isStatic && name === `${NAME}-${spec.nodeName}`;
}

/** The version of an API server, as the tag of its image tells it: `v1.34.1`; empty where it does not. */
export function apiServerVersion({ spec }: Pod): string {
  const container = spec.containers.find(({ name }) => name.startsWith(NAME)) ?? spec.containers.at(0);
  return /:v?(1\.\d+\.\d+[^@]*)(?:@|$)/.exec(container?.image ?? '')?.[1] ?? '';
}
