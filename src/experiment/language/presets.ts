import type { ClusterInput, KubeletInput } from './cluster-schema.js';
import type { ObjectClassInput } from './object-class-schema.js';

/** What a preset says: it has no timeline. */
interface PresetSpec {
  readonly cluster: ClusterInput;
  readonly kubelet?: KubeletInput;
  readonly objects: ObjectClassInput[];
}

/** A built-in cluster: a base that an experiment is laid on. */
export interface Preset {
  readonly name: string;
  readonly description: string;
  /** Where the counts come from; what nobody has published is called an assumption. */
  readonly source: string;
  readonly spec: PresetSpec;
}

/** One Secret and one ConfigMap per deployment, as most of the presets have them. */
function perDeployment(immutable: number, size: string | number = '4Ki'): ObjectClassInput[] {
  return [
    { name: 'app-tls', kind: 'Secret', scope: 'deployment', size, immutable },
    { name: 'app-config', kind: 'ConfigMap', scope: 'deployment', size, immutable },
  ];
}

const OWN_SECRET: ObjectClassInput = { name: 'own-secret', kind: 'Secret', scope: 'pod' };
const OWN_CONFIG: ObjectClassInput = { name: 'own-config', kind: 'ConfigMap', scope: 'pod' };
const CA_BUNDLE: ObjectClassInput = { name: 'ca-bundle', kind: 'Secret', scope: 'cluster' };

/** The load test of SIG Scalability; 10 pods per deployment stand for its sizes 250, 30 and 5. */
function sigLoadTest(immutable: number): PresetSpec {
  return {
    cluster: { nodes: 5000, podsPerNode: 30, namespaces: 10_000, deploymentReplicas: 10 },
    objects: perDeployment(immutable, 12),
  };
}

const SIG_SOURCE =
  'SIG Scalability load test: 150,000 pods, about 15,000 Secrets and 15,000 ConfigMaps of 12 bytes, 10,000 namespaces; ' +
  'its deployments of 250, 30 and 5 pods (1/4, 1/4, 1/2) become 15,000 of 10 pods, which gives both counts';

/** 30 pods a node, each with objects of its own. */
function ownObjects(nodes: number): PresetSpec {
  return {
    cluster: { nodes, podsPerNode: 30, namespaces: 100, deploymentReplicas: 30 },
    objects: [OWN_SECRET, OWN_CONFIG, CA_BUNDLE],
  };
}

