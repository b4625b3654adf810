import type { ObjectKind } from '../cluster/model/kinds.js';

/** A real cluster that was dropped on the page, as its knobs need to know it. */
export interface DumpedCluster {
  readonly type: 'dump';
  /** Of the file that was dropped. */
  readonly file: string;
  readonly nodes: number;
  readonly pods: number;
  /** Secrets that can be rotated, the one that reaches most pods first. */
  readonly targets: readonly DumpedTarget[];
  readonly release: string | null;
  /** API servers that were seen as pods; 0 where they run elsewhere. */
  readonly apiServers: number;
  /** What the user has to know, one sentence each. */
  readonly warnings: readonly string[];
}

/** A Secret of a real cluster. */
export interface DumpedTarget {
  /** `namespace/name` */
  readonly object: string;
  /** The ConfigMap of the same name makes it necessary to tell which is meant. */
  readonly kind: ObjectKind;
  /** Running pods that come to see an update. */
  readonly pods: number;
}

/** The name of the topology file in the experiment that is copied, and of the download. */
export const TOPOLOGY_FILE = 'cluster.topology.json';
