import type { TopologyFile } from '../cluster/model/topology-file.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { buildTopology, type Assumptions } from './build-topology.js';
import { ClusterCollector, type CollectedCluster } from './cluster-collector.js';
import { clusterNotes } from './cluster-notes.js';
import type { ItemTally } from './item-sink.js';
import { readClusterFiles, type ReadFiles } from './read-items.js';
import { reportedReleases, type ReportedReleases } from './reported-releases.js';

/** A real cluster as its files tell it. */
export interface ReadCluster {
  readonly topology: TopologyFile;
  readonly collected: CollectedCluster;
  readonly assumptions: Assumptions;
  readonly tally: ItemTally;
  /** Files of folders that were passed over. */
  readonly otherFiles: number;
  readonly releases: ReportedReleases;
  /** What the user has to know of it, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads a cluster from files and folders: `-` is standard input. No value of a Secret, ConfigMap, annotation or label is
 * kept. Throws an InputError where the input is something else.
 * @param sizeBytes bytes of objects whose size is not known
 * @param poolLabels labels that name the pool of a node; default: those of well-known platforms
 */
export async function readCluster(
  paths: readonly string[],
  sizeBytes: number,
  poolLabels?: readonly string[],
): Promise<ReadCluster> {
  const collector = new ClusterCollector(poolLabels);
  const read = await readClusterFiles(paths, collector);
  const collected = collector.collected();
  const { tally, otherFiles, unreadable } = read;
  if (tally.items === 0 && unreadable.length > 0) throw new InputError([unreadable[0]]);
  const { topology, assumptions } = buildTopology(collected, sizeBytes);
  const releases = reportedReleases(
    collected.nodes.map(({ kubeletVersion }) => kubeletVersion),
    collected.apiServerVersions,
  );
  const told = clusterNotes({ tally, collected, assumptions, sizeOption: '--assume-size' });
  const notes = [...releases.warnings, ...fileNotes(read), ...told];
  return { topology, collected, assumptions, tally, otherFiles: otherFiles + unreadable.length, releases, notes };
}

function fileNotes({ otherFiles, unreadable }: ReadFiles): string[] {
  const count = unreadable.length;
  const others = count > 1 ? `; ${count - 1} more files are passed over for such reasons` : '';
  return [
    ...(otherFiles === 0 ? [] : [`${otherFiles} files of the folder hold no objects of the cluster: passed over`]),
    ...(count === 0 ? [] : [`${unreadable[0]}: passed over${others}`]),
  ];
}
