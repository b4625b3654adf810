import type { ObjectKind } from '../cluster/model-input.js';
import type { TopologyFile } from '../cluster/topology-file.js';
import { buildTopology } from '../import/build-topology.js';
import { ClusterCollector } from '../import/cluster-collector.js';
import { KubernetesItemReader } from '../import/kubernetes-items.js';
import { rotationTargets } from '../import/object-reach.js';
import { reportedReleases } from '../import/releases.js';

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

const TARGETS_MAX = 20;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Takes in what `kubectl get nodes,pods,secrets,configmaps -A -o json` printed. No value of a Secret or ConfigMap is kept.
 * Throws an InputError where it is something else.
 */
export async function importDump(
  file: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ readonly cluster: DumpedCluster; readonly topology: TopologyFile }> {
  const collector = new ClusterCollector();
  const reader = new KubernetesItemReader(file, (kind, item, place) => collector.add(kind, item, place));
  let first = true;
  for await (const piece of pieces) {
    const marked = first && BYTE_ORDER_MARK.every((byte, index) => piece[index] === byte);
    reader.write(marked ? piece.subarray(BYTE_ORDER_MARK.length) : piece);
    first = false;
  }
  reader.end();
  const topology = buildTopology(collector);
  const releases = reportedReleases(collector.nodes.map(({ kubeletVersion }) => kubeletVersion));
  return {
    topology,
    cluster: {
      type: 'dump',
      file,
      nodes: topology.nodes.length,
      pods: topology.pods.length,
      targets: rotationTargets(topology)
        .slice(0, TARGETS_MAX)
        .map(({ object, updatablePods }) => ({
          object: `${object.namespace}/${object.name}`,
          kind: object.kind,
          pods: updatablePods,
        })),
      release: releases.kubelet,
      apiServers: collector.apiServerPods,
      warnings: releases.warnings,
    },
  };
}
