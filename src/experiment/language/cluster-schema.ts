import * as z from 'zod';
import { STRATEGY_NAMES } from '../../cluster/kubelet/secret-manager/strategies.js';
import { KUBELET_DEFAULTS } from '../../cluster/model/switches/kubelet.js';
import type { Quantity } from '../../cluster/model/switches/switch.js';
import { NEWEST_RELEASE, RELEASES } from '../../cluster/model/versions.js';
import { CLUSTER_COUNTS, NODES_MAX } from './cluster-counts.js';
import { behavioursSchema } from './behaviours-schema.js';
import {
  count,
  durationField,
  NODE_TTL_SECONDS_MAX,
  numberField,
  TEXT_TITLE,
  textField,
  wholeNumberField,
} from './values/fields.js';

/** More controllers than any cluster has that watch all of its Secrets. */
const CLUSTER_WATCHERS_MAX = 1000;

const release = (description: string) => z.enum(RELEASES).meta({ title: TEXT_TITLE, description });

/** `spec.cluster` */
export const clusterSchema = z.strictObject({
  kubernetesVersion: release('Release of the API servers. Choice of this program.').default(NEWEST_RELEASE),
  kubeletVersion: release(
    'Release of the kubelets; default: kubernetesVersion. Assumption: upgraded together.',
  ).optional(),
  serviceAccountMaterial: z
    .enum(['auto', 'none'])
    .default('auto')
    .describe(
      'What every pod mounts by release: token Secret (≤1.20) or kube-root-ca.crt (≥1.21). Source: gate BoundServiceAccountTokenVolume.',
    ),
  nodes: count('Nodes. Source: the most that Kubernetes supports.', NODES_MAX, 'no cluster of more nodes is known')
    .optional()
    .meta({ default: CLUSTER_COUNTS.nodes }),
  podsPerNode: count(
    'Pods on each node. Source: load test of SIG Scalability.',
    1000,
    'twice the most that was ever tested',
  )
    .optional()
    .meta({ default: CLUSTER_COUNTS.podsPerNode }),
  namespaces: count('Namespaces that the deployments are dealt to. Assumption.', 1_000_000)
    .optional()
    .meta({ default: CLUSTER_COUNTS.namespaces }),
  deploymentReplicas: count('Pods of one deployment, spread over nodes. Assumption.', 1_000_000)
    .optional()
    .meta({ default: CLUSTER_COUNTS.deploymentReplicas }),
  apiServers: count(
    'API servers; nodes are dealt to them at random. Assumption: a control plane that survives the loss of one.',
    100,
  ).default(3),
  clusterWatchers: z
    .union([
      wholeNumberField({ min: 0, max: CLUSTER_WATCHERS_MAX }),
      z.strictObject({
        secrets: wholeNumberField({ min: 0, max: CLUSTER_WATCHERS_MAX }).default(0).describe('Of all Secrets.'),
        configMaps: wholeNumberField({ min: 0, max: CLUSTER_WATCHERS_MAX }).default(0).describe('Of all ConfigMaps.'),
      }),
    ])
    .optional()
    .describe(
      'Controllers and operators that watch all Secrets and all ConfigMaps of the cluster: a number of them, or of each kind. Every event goes to each, they count in the seats of every write, and read everything anew where a restarted server does not reach back to what they know. Default none; kube-controller-manager alone has two (garbage collector, quota). Assumption.',
    ),
  behaviours: behavioursSchema.default({}),
  topology: textField({
    description: 'Topology file of a real cluster as import wrote it, relative to this file; in place of counts.',
  }).optional(),
  scale: numberField({ min: 1, max: NODES_MAX })
    .optional()
    .describe(
      'Times as many nodes as the topology has, of the same make: copies of its nodes with their pods. Workloads get ' +
        'more replicas; what they share stays one object, what is a single pod’s or node’s own is copied. Default 1. Choice of this program.',
    ),
  topologyHash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'a hash is written as sha256: and 64 hexadecimal digits')
    .optional()
    .describe('SHA-256 of the topology file, as import writes it: another file is refused.'),
});

const adaptiveTTL = z.strictObject({
  factor: numberField({ min: 0, max: 10 })
    .default(0.2)
    .describe("Share of the object's age when it was fetched. Assumption."),
  min: durationField({ max: '24h', example: '10s', description: 'The shortest life of an entry. Assumption.' }).default(
    '10s',
  ),
  max: durationField({ max: '24h', example: '10m', description: 'The longest. Assumption.' }).default('10m'),
});

