import type { TopologyFile } from '../cluster/model/topology-file.js';
import { buildTopology } from '../import/build-topology.js';
import { ASSUMED_SIZE_BYTES } from '../import/assumed-size.js';
import { ClusterCollector } from '../import/cluster-collector.js';
import { clusterNotes } from '../import/cluster-notes.js';
import { KubernetesItemReader } from '../import/kubernetes-items.js';
import { rotationTargets } from '../import/object-reach.js';
import { releaseFields, reportedReleases } from '../import/reported-releases.js';
import type { DumpedCluster } from './dumped-cluster.js';

/** The page has no field for it. */
const SIZE_OPTION = 'secretsim import takes another with --assume-size';

/** Secrets that the page offers for rotation. */
const TARGETS_MAX = 20;

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Takes in what `kubectl get nodes,pods,secrets,configmaps -A -o json` printed, or another form that `import` reads. No value of a Secret or ConfigMap is kept.
 * Throws an InputError where it is something else.
 */
export async function importDump(
  file: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ readonly cluster: DumpedCluster; readonly topology: TopologyFile }> {
  const collector = new ClusterCollector();
  const reader = new KubernetesItemReader(file, collector);
  let first = true;
  for await (const piece of pieces) {
    const marked = first && BYTE_ORDER_MARK.every((byte, index) => piece[index] === byte);
    reader.write(marked ? piece.subarray(BYTE_ORDER_MARK.length) : piece);
    first = false;
  }
  const tally = reader.end();
  const collected = collector.collected();
  const { topology, assumptions } = buildTopology(collected, ASSUMED_SIZE_BYTES);
  const releases = reportedReleases(
    collected.nodes.map(({ kubeletVersion }) => kubeletVersion),
    collected.apiServerVersions,
  );
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
      release: releaseFields(releases).kubernetesVersion ?? null,
      apiServers: collected.apiServerPods,
      warnings: [...releases.warnings, ...clusterNotes({ tally, collected, assumptions, sizeOption: SIZE_OPTION })],
    },
  };
}
