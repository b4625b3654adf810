import type { TopologyFile } from '../cluster/model/topology-file.js';
import { ASK_KUBECTL } from '../import/cluster-files.js';
import type { ObjectHistory } from '../import/object-history.js';
import { driverLines } from '../import/owner-summary.js';
import type { Ownership } from '../import/owners/ownership.js';
import { readCluster } from '../import/read-cluster.js';
import { type ReleaseFields, releaseFields } from '../import/reported-releases.js';

/** A real cluster with the history of its objects. */
export interface Dump {
  readonly topology: TopologyFile;
  /** Of each object of the topology, in its order; undefined for those that are not in the input. */
  readonly histories: readonly (ObjectHistory | undefined)[];
  /** Who writes each object again, in the same order; null where nothing tells. */
  readonly owners: readonly (Ownership | null)[];
  /** The newest time in the dump, ms since 1970; null where it tells none. */
  readonly newestAt: number | null;
  readonly kubeletRelease: string | null;
  /** Releases as an experiment gives them. */
  readonly releases: ReleaseFields;
  /** API servers that were seen as pods; 0 where they run elsewhere. */
  readonly apiServerPods: number;
  /** What the user has to know, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads a dump: files that `kubectl get … -o json` wrote (`-`: standard input; gzip or not), or folders of such files.
 * No value of a Secret, ConfigMap, annotation or label is kept.
 * Throws an InputError where the input is something else.
 * @param sizeBytes bytes of objects whose size is not known
 */
export async function readDump(paths: readonly string[], sizeBytes: number): Promise<Dump> {
  const { topology, collected, releases, notes } = await readCluster(paths, sizeBytes);
  const { objects, owners, newestAt, apiServerPods } = collected;
  const known = new Map(objects.map((object) => [keyOf(object), object]));
  const untold = objects.filter(({ history }) => history.writers === null).length;
  return {
    topology,
    histories: topology.objects.map((object) => known.get(keyOf(object))?.history),
    owners: topology.objects.map((object) => known.get(keyOf(object))?.ownership ?? null),
    newestAt: Number.isFinite(newestAt) ? newestAt : null,
    kubeletRelease: releases.kubelet,
    releases: releaseFields(releases),
    apiServerPods,
    warnings: [
      ...notes,
      ...(untold === 0 ? [] : [withoutFields(untold, objects.length)]),
      ...driverLines(owners).map((line) => `${line}; no API server holds them, so that there is nothing to mark`),
    ],
  };
}

function withoutFields(untold: number, all: number): string {
  return (
    `${untold === all ? 'no object' : `${untold} of ${all} objects`} in the input ${untold === all ? 'has' : 'have no'} ` +
    `managedFields, which kubectl leaves out from 1.21 on: who wrote them and when is not known; ask for them: ${ASK_KUBECTL}`
  );
}

function keyOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}) {
  return `${kind}/${namespace}/${name}`;
}