const whatIf = z
  .strictObject({
    syncOnWatchEvent: z
      .boolean()
      .default(false)
      .describe('Watch: an event syncs the pods that read its object at once (PR 104309, closed).'),
    watchPerNode: z.boolean().default(false).describe('Watch: one watch per node and kind instead of one per object.'),
    adaptiveTTL: z
      .union([z.literal('off'), adaptiveTTL])
      .default('off')
      .describe('Cache: an entry lives for a share of the age of its object (Gwertzman and Seltzer 1996).'),
    watchOnlyWhatUpdates: z
      .boolean()
      .default(false)
      .describe('Watch: objects used only as env or subPath are listed, but not watched.'),
  })
  .describe('Behaviours that Kubernetes never merged. Source: off in every release.');

/** `spec.cluster` as it may be written. */
export type ClusterInput = z.input<typeof clusterSchema>;

/** A field whose default changed between releases. */
function byRelease(what: string, { by, unit, source }: Quantity) {
  const [[, first], ...later] = by;
  const steps = later.map(([from, value]) => `, from ${from} on ${value}`).join('');
  return count(`${what}; default by release: ${first}${steps}. Source: ${source}.`, 1_000_000)
    .optional()
    .meta({ unit });
}

/** `spec.kubelet`: fields of KubeletConfiguration and constants of the kubelet. */
export const kubeletSchema = z.strictObject({
  syncFrequency: durationField({
    min: '1s',
    max: '24h',
    example: '1m',
    why: 'the kubelet looks for due pods once a second',
    description: 'A pod is synced again after U[1,1.5) times this. Source: KubeletConfiguration.',
  }).default('1m'),
  configMapAndSecretChangeDetectionStrategy: z
    .enum(STRATEGY_NAMES)
    .default('Watch')
    .describe('How the kubelet learns of changes. Source: KubeletConfiguration.'),
  kubeAPIQPS: byRelease('Requests per second', KUBELET_DEFAULTS.kubeAPIQPS),
  kubeAPIBurst: byRelease('Requests at once', KUBELET_DEFAULTS.kubeAPIBurst),
  nodeTTL: durationField({
    words: ['auto', 'unset'],
    max: `${NODE_TTL_SECONDS_MAX / 3600}h`,
    example: 'auto',
    description:
      'Annotation node.alpha.kubernetes.io/ttl: auto (TTL controller), unset (60s applies) or a duration. Source: pkg/controller/ttl, secret_manager.go.',
  }).default('auto'),
  workerResyncIntervalJitterFactor: numberField({ min: 0, max: 10 })
    .default(0.5)
    .describe('A resync interval is syncFrequency × (1 + factor × U[0,1)). Source: pod_workers.go.'),
  syncTickerPeriod: durationField({
    max: '1m',
    example: '1s',
    description: 'How often due pods are looked for; 0s: at once. Source: kubelet.go syncLoop.',
  }).default('1s'),
  populatorLoopSleepPeriod: durationField({
    max: '1m',
    example: '100ms',
    description: 'Desired-state populator loop; 0s: at once. Source: volume_manager.go.',
  }).default('100ms'),
  reconcilerLoopSleepPeriod: durationField({
    max: '1m',
    example: '100ms',
    description: 'Reconciler loop; 0s: at once. Source: volume_manager.go.',
  }).default('100ms'),
  syncPodDuration: durationField({
    max: '1m',
    example: '5ms',
    description: 'Start to end of a sync that finds nothing to do. Assumption.',
  }).default('5ms'),
  volumeWriteDuration: durationField({
    max: '1m',
    example: '1ms',
    description: 'AtomicWriter: new files written and swapped in. Assumption.',
  }).default('1ms'),
  podTermination: durationField({
    max: '24h',
    example: '30s',
    description:
      'From SIGTERM until the containers of a pod have stopped and its volumes are unmounted: for so long its kubelet keeps the objects that it references, and does not write new content. Default 1s: an application that obeys (assumption); terminationGracePeriodSeconds (30 s) is the upper bound, unless the pod hangs.',
  }).optional(),
  whatIf: whatIf.prefault({}),
});

/** `spec.kubelet` as it may be written. */
export type KubeletInput = z.input<typeof kubeletSchema>;
