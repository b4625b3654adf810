/**
 * Labels by which platforms name the pool of a node, the more special first: Karpenter, GKE, EKS and eksctl, AKS, kops,
 * Gardener, DigitalOcean, IBM, Alibaba, Linode, Scaleway, OVHcloud; the last is a common one of one's own.
 */
export const NODE_POOL_LABELS = [
  'karpenter.sh/nodepool',
  'cloud.google.com/gke-nodepool',
  'eks.amazonaws.com/nodegroup',
  'alpha.eksctl.io/nodegroup-name',
  'kubernetes.azure.com/agentpool',
  'kops.k8s.io/instancegroup',
  'worker.gardener.cloud/pool',
  'doks.digitalocean.com/node-pool',
  'ibm-cloud.kubernetes.io/worker-pool-name',
  'alibabacloud.com/nodepool-id',
  'lke.linode.com/pool-id',
  'k8s.scaleway.com/pool-name',
  'nodepool',
  'node.kubernetes.io/nodepool',
];

/** A label's value as Kubernetes has it (`IsValidLabelValue`), and not empty. */
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** The pool of a node: the value of the first of `names` that it has as a label; undefined where it has none. */
export function nodePool(
  labels: Readonly<Record<string, unknown>> | null | undefined,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = labels?.[name];
    if (typeof value === 'string' && LABEL_VALUE.test(value)) return value;
  }
  return undefined;
}
