/**
 * Kinds that messages may name: of Kubernetes and of what is found beside it. Any other text may be something else, for a
 * file that was given by mistake may hold anything.
 */
const KNOWN: ReadonlySet<string> = new Set([
  ...[
    'CertificateSigningRequest',
    'ClusterTrustBundle',
    'ClusterRole',
    'ClusterRoleBinding',
    'ConfigMap',
    'CronJob',
    'CustomResourceDefinition',
  ],
  ...['DaemonSet', 'Deployment', 'Endpoints', 'EndpointSlice', 'Event', 'HorizontalPodAutoscaler', 'Ingress', 'Job'],
  ...['Lease', 'List', 'LimitRange', 'Namespace', 'NetworkPolicy', 'Node', 'PersistentVolume', 'PersistentVolumeClaim'],
  ...[
    'Pod',
    'PodCertificateRequest',
    'PodDisruptionBudget',
    'PodTemplate',
    'ReplicaSet',
    'ReplicationController',
    'ResourceQuota',
    'Role',
  ],
  ...['RoleBinding', 'Secret', 'Service', 'ServiceAccount', 'StatefulSet', 'Status', 'StorageClass', 'TokenReview'],
  ...['Backup', 'Config', 'ControllerConfig', 'ExternalSecret', 'Kustomization', 'SealedSecret', 'Table', 'WatchEvent'],
  ...['Cluster', 'ClusterConfig', 'ClusterConfiguration', 'InitConfiguration', 'InstanceGroup', 'JoinConfiguration'],
  ...['KubeProxyConfiguration', 'KubeletConfig', 'KubeletConfiguration', 'MachineConfig', 'NodeConfig'],
  ...[
    'Bundle',
    'Certificate',
    'ClusterExternalSecret',
    'SecretProviderClass',
    'VaultDynamicSecret',
    'VaultStaticSecret',
  ],
  ...['Experiment', 'Topology'],
]);

/** Kinds that hold a kubelet's settings. */
const OF_KUBELETS = ['InitConfiguration', 'JoinConfiguration', 'KubeletConfig', 'KubeletConfiguration', 'NodeConfig'];

/** `of kind Deployment`, as far as a kind may be named. */
export function kindText(kind: string): string {
  return KNOWN.has(kind) ? `of kind ${kind}` : 'of another kind';
}

/** What to do with a kind that is given as a cluster by mistake; empty where nothing comes to mind. */
export function kindHint(kind: string): string {
  if (OF_KUBELETS.includes(kind)) return '; give it as --kubelet FILE';
  if (kind === 'Experiment') return '; an experiment is run, not read as a cluster';
  if (kind === 'Topology') return '; a topology is what import writes: an experiment names it';
  return kind === 'Table' ? '; ask kubectl for -o json' : '';
}
