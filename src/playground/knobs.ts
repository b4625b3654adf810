import type { Strategy } from '../cluster/kubelet/secret-manager/strategies.js';
import type { ObjectKind } from '../cluster/model/kinds.js';
import { NEWEST_RELEASE, RELEASES } from '../cluster/model/versions.js';
import { CLUSTER_COUNTS } from '../experiment/language/cluster-counts.js';
import type { Preset } from '../experiment/language/presets.js';

/** What the page lets its user move. Times are durations as an experiment writes them. */
export interface Knobs {
  readonly strategy: Strategy;
  readonly syncFrequency: string;
  /** `auto`, `unset` or a duration. */
  readonly nodeTTL: string;
  /** Of the kubelet's client; null: the release's own. */
  readonly kubeAPIQPS: number | null;
  readonly kubeAPIBurst: number | null;
  readonly release: string;
  /** A release that is simulated beside it; `none`. */
  readonly comparedRelease: string;
  readonly apiServers: number;
  readonly restart: Restart;
  /** Of the objects that are not rotated; of clusters made from counts. */
  readonly immutableShare: number;
  readonly nodes: number;
  readonly podsPerNode: number;
  /** A class of objects, or `namespace/name` in an imported cluster. */
  readonly rotated: string;
  readonly way: Way;
  /** How often a source such as External Secrets polls the vault, and applications look at their files; or `none`. */
  readonly refreshInterval: string;
  readonly reloadInterval: string;
  /** As `spec.slos` has it; empty: none. */
  readonly slo: string;
  readonly replications: number;
  readonly seed: string;
}

/** A class of objects that can be rotated. */
export interface RotatableClass {
  readonly name: string;
  readonly kind: ObjectKind;
  readonly scope: 'cluster' | 'namespace' | 'deployment' | 'node' | 'pod';
  readonly count: number;
}

/** A built-in cluster, as the page starts from it. */
export interface PresetCluster {
  readonly type: 'preset';
  readonly name: string;
  readonly description: string;
  readonly classes: readonly RotatableClass[];
  readonly namespaces: number;
  readonly deploymentReplicas: number;
  readonly start: Knobs;
}

/** The first shows within a second or two what the others make sure. */
const START_REPLICATIONS = 4;

/** The one Secret that every pod mounts: presets without such a class get it, so that every cluster has something to rotate. */
export const SHARED_SECRET: RotatableClass = { name: 'ca-bundle', kind: 'Secret', scope: 'cluster', count: 1 };

/** Ways to rotate that the page offers, and what it calls them. */
export const WAYS = {
  inPlace: 'in place: the files of running pods follow',
  restart: 'in place, and pods are restarted 5 s later (Reloader)',
  newName: 'by a new name, and a rollout',
  recreate: 'deleted and created again',
} as const;
export type Way = keyof typeof WAYS;

/** Restarts of API servers that the page offers, and what it calls them. */
export const RESTARTS = {
  none: 'none restarts',
  rolling: 'all, one after another, 30 s apart',
  together: 'all at once',
  one: 'one of them',
} as const;
export type Restart = keyof typeof RESTARTS;

/** What stands for a knob that is not used. */
export const NONE = 'none';

/** Values that the page offers. */
export const REPLICATIONS_MAX = 100;
export const CLIENT_LIMIT_MAX = 1_000_000;
export const REFRESH_INTERVALS = [NONE, '15s', '1m', '5m', '15m', '1h'] as const;
export const RELOAD_INTERVALS = [NONE, '10s', '30s', '1m', '5m', '15m'] as const;
export const SYNC_FREQUENCIES = ['5s', '10s', '20s', '30s', '1m', '2m', '5m', '10m'] as const;
export const NODE_TTLS = ['auto', 'unset', '0s', '15s', '30s', '1m', '5m'] as const;
export { RELEASES };

/** The preset with the values of its knobs. */
export function clusterOfPreset({ name, description, spec }: Preset): PresetCluster {
  const { cluster, kubelet = {}, objects } = spec;
  const classes = objects.map(({ name: own, kind, scope, count = 1 }): RotatableClass => ({
    name: own,
    kind,
    scope,
    count,
  }));
  const shares = objects.map(({ immutable = 0 }) => Number(immutable));
  return {
    type: 'preset',
    name,
    description,
    classes: classes.some((each) => each.name === SHARED_SECRET.name) ? classes : [...classes, SHARED_SECRET],
    namespaces: cluster.namespaces ?? CLUSTER_COUNTS.namespaces,
    deploymentReplicas: cluster.deploymentReplicas ?? CLUSTER_COUNTS.deploymentReplicas,
    start: {
      strategy: kubelet.configMapAndSecretChangeDetectionStrategy ?? 'Watch',
      syncFrequency: kubelet.syncFrequency ?? '1m',
      nodeTTL: kubelet.nodeTTL ?? 'auto',
      kubeAPIQPS: kubelet.kubeAPIQPS ?? null,
      kubeAPIBurst: kubelet.kubeAPIBurst ?? null,
      release: cluster.kubernetesVersion ?? NEWEST_RELEASE,
      comparedRelease: NONE,
      apiServers: cluster.apiServers ?? 3,
      restart: 'none',
      immutableShare: Math.max(0, ...shares),
      nodes: cluster.nodes ?? CLUSTER_COUNTS.nodes,
      podsPerNode: cluster.podsPerNode ?? CLUSTER_COUNTS.podsPerNode,
      rotated: SHARED_SECRET.name,
      way: 'inPlace',
      refreshInterval: NONE,
      reloadInterval: NONE,
      slo: '',
      replications: START_REPLICATIONS,
      seed: '1',
    },
  };
}