/** The built-in clusters, small ones first. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'kind-3',
    description: '3 nodes × 10 pods: a cluster on a laptop',
    source: 'assumption',
    spec: {
      cluster: { nodes: 3, podsPerNode: 10, namespaces: 5, deploymentReplicas: 3, apiServers: 1 },
      objects: perDeployment(0),
    },
  },
  {
    name: 'small-100',
    description: '100 nodes × 30 pods: the largest cluster in which the TTL controller sets 0 s',
    source: 'TTL controller, kubernetes/kubernetes pkg/controller/ttl; objects: assumption',
    spec: {
      cluster: { nodes: 100, podsPerNode: 30, namespaces: 50, deploymentReplicas: 10 },
      objects: [...perDeployment(0), CA_BUNDLE],
    },
  },
  {
    name: 'ibm-105',
    description: '105 nodes × 124 pods, 8,000 Secrets, 12,000 ConfigMaps, 3 API servers',
    source: 'kubernetes/kubernetes#90725; one object per pod and 200 namespaces: assumption',
    spec: {
      cluster: { kubernetesVersion: '1.20', nodes: 105, podsPerNode: 124, namespaces: 200, deploymentReplicas: 3 },
      objects: [
        { ...OWN_SECRET, podFraction: 0.6144 },
        { ...OWN_CONFIG, podFraction: 0.9217 },
      ],
    },
  },
  {
    name: 'openshift-250',
    description: '250 nodes × 40 pods, 16,500 mounted Secrets, read by GET (220/s were seen)',
    source: 'kubernetes/kubernetes#49684; 16,500 of the 10,000–20,000 reported, tokens among them',
    spec: {
      cluster: {
        kubernetesVersion: '1.20',
        serviceAccountMaterial: 'none',
        nodes: 250,
        podsPerNode: 40,
        namespaces: 500,
        deploymentReplicas: 2,
      },
      kubelet: { configMapAndSecretChangeDetectionStrategy: 'Cache' },
      objects: [
        { ...OWN_SECRET, size: 5000 },
        { name: 'own-token', kind: 'Secret', scope: 'pod', podFraction: 0.65, size: 5000 },
      ],
    },
  },
  {
    name: 'csi-250',
    description: '250 nodes × 69 pods, 3,450 Secrets, two per pod',
    source: 'load test of secrets-store-csi-driver: 250 nodes, 17,250 pods, 3,500 Secrets; sharing: assumption',
    spec: {
      cluster: { nodes: 250, podsPerNode: 69, namespaces: 50, deploymentReplicas: 10 },
      objects: [{ name: 'synced-secret', kind: 'Secret', scope: 'deployment', count: 2 }],
    },
  },
  {
    name: 'hcp-348',
    description: '348 nodes × 38 pods: 440 hosted control planes with many Secrets each',
    source: 'openshift/hypershift#306 (348 nodes, 440 control planes); pods and objects: assumption',
    spec: {
      cluster: { nodes: 348, podsPerNode: 38, namespaces: 440, deploymentReplicas: 3 },
      objects: [
        { name: 'control-plane-tls', kind: 'Secret', scope: 'deployment', count: 4 },
        { name: 'control-plane-config', kind: 'ConfigMap', scope: 'deployment', count: 2 },
      ],
    },
  },
  {
    name: 'jobs-1node',
    description: 'one node with 400 jobs, each with its own ConfigMap: more watches than HTTP/2 streams',
    source: 'kubernetes/kubernetes#74412 (seen at 1.12; simulated at 1.20, the oldest release here)',
    spec: {
      cluster: {
        kubernetesVersion: '1.20',
        nodes: 1,
        podsPerNode: 400,
        namespaces: 1,
        deploymentReplicas: 1,
        apiServers: 1,
      },
      objects: [OWN_CONFIG],
    },
  },
  {
    name: 'sig-5000',
    description: '5,000 nodes × 30 pods, 15,000 Secrets and 15,000 ConfigMaps, 90 % immutable',
    source: SIG_SOURCE,
    spec: sigLoadTest(0.9),
  },
  {
    name: 'sig-5000-all-mutable',
    description: 'sig-5000 with no immutable object',
    source: SIG_SOURCE,
    spec: sigLoadTest(0),
  },
  {
    name: 'own-5000',
    description: '5,000 nodes × 30 pods, each with its own Secret and ConfigMap; 600,000 consumers',
    source: 'assumption: the worst case of sharing at the size that Kubernetes supports',
    spec: ownObjects(5000),
  },
  {
    name: 'ai-7500x1',
    description: '7,500 nodes × 1 pod: training of large models',
    source: 'OpenAI, 7,500 nodes with about one pod each; objects: assumption',
    spec: {
      cluster: { nodes: 7500, podsPerNode: 1, namespaces: 100, deploymentReplicas: 75 },
      objects: [OWN_SECRET, OWN_CONFIG],
    },
  },
  {
    name: 'gke-15k',
    description: '15,000 nodes × 10 pods',
    source: 'GKE supports 15,000 nodes; pods and objects: assumption',
    spec: {
      cluster: { nodes: 15_000, podsPerNode: 10, namespaces: 100, deploymentReplicas: 30 },
      objects: [OWN_SECRET, OWN_CONFIG],
    },
  },
  {
    name: 'arktos-25k',
    description: '25,000 nodes × 30 pods, 750,000 Secret watches',
    source: 'CentaurusInfra/arktos#1170; namespaces: assumption',
    spec: {
      cluster: { nodes: 25_000, podsPerNode: 30, namespaces: 100, deploymentReplicas: 30 },
      objects: [OWN_SECRET],
    },
  },
  {
    name: 'gke-65k',
    description: '65,000 nodes × 1 pod with two objects',
    source: 'GKE supports 65,000 nodes; pods and objects: assumption',
    spec: {
      cluster: { nodes: 65_000, podsPerNode: 1, namespaces: 100, deploymentReplicas: 65 },
      objects: [OWN_SECRET, OWN_CONFIG],
    },
  },
  {
    name: 'eks-100k',
    description: '100,000 nodes × 4 pods with two objects',
    source: 'EKS supports 100,000 nodes; pods and objects: assumption',
    spec: {
      cluster: { nodes: 100_000, podsPerNode: 4, namespaces: 100, deploymentReplicas: 40 },
      objects: [OWN_SECRET, OWN_CONFIG],
    },
  },
  {
    name: 'own-100k',
    description: '100,000 nodes × 30 pods, each with its own Secret and ConfigMap; 12 million consumers',
    source: 'assumption: own-5000 at the largest cluster that a vendor supports',
    spec: ownObjects(100_000),
  },
];

/** The names of the built-in clusters. */
export const PRESET_NAMES: readonly string[] = PRESETS.map(({ name }) => name);

/** The preset of this name; undefined where there is none. */
export function findPreset(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name);
}
