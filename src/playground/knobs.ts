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
  readonly release: string;
  readonly apiServers: number;
  /** Of the objects that are not rotated; of clusters made from counts. */
  readonly immutableShare: number;
  readonly nodes: number;
  readonly podsPerNode: number;
  /** A class of objects, or `namespace/name` in an imported cluster. */
  readonly rotated: string;
  readonly way: Way;
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

/** Values that the page offers. */
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
      release: cluster.kubernetesVersion ?? NEWEST_RELEASE,
      apiServers: cluster.apiServers ?? 3,
      immutableShare: Math.max(0, ...shares),
      nodes: cluster.nodes ?? CLUSTER_COUNTS.nodes,
      podsPerNode: cluster.podsPerNode ?? CLUSTER_COUNTS.podsPerNode,
      rotated: SHARED_SECRET.name,
      way: 'inPlace',
      seed: '1',
    },
  };
}
